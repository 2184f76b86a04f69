package checks

import (
	"go/ast"
	"go/types"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// Deferred finds deferred calls that close what tasks still use. A task's own deferred calls
// run before the task waits for the tasks that it has started.
var Deferred = check("deferred", `find deferred calls that close what child tasks still use

A task's deferred calls run when its function returns, but its children may go on. Use
guest.Cleanup for what must run after the children, or wait for them with guest.Join.`, deferred)

func deferred(in *where.Info, r *where.Reporter) {
	for _, f := range in.Fns {
		if f.Place == where.Task && !f.Part {
			deferredIn(in, r, f)
		}
	}
}

func deferredIn(in *where.Info, r *where.Reporter, f *where.Fn) {
	defers := map[types.Object]*ast.DeferStmt{}
	var children []*ast.FuncLit
	joined := false
	in.Walk(f, func(n ast.Node, stack []ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			if v := closes(in, n.Call); v != nil && within(v, f.Body()) {
				defers[v] = n
			}
			return false
		case *ast.CallExpr:
			joined = joined || joins(in, n, len(children) > 0)
			if _, alone := stack[len(stack)-1].(*ast.ExprStmt); alone && in.Starts(n) && where.Name(in.Callee(n)) != where.Guest+".Cleanup" {
				if lit, ok := ast.Unparen(n.Args[len(n.Args)-1]).(*ast.FuncLit); ok {
					children = append(children, lit)
				}
			}
		}
		return true
	})
	if joined {
		return
	}
	for v, d := range defers {
		for _, lit := range children {
			if mentions(in, lit, v) {
				r.Report(d, "this runs before the tasks that use "+v.Name()+" have ended; use guest.Cleanup, or guest.Join before the end")
			}
		}
	}
}

// closes returns the local variable that a deferred call closes: the x of x.Close() and similar
// calls, including those inside a deferred function.
func closes(in *where.Info, call *ast.CallExpr) *types.Var {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		var closed *types.Var
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && closed == nil {
				closed = closes(in, call)
			}
			return closed == nil
		})
		return closed
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	switch sel.Sel.Name {
	case "Close", "Stop", "Release", "Destroy", "Shutdown", "Remove", "Flush":
		return variable(in, sel.X)
	}
	return nil
}

// joins reports whether a call waits for tasks that were started before, or until the end.
func joins(in *where.Info, call *ast.CallExpr, after bool) bool {
	switch where.Name(in.Callee(call)) {
	case where.Guest + ".Join", where.Guest + ".All", where.Guest + ".Park":
		return after
	}
	return false
}
