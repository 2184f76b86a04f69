package where

import (
	"go/ast"
	"strings"
)

// otherHosts holds the packages of main loops that run no windows of Fyne or GTK.
var otherHosts = map[string]bool{Headless: true, Browser: true, Bubbletea: true, Tview: true, Ebitengine: true}

// markApart marks what runs in a guest whose main loop is another than the windows': the main
// functions, and all that they hold or name, except what they give to a toolkit. Such a guest
// has tasks, too, but on another thread than the widgets.
func (in *Info) markApart() {
	var mark func(f *Fn)
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			mark(in.lits[n])
			return false
		case *ast.SelectorExpr:
			mark(in.named[in.Object(n)])
		case *ast.Ident:
			mark(in.named[in.Object(n)])
		}
		return true
	}
	mark = func(f *Fn) {
		if f != nil && !f.Apart && !f.ofToolkit {
			f.Apart = true
			ast.Inspect(f.Body(), visit)
		}
	}
	for _, f := range in.Fns {
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && in.runsApart(call) {
				for _, arg := range call.Args {
					mark(in.Fn(arg))
				}
			}
			_, nested := n.(*ast.FuncLit) // it is in Fns itself
			return !nested
		})
	}
}

// runsApart reports whether a call runs or starts a guest with such a main loop.
func (in *Info) runsApart(call *ast.CallExpr) bool {
	fn := in.Callee(call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch Name(fn) {
	case Guest + ".Run", Guest + ".RunTask", Guest + ".Start":
		if len(call.Args) == 0 {
			return false
		}
		loop := Named(in.Pass.TypesInfo.TypeOf(call.Args[0]))
		return loop != nil && loop.Obj().Pkg() != nil && otherHosts[loop.Obj().Pkg().Path()]
	}
	return otherHosts[fn.Pkg().Path()] && strings.HasPrefix(fn.Name(), "Run")
}
