package checks

import (
	"go/ast"
	"go/format"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

func exprString(x ast.Expr) string { return types.ExprString(x) }

// A source is the text of a file. Fixes are cut from it, so that comments stay.
type source struct {
	file  *ast.File
	tok   *token.File
	bytes []byte
}

// sourceAt returns the source around a position, or nil if it can't be read.
func sourceAt(in *where.Info, pos token.Pos) *source {
	tok := in.Pass.Fset.File(pos)
	bytes, err := in.Pass.ReadFile(tok.Name())
	if err != nil {
		return nil
	}
	for _, file := range in.Pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			return &source{file, tok, bytes}
		}
	}
	return nil
}

// An edit is a change in a text that was cut out.
type edit struct {
	from, to token.Pos
	text     string
}

// cut returns the text between two positions, with edits applied.
func (s *source) cut(from, to token.Pos, edits []edit) string {
	slices.SortFunc(edits, func(a, b edit) int { return int(a.from - b.from) })
	var b strings.Builder
	for _, e := range edits {
		if e.from < from || e.to > to {
			continue
		}
		b.Write(s.bytes[s.tok.Offset(from):s.tok.Offset(e.from)])
		b.WriteString(e.text)
		from = e.to
	}
	b.Write(s.bytes[s.tok.Offset(from):s.tok.Offset(to)])
	return b.String()
}

// inside returns the text between the braces of a body, with edits applied.
func (s *source) inside(b *ast.BlockStmt, edits []edit) string {
	return strings.TrimSpace(s.cut(b.Lbrace+1, b.Rbrace, edits))
}

// replacement returns the edit that replaces a statement by other statements, formatted and
// indented like the text around it. It returns false if that can't be done.
func (s *source) replacement(stmt ast.Stmt, text string) (analysis.TextEdit, bool) {
	const head, foot = "package p\n\nfunc _() {\n", "\n}\n"
	out, err := format.Source([]byte(head + text + foot))
	if err != nil || rawLines(text) {
		return analysis.TextEdit{}, false
	}
	body := strings.TrimSuffix(strings.TrimPrefix(string(out), head), foot)
	indent := s.indent(stmt.Pos())
	var lines []string
	for line := range strings.SplitSeq(body, "\n") {
		line = strings.TrimPrefix(line, "\t")
		if line != "" {
			line = indent + line
		}
		lines = append(lines, line)
	}
	return analysis.TextEdit{Pos: stmt.Pos(), End: stmt.End(), NewText: []byte(strings.TrimLeft(strings.Join(lines, "\n"), "\t"))}, true
}

// rawLines reports whether a text contains a raw string of several lines, which must not be
// indented.
func rawLines(text string) bool {
	found := false
	tokens(text, func(tok token.Token, lit string) {
		found = found || tok == token.STRING && strings.HasPrefix(lit, "`") && strings.Contains(lit, "\n")
	})
	return found
}

// losesComment reports whether a comment of a statement is not in the text that replaces it.
func losesComment(s *source, stmt ast.Stmt, text string) bool {
	kept := map[string]int{}
	tokens(text, func(tok token.Token, lit string) {
		if tok == token.COMMENT {
			kept[lit]++
		}
	})
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			if stmt.Pos() <= c.Pos() && c.End() <= stmt.End() {
				kept[c.Text]--
				if kept[c.Text] < 0 {
					return true
				}
			}
		}
	}
	return false
}

// tokens visits the tokens of a text.
func tokens(text string, visit func(tok token.Token, lit string)) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), nil, scanner.ScanComments)
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		visit(tok, lit)
	}
}

func (s *source) indent(pos token.Pos) string {
	line := s.bytes[s.tok.Offset(s.tok.LineStart(s.tok.Line(pos))):s.tok.Offset(pos)]
	return string(line[:len(line)-len(strings.TrimLeft(string(line), "\t"))])
}
