package where

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Reporter reports findings of one check, each place once. It reports nothing for a line that
// has this comment, alone on the line before or behind the code of the line itself:
//
//	//lodgervet:ignore check reason
//
// It also reports nothing in tests, which block and misuse things on purpose.
type Reporter struct {
	in     *Info
	seen   map[token.Pos]bool
	silent map[line]bool
}

type line struct {
	file string
	n    int
}

var ignore = regexp.MustCompile(`^//lodgervet:ignore ([a-z,]+) +\S`)

// Reporter returns a Reporter for the analyzer of the pass.
func (in *Info) Reporter(pass *analysis.Pass) *Reporter {
	r := &Reporter{&Info{Pass: pass}, map[token.Pos]bool{}, map[line]bool{}}
	for _, file := range pass.Files {
		var code map[int]bool
		for _, group := range file.Comments {
			for _, c := range group.List {
				if code == nil && strings.HasPrefix(c.Text, "//lodgervet:") {
					code = linesOfCode(pass, file)
				}
				if m := ignore.FindStringSubmatch(c.Text); m != nil && contains(m[1], pass.Analyzer.Name) {
					p := pass.Fset.Position(c.Pos())
					r.silent[line{p.Filename, p.Line}] = true
					if !code[p.Line] {
						r.silent[line{p.Filename, pass.Fset.Position(group.End()).Line + 1}] = true
					}
				}
			}
		}
	}
	return r
}

// linesOfCode are the lines in which something ends: a comment there says nothing of the next.
func linesOfCode(pass *analysis.Pass, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		}
		lines[pass.Fset.Position(n.Pos()).Line] = true
		lines[pass.Fset.Position(n.End()-1).Line] = true
		return true
	})
	return lines
}

func contains(list, name string) bool {
	return regexp.MustCompile(`(^|,)` + name + `(,|$)`).MatchString(list)
}

// Report reports a finding at a node, with fixes if there are any.
func (r *Reporter) Report(n ast.Node, message string, fixes ...analysis.SuggestedFix) {
	if r.seen[n.Pos()] || r.Silent(n) {
		return
	}
	r.seen[n.Pos()] = true
	r.in.Pass.Report(analysis.Diagnostic{Pos: n.Pos(), End: n.End(), Message: message, SuggestedFixes: fixes})
}

// Silent reports whether findings at a node are not reported.
func (r *Reporter) Silent(n ast.Node) bool {
	p := r.in.Pass.Fset.Position(n.Pos())
	return r.silent[line{p.Filename, p.Line}] || r.in.IsTest(n.Pos())
}

// NodeAt returns the smallest node that begins at a position, for a report.
func (in *Info) NodeAt(pos token.Pos) ast.Node { return &ast.Ident{NamePos: pos, Name: "x"} }
