package checks

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// importName is the name under which a file imports a package; "" if it does not.
func importName(file *ast.File, path, name string) string {
	for _, spec := range file.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p == path {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return name
		}
	}
	return ""
}

// addImport is the edit that makes a file import a package, in the group where it belongs and in
// order, so that gofmt has nothing to do.
func addImport(s *source, path string) analysis.TextEdit {
	quoted := strconv.Quote(path)
	var decl *ast.GenDecl
	for _, d := range s.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			decl = g
			break
		}
	}
	if decl == nil {
		return insert(s.file.Name.End(), "\n\nimport "+quoted)
	}
	if !decl.Lparen.IsValid() {
		if external(path) {
			return insert(decl.End(), "\nimport "+quoted)
		}
		return insert(decl.Pos(), "import "+quoted+"\n")
	}
	for _, group := range groups(s, decl) {
		if external(pathOf(group[0])) != external(path) {
			continue
		}
		for _, spec := range group {
			if pathOf(spec) > path {
				return insert(spec.Pos(), quoted+"\n\t")
			}
		}
		return insert(lineEnd(s, group[len(group)-1]), "\n\t"+quoted)
	}
	if external(path) {
		return insert(lineEnd(s, decl.Specs[len(decl.Specs)-1]), "\n\n\t"+quoted)
	}
	return insert(decl.Specs[0].Pos(), quoted+"\n\n\t")
}

func insert(pos token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)}
}

// external reports whether a path is none of the standard library's.
func external(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}

func pathOf(spec ast.Spec) string {
	path, _ := strconv.Unquote(spec.(*ast.ImportSpec).Path.Value)
	return path
}

// groups are the imports between blank lines.
func groups(s *source, decl *ast.GenDecl) [][]ast.Spec {
	var list [][]ast.Spec
	last := -1
	for _, spec := range decl.Specs {
		line := s.tok.Line(spec.Pos())
		if last < 0 || line > last+1 {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], spec)
		last = s.tok.Line(spec.End())
	}
	return list
}

// lineEnd is the end of the line in which a spec ends, after its comment if it has one.
func lineEnd(s *source, spec ast.Spec) token.Pos {
	offset := s.tok.Offset(spec.End())
	for offset < len(s.bytes) && s.bytes[offset] != '\n' {
		offset++
	}
	return s.tok.Pos(offset)
}
