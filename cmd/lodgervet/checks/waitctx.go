package checks

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// WaitCtx finds waits and starts with a wrong context: one that is never cancelled, one of
// another task, a task's context in a goroutine, or one that ends too soon. A start with an
// outer context is often intended, as when a menu opens one more window. It is reported only if
// the started function uses things of a window that it outlives.
var WaitCtx = check("waitctx", `find waits and starts with the wrong context

A task waits with its own context, so that its cancellation ends the wait. A goroutine's waits
need a context that belongs to no task.`, waitCtx)

func waitCtx(in *where.Info, r *where.Reporter) {
	for _, f := range in.Fns {
		if f.Part {
			continue
		}
		mine := nearest(in, f)
		in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || firstArg(call) == nil {
				return true
			}
			wait, waits := in.Wait(call)
			starts := in.Starts(call)
			if !waits && !starts {
				return true
			}
			switch given := firstArg(call); {
			case isNobodys(in, given):
				nobodys(in, r, f, call, starts)
			case waits:
				waitsWith(in, r, f, mine, call, wait.Name(), variable(in, given))
			case starts:
				outlives(in, r, f, call, variable(in, given))
			}
			return true
		})
		endsTooSoon(in, r, f)
	}
}

// A near is a function's own context, and that function.
type near struct {
	ctx *types.Var
	fn  *where.Fn
}

// nearest returns the context of the innermost task or background function around f, or of f
// itself.
func nearest(in *where.Info, f *where.Fn) near {
	for ; f != nil; f = f.Outer {
		if ctx := own(in, f); ctx != nil && (f.Place == where.Task || f.Place == where.Background) {
			return near{ctx, f}
		}
		if !f.Part {
			break
		}
	}
	return near{}
}

// isNobodys reports whether x is context.Background() or TODO(), or a local variable that holds
// or derives from one of them.
func isNobodys(in *where.Info, x ast.Expr) bool {
	if v := variable(in, x); v != nil {
		if x = in.Held(v); x == nil || mentions(in, x, v) { // var ctx, ctx = context.With…(ctx)
			return false
		}
	}
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	name := where.Name(in.Callee(call))
	if strings.HasPrefix(name, "context.With") && firstArg(call) != nil {
		return isNobodys(in, firstArg(call))
	}
	return name == "context.Background" || name == "context.TODO"
}

func nobodys(in *where.Info, r *where.Reporter, f *where.Fn, call *ast.CallExpr, starts bool) {
	switch {
	case starts:
		r.Report(call, called(call)+" panics with a context without a guest; use the task's or the window's, or (*guest.Guest).Go")
	case f.Place == where.Task:
		r.Report(call, called(call)+" with context.Background() goes on when its task is cancelled; use the task's own context, or context.WithoutCancel to say so")
	}
}

// waitsWith checks the context of a wait.
func waitsWith(in *where.Info, r *where.Reporter, f *where.Fn, mine near, call *ast.CallExpr, name string, ctx *types.Var) {
	if ctx == nil || within(ctx, f.Body()) || ctx == own(in, f) {
		return
	}
	if f.Place.OffUI() {
		if t := maker(in, f.Outer, ctx); t != nil && t.Place == where.Task {
			r.Report(call, name+" panics in "+f.Place.String()+" with the context of a task; use "+instead(f.Place))
		}
		return
	}
	if mine.ctx != nil && mine.ctx != ctx && f.Place == where.Task && maker(in, f.Outer, ctx) != nil {
		r.Report(call, name+" waits with an outer "+ctx.Name()+", and its own task's "+mine.ctx.Name()+" does not end it; use "+mine.ctx.Name())
	}
}

func instead(p where.Place) string {
	if p == where.Background {
		return "the context that the background function is given"
	}
	return "guest.Submit, or a context that belongs to no task"
}

// maker returns the function around f whose parameter or local variable ctx is.
func maker(in *where.Info, f *where.Fn, ctx *types.Var) *where.Fn {
	for ; f != nil; f = f.Outer {
		if within(ctx, f.Body()) || ctx == own(in, f) {
			return f
		}
	}
	return nil
}

// outlives finds a start with an outer context if the started function uses something of the
// window inside which it starts.
func outlives(in *where.Info, r *where.Reporter, f *where.Fn, call *ast.CallExpr, ctx *types.Var) {
	window := windowAround(in, f)
	if ctx == nil || window == nil || within(ctx, window.Body()) || ctx == own(in, window) {
		return
	}
	for _, arg := range call.Args[1:] {
		lit, ok := ast.Unparen(arg).(*ast.FuncLit)
		if !ok {
			continue
		}
		if v := widgetOf(in, window, lit); v != nil {
			r.Report(call, "the task outlives its window, and uses "+v.Name()+" of it; start it with the context of WithWindow's function")
		}
	}
}

// windowAround returns the function of WithWindow around f, if it has a named context.
func windowAround(in *where.Info, f *where.Fn) *where.Fn {
	for ; f != nil; f = f.Outer {
		if f.Place == where.Task && f.Lit != nil && own(in, f) != nil && (f.Why == "it is given to fynehost.WithWindow" || f.Why == "it is given to gtkui.WithWindow") {
			return f
		}
	}
	return nil
}

// widgetOf returns a widget that is declared in window and used in lit.
func widgetOf(in *where.Info, window *where.Fn, lit *ast.FuncLit) *types.Var {
	var found *types.Var
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return found == nil
		}
		v, ok := in.Pass.TypesInfo.Uses[id].(*types.Var)
		if ok && within(v, window.Body()) && !within(v, lit) && where.IsWidget(v.Type()) {
			found = v
		}
		return found == nil
	})
	return found
}

// endsTooSoon finds tasks that are started with a context whose deferred cancel function ends
// them when the function returns.
func endsTooSoon(in *where.Info, r *where.Reporter, f *where.Fn) {
	for _, d := range derived(in, f) {
		var start *ast.CallExpr
		joined := false
		in.Walk(f, func(n ast.Node, stack []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || firstArg(call) == nil {
				return true
			}
			_, alone := stack[len(stack)-1].(*ast.ExprStmt)
			switch starts := in.Starts(call); {
			case starts && alone && variable(in, firstArg(call)) == d.ctx:
				start = call
			case !starts && isContext(in.Pass.TypesInfo.TypeOf(firstArg(call))):
				joined = joined || start != nil // perhaps it waits for the task
			}
			return true
		})
		if start != nil && !joined && d.deferred {
			r.Report(start, "the task is cancelled as soon as this function returns, by the deferred "+d.cancel.Name()+"; wait for it, or pass a context that lives longer")
		}
	}
}

type derivation struct {
	ctx, cancel *types.Var
	deferred    bool
}

// derived returns the contexts that f derives with a cancel function.
func derived(in *where.Info, f *where.Fn) []derivation {
	var list []derivation
	in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) == 2 && len(n.Rhs) == 1 {
				ctx, cancel := variable(in, n.Lhs[0]), variable(in, n.Lhs[1])
				if ctx != nil && cancel != nil && isContext(ctx.Type()) && (ctx == own(in, f) || within(ctx, f.Body())) {
					list = append(list, derivation{ctx: ctx, cancel: cancel})
				}
			}
		case *ast.DeferStmt:
			for i := range list {
				if variable(in, n.Call.Fun) == list[i].cancel {
					list[i].deferred = true
				}
			}
		}
		return true
	})
	return list
}
