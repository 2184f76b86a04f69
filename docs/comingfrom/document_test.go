// Package comingfrom_test runs what docs/coming-from.md says, as far as it needs no toolkit;
// the rest runs beside the adapters.
package comingfrom_test

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const document = "../coming-from.md"

var (
	codeSpan = regexp.MustCompile("`([^`]+)`")
	testLink = regexp.MustCompile(`\]\(([^)]+_test\.go)\)`)
	ours     = regexp.MustCompile(`^(guest|host|loops|jobs|guesttest|headless|fynehost|fynetest|gtkhost|gtkui)\.`)
)

// A section is what stands below one heading.
type section struct {
	title string
	code  []string // all that claims to be code of ours
	tests []string // the linked files it must occur in
}

// sections reads the document. Code of ours is what stands in the last column of a table, in a
// block of Go, or anywhere in a span that begins with a package of ours.
func sections(t *testing.T) []section {
	t.Helper()
	text, err := os.ReadFile(document)
	require.NoError(t, err)
	var list []section
	var block *strings.Builder
	for _, line := range strings.Split(string(text), "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok && block == nil {
			list = append(list, section{title: title})
		}
		if len(list) == 0 {
			continue
		}
		s := &list[len(list)-1]
		switch {
		case block != nil && line == "```":
			s.code, block = append(s.code, block.String()), nil
		case block != nil:
			fmt.Fprintln(block, line)
		case line == "```go":
			block = new(strings.Builder)
		default:
			for _, link := range testLink.FindAllStringSubmatch(line, -1) {
				s.tests = append(s.tests, filepath.Join(filepath.Dir(document), filepath.FromSlash(link[1])))
			}
			s.code = append(s.code, codeOf(line)...)
		}
	}
	require.Nil(t, block, "a block of code is not closed")
	require.NotEmpty(t, list)
	return list
}

// codeOf returns the code of ours in a line of text, or in a row of a table.
func codeOf(line string) (code []string) {
	here := 0 // where everything in a span is ours
	if cells := strings.TrimSuffix(line, "|"); strings.HasPrefix(line, "|") {
		here = strings.LastIndex(cells, "|")
	} else {
		here = len(line)
	}
	for _, at := range codeSpan.FindAllStringSubmatchIndex(line, -1) {
		if span := line[at[2]:at[3]]; at[0] > here || ours.MatchString(span) {
			code = append(code, span)
		}
	}
	return code
}

// pattern finds code among tokens, with anything in the place of "…".
func pattern(code string) *regexp.Regexp {
	parts := strings.Split(code, "…")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(tokens([]byte(part)))
	}
	return regexp.MustCompile("(?s) " + strings.Join(parts, ".*?"))
}

// tokens returns code as the compiler sees it, whatever its lines and comments.
func tokens(code []byte) string {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(code)), code, func(token.Position, string) {}, 0)
	var b strings.Builder
	for {
		_, tok, literal := s.Scan()
		switch {
		case tok == token.EOF:
			return b.String()
		case tok == token.SEMICOLON: // mostly the scanner's own
		case literal != "":
			b.WriteString(literal + " ")
		default:
			b.WriteString(tok.String() + " ")
		}
	}
}

func TestAllCodeOfTheDocumentIsRun(t *testing.T) {
	for _, s := range sections(t) {
		all := " "
		for _, name := range s.tests {
			code, err := os.ReadFile(name)
			require.NoError(t, err)
			all += tokens(code)
		}
		for _, code := range s.code {
			assert.True(t, pattern(code).MatchString(all), "%s: `%s` is run by none of %v", s.title, code, s.tests)
		}
	}
}

// An Example without an output is compiled only.
func TestAllExamplesOfTheDocumentSayWhatComesOut(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sections(t) {
		require.True(t, len(s.code) == 0 || len(s.tests) > 0, "%s: say where its code is run", s.title)
		for _, name := range s.tests {
			seen[filepath.Base(name)] = true
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			require.NoError(t, err)
			for _, e := range doc.Examples([]*ast.File{file}...) {
				require.NotEmpty(t, e.Output, "%s: Example%s", name, e.Name)
			}
		}
	}
	here, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	for _, name := range here {
		if name != "document_test.go" && name != "task_test.go" {
			require.True(t, seen[name], "the document does not link to %s", name)
		}
	}
}

func TestDocumentsContentsLeadToItsSections(t *testing.T) {
	text, err := os.ReadFile(document)
	require.NoError(t, err)
	for _, s := range sections(t) {
		anchor := regexp.MustCompile("[^a-z_ -]").ReplaceAllString(strings.ToLower(s.title), "")
		require.Contains(t, string(text), "](#"+strings.ReplaceAll(anchor, " ", "-")+")", s.title)
	}
}

func TestCodeIsFoundInTheDocument(t *testing.T) {
	require.Equal(t, []string{"guest.Go(ctx, fn)", "ErrNoGuest"}, codeOf("| `nursery` | `guest.Go(ctx, fn)`, `ErrNoGuest` |"))
	require.Equal(t, []string{"guest.Go"}, codeOf("Where `start_soon` was, there is `guest.Go`."))
	require.Equal(t, tokens([]byte("a(b,\n\tc) // d\n")), tokens([]byte("a(b, c)")))
}
