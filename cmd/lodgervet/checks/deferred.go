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
		if f.Place.OnUI() && !f.Part {
			deferredIn(in, r, f)
		}
	}
}

func deferredIn(in *where.Info, r *where.Reporter, f *where.Fn) {
	defers := map[types.Object]*ast.DeferStmt{}
	var children []*ast.FuncLit
	instead := map[*ast.FuncLit]string{}
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
			if isAlone(stack) && startsTask(in, n) {
				for _, arg := range n.Args {
					if lit, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
						children = append(children, lit)
						instead[lit] = remedyFor(in, f, n)
					}
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
				r.Report(d, "this runs before the tasks that use "+v.Name()+" have ended; "+instead[lit])
			}
		}
	}
}

// remedyFor returns what to do instead. Only a task's own children end before its Cleanup.
func remedyFor(in *where.Info, f *where.Fn, start *ast.CallExpr) string {
	if f.Place == where.Task && where.Name(in.Callee(start)) != where.Guest+".Guest.Go" {
		return "use guest.Cleanup, or guest.Join before the end"
	}
	return "do it at the end of the task that uses it"
}

// isAlone reports whether the program ignores the result of the innermost call of a stack.
func isAlone(stack []ast.Node) bool {
	switch s := stack[len(stack)-1].(type) {
	case *ast.ExprStmt:
		return true
	case *ast.AssignStmt:
		return len(s.Lhs) == 1 && isBlank(s.Lhs[0])
	}
	return false
}

// startsTask reports whether a call starts a task and goes on. A task of Guest.Go is no child, and
// lives even longer.
func startsTask(in *where.Info, call *ast.CallExpr) bool {
	name := where.Name(in.Callee(call))
	return name == where.Guest+".Guest.Go" || in.Starts(call) && name != where.Guest+".Cleanup"
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
