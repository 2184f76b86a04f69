package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const before = "# Reliability\n\n" + from + "\nan old table\n" + to + "\nThe rest.\n"

// took is the last column of the table: any time, on a busy machine.
var took = regexp.MustCompile(`\| [0-9hms]+ \|\n`)

// place creates a root with a document. document returns its current text, without the times.
func place(t *testing.T) (root string, document func() string) {
	root = t.TempDir()
	path := filepath.Join(root, "docs", "reliability.md")
	require.NoError(t, os.Mkdir(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(before), 0o600))
	return root, func() string {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return took.ReplaceAllString(string(text), "| - |\n")
	}
}

func sh(what, script string) row {
	return row{what: what, often: "once", args: []string{"sh", "-c", script}}
}

func TestRowThatFailsMarksTheTableAndFailsTheRun(t *testing.T) {
	root, document := place(t)
	err := soak(t.Context(), root, []row{sh("good", "true"), sh("bad", "exit 1"), sh("fuzz", "echo execs: 7; echo execs: 12")}, "")
	require.EqualError(t, err, "1 of the rows failed")
	text := document()
	require.Contains(t, text, "| good | once | 0 | - |\n| bad | once | **failed** | - |\n| fuzz | 12 inputs | 0 | - |\n")
	require.NotContains(t, text, "an old table")
	require.Regexp(t, "^# Reliability\n\n"+from, text)
	require.Regexp(t, to+"\nThe rest.\n$", text)
}

func TestRowThatCannotBeginFails(t *testing.T) {
	root, document := place(t)
	require.Error(t, soak(t.Context(), root, []row{{what: "gone", args: []string{"/nonexistent"}}}, ""))
	require.Contains(t, document(), "**failed**")
}

// An interrupted soak leaves the document unchanged. Otherwise half a table could be taken for
// a whole one.
func TestInterruptedItLeavesTheDocumentAsItWas(t *testing.T) {
	root, document := place(t)
	ctx, cancel := context.WithCancel(t.Context())
	running := filepath.Join(root, "running")
	go func() {
		for {
			if _, err := os.Stat(running); err == nil {
				cancel()
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	err := soak(ctx, root, []row{sh("good", "true"), sh("interrupted", "touch running; exec sleep 600"), sh("next", "true")}, "")
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, before, document())
}

func TestChoiceOfRowsReplacesTheirLines(t *testing.T) {
	root, document := place(t)
	require.NoError(t, soak(t.Context(), root, []row{sh("good", "true"), sh("better", "true")}, ""))
	was := document()
	require.Error(t, soak(t.Context(), root, []row{sh("good", "exit 1"), sh("better", "exit 1"), sh("a good one", "true")}, "good"))
	require.Equal(t, strings.Replace(was, "| good | once | 0 |", "| good | once | **failed** |", 1), document())
}

// Each row names tests that exist. A pattern that matches nothing would always pass.
func TestEachRowNamesTestsThatAreThere(t *testing.T) {
	var sources []byte
	for _, dir := range []string{"guest", "guest/*", "guest/internal/*", "hosts/headless", "hosts/fyne", "hosts/gtk", "hosts/gtk/gtkui"} {
		files, err := filepath.Glob(filepath.Join("..", "..", dir, "*_test.go"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			sources = append(sources, text...)
		}
	}
	var tests []string
	for _, found := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllSubmatch(sources, -1) {
		tests = append(tests, string(found[1]))
	}
	for _, r := range rows(1, time.Second) {
		for i, arg := range r.args {
			if (arg != "-run" && arg != "-fuzz") || r.args[i+1] == "^$" {
				continue
			}
			for _, part := range regexp.MustCompile(`\|`).Split(r.args[i+1], -1) {
				pattern, n := regexp.MustCompile(part), 0
				for _, name := range tests {
					if pattern.MatchString(name) {
						n++
					}
				}
				require.NotZero(t, n, "no test is called %s", part)
			}
		}
	}
}
