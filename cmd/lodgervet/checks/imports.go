package checks

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// importName returns the name under which a file imports a package, or "" if it does not.
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

// addImports returns the edits that make a file import packages. Each goes into the right place
// of its group, so that gofmt has nothing to do. The paths must be sorted.
func addImports(s *source, paths []string) []analysis.TextEdit {
	var std, others []string
	for _, path := range paths {
		if external(path) {
			others = append(others, path)
		} else {
			std = append(std, path)
		}
	}
	return append(addGroup(s, std, false), addGroup(s, others, true)...)
}

// addGroup adds imports that belong together: of the standard library, or of others.
func addGroup(s *source, paths []string, others bool) []analysis.TextEdit {
	decl := importDecl(s.file)
	switch {
	case len(paths) == 0:
		return nil
	case decl == nil:
		return []analysis.TextEdit{insert(s.file.Name.End(), "\n\nimport "+quoted(paths, "\nimport "))}
	case !decl.Lparen.IsValid() && others:
		return []analysis.TextEdit{insert(decl.End(), "\nimport "+quoted(paths, "\nimport "))}
	case !decl.Lparen.IsValid():
		return []analysis.TextEdit{insert(decl.Pos(), "import "+quoted(paths, "\nimport ")+"\n")}
	}
	for _, group := range groups(s, decl) {
		if external(pathOf(group[0])) == others {
			return addTo(s, group, paths)
		}
	}
	if others {
		return []analysis.TextEdit{insert(lineEnd(s, decl.Specs[len(decl.Specs)-1]), "\n\n\t"+quoted(paths, "\n\t"))}
	}
	return []analysis.TextEdit{insert(decl.Specs[0].Pos(), quoted(paths, "\n\t")+"\n\n\t")}
}

// addTo adds imports to a group, with one edit for each place.
func addTo(s *source, group []ast.Spec, paths []string) []analysis.TextEdit {
	var edits []analysis.TextEdit
	for len(paths) > 0 {
		i := slices.IndexFunc(group, func(spec ast.Spec) bool { return pathOf(spec) > paths[0] })
		if i < 0 {
			return append(edits, insert(lineEnd(s, group[len(group)-1]), "\n\t"+quoted(paths, "\n\t")))
		}
		n := 1
		for n < len(paths) && paths[n] < pathOf(group[i]) {
			n++
		}
		edits = append(edits, insert(group[i].Pos(), quoted(paths[:n], "\n\t")+"\n\t"))
		paths = paths[n:]
	}
	return edits
}

func importDecl(file *ast.File) *ast.GenDecl {
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT && len(g.Specs) > 0 {
			return g
		}
	}
	return nil
}

func quoted(paths []string, between string) string {
	var list []string
	for _, path := range paths {
		list = append(list, strconv.Quote(path))
	}
	return strings.Join(list, between)
}

func insert(pos token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)}
}

// external reports whether a path is outside the standard library.
func external(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}

func pathOf(spec ast.Spec) string {
	path, _ := strconv.Unquote(spec.(*ast.ImportSpec).Path.Value)
	return path
}

// groups returns the imports, split at blank lines.
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

// lineEnd returns the end of the line in which a spec ends, after its comment if it has one.
func lineEnd(s *source, spec ast.Spec) token.Pos {
	offset := s.tok.Offset(spec.End())
	for offset < len(s.bytes) && s.bytes[offset] != '\n' {
		offset++
	}
	return s.tok.Pos(offset)
}
