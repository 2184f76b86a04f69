// Package checks contains lodgervet's analyzers, one in each file. All lists them. Each works
// alone in any driver of golang.org/x/tools/go/analysis.
package checks

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// All contains all checks.
var All = []*analysis.Analyzer{UIBlock, OffThread, WaitCtx, WaitErr, Deferred, TaskEnd, Flood, Migrate}

// pages is the address of the pages that explain the checks.
const pages = "https://github.com/golodger/lodger/blob/main/cmd/lodgervet/docs/"

// check makes an analyzer from a function that looks at a package.
func check(name, doc string, look func(in *where.Info, report *where.Reporter)) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     name,
		Doc:      doc,
		URL:      pages + name + ".md",
		Requires: []*analysis.Analyzer{where.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			in := where.Of(pass)
			look(in, in.Reporter(pass))
			return nil, nil
		},
	}
}

// variable returns the variable that x names, if x names one.
func variable(in *where.Info, x ast.Expr) *types.Var {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := in.Pass.TypesInfo.ObjectOf(id).(*types.Var)
	return v
}

// statements are those straight inside a block or a case.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// mentions reports whether a variable is used inside n.
func mentions(in *where.Info, n ast.Node, v types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && in.Pass.TypesInfo.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

// within reports whether a variable is declared inside n.
func within(v types.Object, n ast.Node) bool { return n.Pos() <= v.Pos() && v.Pos() < n.End() }

// isContext reports whether a type is context.Context.
func isContext(t types.Type) bool {
	named := where.Named(t)
	return named != nil && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// own returns the context among a function's parameters, or nil if it has none with a name.
func own(in *where.Info, f *where.Fn) *types.Var {
	for _, field := range f.Type().Params.List {
		for _, name := range field.Names {
			if v, ok := in.Pass.TypesInfo.Defs[name].(*types.Var); ok && isContext(v.Type()) && name.Name != "_" {
				return v
			}
		}
	}
	return nil
}

// firstArg returns a call's first argument, or nil if it has none.
func firstArg(call *ast.CallExpr) ast.Expr {
	if len(call.Args) == 0 {
		return nil
	}
	return call.Args[0]
}
