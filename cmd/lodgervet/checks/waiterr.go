package checks

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// WaitErr finds errors of waits that are ignored where they matter: in a loop that does not count
// or range, which spins after a cancellation, and where the value beside the error is used.
var WaitErr = check("waiterr", `find errors of waits that are ignored

A wait whose context is done returns at once, with an error. A loop that ignores it spins, often
without an end, and holds the UI thread. A value beside it is often the zero value.`, waitErr)

func waitErr(in *where.Info, r *where.Reporter) {
	for _, f := range in.Fns {
		if f.Part {
			continue
		}
		in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
			switch n := n.(type) {
			case *ast.ForStmt:
				spins(in, r, f, n)
			case *ast.IfStmt:
				if n.Init != nil { // if v, _ := wait(); v
					ignoredIn(in, r, []ast.Stmt{n.Init, &ast.IfStmt{Cond: n.Cond, Body: n.Body, Else: n.Else}})
				}
			}
			ignoredIn(in, r, statements(n))
			return true
		})
		ignoredIn(in, r, f.Body().List)
	}
}

// spins finds a loop that checks the error of none of its waits, and whose end, if it has one, has
// nothing to do with them.
func spins(in *where.Info, r *where.Reporter, f *where.Fn, loop *ast.ForStmt) {
	if loop.Post != nil || loop.Cond != nil && (asksContext(in, loop.Cond) || changes(in, loop.Body, loop.Cond)) {
		return
	}
	var ignored *ast.CallExpr
	var bare ast.Expr // a call whose result is not used
	checked := loop.Cond != nil && heeds(in, loop.Cond)
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ExprStmt:
			if call := waitIn(in, n.X); call != nil && !in.Ranges(call) {
				ignored = call
				return false
			}
			bare = n.X
		case *ast.AssignStmt:
			if call := waitIn(in, n.Rhs[0]); call != nil && isBlank(n.Lhs[len(n.Lhs)-1]) {
				ignored = call
				return false
			}
		case *ast.IfStmt:
			checked = checked || leaves(n.Body) && counts(in, loop.Body, n.Cond)
		case *ast.CallExpr:
			_, waits := in.Wait(n)
			checked = checked || waits || n != bare && mayAsk(in, n) || asksContext(in, n)
		case ast.Expr:
			checked = checked || asksContext(in, n)
		}
		return true
	})
	if ignored != nil && !checked {
		how := "never ends"
		if loop.Cond != nil && mayChange(in, loop.Cond) {
			how = "goes on without the wait"
		}
		r.Report(ignored, "when the context is done, "+called(ignored)+" returns at once, and this loop "+how+"; return its error")
	}
}

// heeds reports whether a condition contains a wait, or a call that may ask whether the context is
// done.
func heeds(in *where.Info, cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			_, waits := in.Wait(call)
			found = found || waits || mayAsk(in, call)
		}
		_, lit := n.(*ast.FuncLit)
		return !lit && !found
	})
	return found
}

// mayChange reports whether a condition may change although no statement of the loop sets a
// variable of it: it calls a function, receives, or reads what other functions can set.
func mayChange(in *where.Info, cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = found || !in.Pass.TypesInfo.Types[n.Fun].IsType() // a conversion
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.SelectorExpr:
			_, isVar := in.Pass.TypesInfo.Uses[n.Sel].(*types.Var)
			found = found || isVar
		case *ast.StarExpr, *ast.IndexExpr:
			found = true
		}
		return !found
	})
	return found
}

// mayAsk reports whether a call passes a context to a function of the program, which may check
// it.
func mayAsk(in *where.Info, call *ast.CallExpr) bool {
	arg, fn := firstArg(call), in.Callee(call)
	if arg == nil || in.Starts(call) || fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "context" {
		return false
	}
	return isContext(in.Pass.TypesInfo.TypeOf(arg))
}

// changes reports whether a loop's body itself sets a variable of a condition.
func changes(in *where.Info, body *ast.BlockStmt, cond ast.Expr) bool {
	return sets(in, body, cond, func(s ast.Stmt) []ast.Expr {
		switch s := s.(type) {
		case *ast.IncDecStmt:
			return []ast.Expr{s.X}
		case *ast.AssignStmt:
			if waitIn(in, s.Rhs[0]) == nil { // after a cancellation a wait sets nothing new
				return s.Lhs
			}
		}
		return nil
	})
}

// counts reports whether a loop's body counts up or down a variable of a condition.
func counts(in *where.Info, body *ast.BlockStmt, cond ast.Expr) bool {
	return sets(in, body, cond, func(s ast.Stmt) []ast.Expr {
		switch s := s.(type) {
		case *ast.IncDecStmt:
			return []ast.Expr{s.X}
		case *ast.AssignStmt:
			if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
				return s.Lhs
			}
		}
		return nil
	})
}

// sets reports whether a statement in a body sets a variable that x mentions.
func sets(in *where.Info, body *ast.BlockStmt, x ast.Expr, set func(ast.Stmt) []ast.Expr) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(ast.Stmt); ok {
			for _, lhs := range set(s) {
				if v := variable(in, lhs); v != nil && mentions(in, x, v) {
					found = true
				}
			}
		}
		_, lit := n.(*ast.FuncLit)
		return !lit && !found
	})
	return found
}

// waitIn returns the wait that x calls, if it returns an error.
func waitIn(in *where.Info, x ast.Expr) *ast.CallExpr {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if _, ok := in.Wait(call); ok {
		return call
	}
	return nil
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// asksContext reports whether x is about a context's end: ctx.Err(), ctx.Done().
func asksContext(in *where.Info, x ast.Node) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !found { // done, after done := ctx.Done()
			if call, ok := in.Held(in.Pass.TypesInfo.Uses[id]).(*ast.CallExpr); ok {
				found = where.Name(in.Callee(call)) == "context.Context.Done"
			}
		}
		if call, ok := n.(*ast.CallExpr); ok {
			switch where.Name(in.Callee(call)) {
			case "context.Context.Err", "context.Context.Done", "context.Cause", where.Guest + ".Guest.Ending":
				found = true
			}
		}
		return !found
	})
	return found
}

// ignoredIn finds a value that is used although its error is ignored, or was a cancellation.
func ignoredIn(in *where.Info, r *where.Reporter, list []ast.Stmt) {
	for i, s := range list {
		a, ok := s.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 || len(a.Lhs) < 2 {
			continue
		}
		call := waitIn(in, a.Rhs[0])
		if call == nil || in.Ranges(call) || firstArg(call) != nil && isNobodys(in, firstArg(call)) {
			continue // context.Background() is never done
		}
		v := variable(in, a.Lhs[0])
		if v == nil || isBlank(a.Lhs[0]) {
			continue
		}
		if isBlank(a.Lhs[len(a.Lhs)-1]) {
			if usedIn(in, list[i+1:], v) && !slices.ContainsFunc(list[i+1:], func(s ast.Stmt) bool { return asksContext(in, s) }) {
				r.Report(call, "the error of "+called(call)+" is ignored, and "+v.Name()+" is used: it is not a result when the context is done; check the error first")
			}
			continue
		}
		goesOn(in, r, list[i+1:], v, variable(in, a.Lhs[len(a.Lhs)-1]))
	}
}

func usedIn(in *where.Info, list []ast.Stmt, v types.Object) bool {
	for _, s := range list {
		if mentions(in, s, v) {
			return true
		}
	}
	return false
}

// goesOn finds an if that leaves on failures, but lets cancellations through to a use of the
// value.
func goesOn(in *where.Info, r *where.Reporter, list []ast.Stmt, v, err *types.Var) {
	if len(list) < 2 || err == nil {
		return
	}
	cond, ok := list[0].(*ast.IfStmt)
	if !ok || cond.Else != nil || !leaves(cond.Body) || !excuses(in, cond.Cond, err) {
		return
	}
	for _, s := range list[1:] {
		if mentions(in, s, err) {
			return
		}
		if mentions(in, s, v) {
			r.Report(cond.Cond, "after a cancellation, "+v.Name()+" is used all the same; return for every error, and handle cancellations inside the if")
			return
		}
	}
}

func leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch s := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok != token.FALLTHROUGH
	}
	return false
}

// excuses reports whether a condition contains !guest.Cancelled(err), !guest.IsQuit(err) or
// !errors.Is(err, context.Canceled).
func excuses(in *where.Info, cond ast.Expr, err *types.Var) bool {
	switch c := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		return c.Op == token.LAND && (excuses(in, c.X, err) || excuses(in, c.Y, err))
	case *ast.UnaryExpr:
		call, ok := ast.Unparen(c.X).(*ast.CallExpr)
		if !ok || c.Op != token.NOT {
			return false
		}
		name := where.Name(in.Callee(call))
		if name == "errors.Is" && len(call.Args) == 2 && mentions(in, call.Args[0], err) {
			return exprString(call.Args[1]) == "context.Canceled"
		}
		return (name == where.Guest+".Cancelled" || name == where.Guest+".IsQuit") && mentions(in, call, err)
	}
	return false
}
