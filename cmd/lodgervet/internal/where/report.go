package where

import (
	"go/ast"
	"go/token"
	"regexp"

	"golang.org/x/tools/go/analysis"
)

// A Reporter reports findings of one check, each place once. It reports nothing for a line with
// a comment in it, or in the line before:
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
		for _, group := range file.Comments {
			for _, c := range group.List {
				if m := ignore.FindStringSubmatch(c.Text); m != nil && contains(m[1], pass.Analyzer.Name) {
					p := pass.Fset.Position(c.Pos())
					r.silent[line{p.Filename, p.Line}] = true
					r.silent[line{p.Filename, p.Line + 1}] = true
				}
			}
		}
	}
	return r
}

func contains(list, name string) bool {
	return regexp.MustCompile(`(^|,)` + name + `(,|$)`).MatchString(list)
}

// Report reports a finding at a node, with fixes if there are any.
func (r *Reporter) Report(n ast.Node, message string, fixes ...analysis.SuggestedFix) {
	p := r.in.Pass.Fset.Position(n.Pos())
	if r.seen[n.Pos()] || r.silent[line{p.Filename, p.Line}] || r.in.IsTest(n.Pos()) {
		return
	}
	r.seen[n.Pos()] = true
	r.in.Pass.Report(analysis.Diagnostic{Pos: n.Pos(), End: n.End(), Message: message, SuggestedFixes: fixes})
}

// NodeAt returns a node at a position, for a report.
func (in *Info) NodeAt(pos token.Pos) ast.Node { return &ast.Ident{NamePos: pos, Name: "x"} }
