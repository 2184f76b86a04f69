// Package docs_test holds the pages for readers to the code: what they show is compiled and
// tested, what they link to and name is there.
package docs_test

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// pages returns the text of each page by its path from here.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"*.md", "../*.md"} {
		paths, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, path := range paths {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			texts[path] = string(text)
		}
	}
	require.Contains(t, texts, "../README.md")
	return texts
}

// sources calls fn with each Go file of the repository.
func sources(t *testing.T, fn func(path string, code []byte)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		code, err := os.ReadFile(path)
		fn(path, code)
		return err
	}))
}

var block = regexp.MustCompile("(?s)```go\n(.*?)```")

// A page for those who know another way has tests of its own: see comingfrom.
const comingFrom = "coming-from.md"

func TestCodeOnThePagesStandsInAFileThatIsCompiled(t *testing.T) {
	var all strings.Builder
	sources(t, func(_ string, code []byte) { all.WriteString(" " + tokens(string(code)) + "\n") })
	for page, text := range pages(t) {
		if page == comingFrom {
			continue
		}
		for _, code := range block.FindAllStringSubmatch(text, -1) {
			if !pattern(code[1]).MatchString(all.String()) {
				t.Errorf("%s: stands in no Go file:\n%s", page, code[1])
			}
		}
	}
}

// TestCodeOnThePagesIsWhole, so that a reader sees where an excerpt ends.
func TestCodeOnThePagesIsWhole(t *testing.T) {
	for page, text := range pages(t) {
		for _, code := range block.FindAllStringSubmatch(text, -1) {
			var open []string
			for _, token := range strings.Fields(tokens(code[1])) {
				switch at := strings.Index("({[", token); {
				case at >= 0 && len(token) == 1:
					open = append(open, ")}]"[at:at+1])
				case len(open) > 0 && token == open[len(open)-1]:
					open = open[:len(open)-1]
				case strings.Contains(")}]", token):
					open = append(open, "nothing closes it")
				}
			}
			assert.Empty(t, open, "%s: cut in the middle of a block:\n%s", page, code[1])
		}
	}
}

// TestEachRecipeHasAProgram: a line that runs it, and a link to it.
func TestEachRecipeHasAProgram(t *testing.T) {
	_, all, _ := strings.Cut(pages(t)["cookbook.md"], "\n## ")
	for recipe := range strings.SplitSeq(all, "\n## ") {
		run := regexp.MustCompile(`(?m)^go run \./(examples/\w+)`).FindStringSubmatch(recipe)
		if assert.NotNil(t, run, "no program: %s", recipe) {
			assert.Contains(t, recipe, "](../"+run[1], "no link to its program")
		}
	}
}

// left is what was left out; not so an ellipsis behind a word, in a text.
var left = regexp.MustCompile(`(^|[\s({,])…`)

// pattern finds code among tokens, with anything of one file in the place of "…".
func pattern(code string) *regexp.Regexp {
	parts := left.Split(code, -1)
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(tokens(part))
	}
	return regexp.MustCompile(" " + strings.Join(parts, ".*?"))
}

// tokens returns code on one line, as the compiler sees it: without layout and comments.
func tokens(code string) string {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(code)), []byte(code), func(token.Position, string) {}, 0)
	var b strings.Builder
	for {
		switch _, tok, literal := s.Scan(); {
		case tok == token.EOF:
			return b.String()
		case tok == token.SEMICOLON: // mostly the scanner's own
		case literal != "":
			b.WriteString(strings.ReplaceAll(literal, "\n", `\n`) + " ")
		default:
			b.WriteString(tok.String() + " ")
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	for page, text := range pages(t) {
		for _, l := range link.FindAllStringSubmatch(text, -1) {
			_, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(l[1])))
			assert.NoError(t, err, page)
		}
	}
}

// TestBadgesAreTrue, since they are pictures in the repository, which no service keeps up to date.
func TestBadgesAreTrue(t *testing.T) {
	file := func(path string) string {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(text)
	}
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(file("../go.mod"))
	require.NotNil(t, goVersion)
	require.Contains(t, file("../LICENSE"), "Neither the name of", "the third clause")
	readme := pages(t)["../README.md"]
	for name, says := range map[string]string{
		"version": guest.Version, "go": goVersion[1] + " or newer", "licence": "BSD-3-Clause",
	} {
		require.Contains(t, file("badges/"+name+".svg"), ">"+says+"</text>")
		require.Regexp(t, `\[!\[[^\]]* `+regexp.QuoteMeta(says)+`\]\(docs/badges/`+name+`\.svg\)\]`, readme)
	}
}

var (
	testName = regexp.MustCompile("`(Test[A-Z][A-Za-z0-9_]+)`")
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

func TestNamedTestsAreThere(t *testing.T) {
	known := map[string]bool{}
	sources(t, func(path string, code []byte) {
		for _, f := range testFunc.FindAllSubmatch(code, -1) {
			known[string(f[1])] = true
		}
	})
	for page, text := range pages(t) {
		for _, name := range testName.FindAllStringSubmatch(text, -1) {
			if !known[name[1]] {
				t.Errorf("%s names %s, which is no test", page, name[1])
			}
		}
	}
}
