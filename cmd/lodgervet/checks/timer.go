package checks

import (
	"go/ast"
	"go/constant"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// repeats rewrites a timer of glib to guest.Every if its function always returns true. It
// leaves a timer that stops by returning false, because it can't know how the program handles
// that end.
func repeats(in *where.Info, r *offers, f *where.Fn, stmt *ast.ExprStmt) {
	call, ok := stmt.X.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return
	}
	unit := units[where.Name(in.Callee(call))]
	if unit == "" {
		return
	}
	s := sourceAt(in, stmt.Pos())
	lit, ok := ast.Unparen(call.Args[1]).(*ast.FuncLit)
	if !ok || s == nil || len(lit.Type.Params.List) > 0 || lit.Type.Results == nil {
		leave(r, stmt, "its function has no body here, or no result")
		return
	}
	var edits []edit
	for _, ret := range ownReturns(lit.Body) {
		if !isReturn(in, ret, true) {
			leave(r, stmt, "the timer also stops by itself")
			return
		}
		edits = append(edits, edit{ret.Pos(), ret.End(), "return nil"})
	}
	start := starter(in, s, f, stmt.Pos())
	period, steady := periodOf(in, s, call.Args[0], unit)
	switch {
	case start == "" || !free(in, s, stmt.Pos(), timing):
		leave(r, stmt, "no guest is in sight")
	case !steady:
		leave(r, stmt, "its period may change before a task begins, or is zero")
	case names(lit, "ctx"):
		leave(r, stmt, "it uses a ctx, which would be the task's")
	default:
		text := start + "func(ctx context.Context) error {\nreturn guest.Every(ctx, " + period + ", func(ctx context.Context) error {\n" +
			s.inside(lit.Body, edits) + "\n}, nil).Wait(ctx)\n})"
		offer(r, s, stmt, "glib."+in.Callee(call).Name()+" goes on when its window is closed; a task can be cancelled", "use guest.Every", text, needs(in, text, timing))
	}
}

// units maps each timer to the unit of its period.
var units = map[string]string{
	where.Gotk3 + "glib.TimeoutAdd":        "time.Millisecond",
	where.Gotk3 + "glib.TimeoutSecondsAdd": "time.Second",
}

// periodOf returns a timer's period as a time.Duration. It also reports whether the period is
// still the same when the task begins, which is later.
func periodOf(in *where.Info, s *source, x ast.Expr, unit string) (text string, steady bool) {
	if d := duration(in, x); d != nil && unit == "time.Millisecond" {
		text = s.cut(d.Pos(), d.End(), nil)
		if value := in.Pass.TypesInfo.Types[d].Value; value != nil {
			return text, constant.Sign(value) > 0
		}
		v := variable(in, d)
		return text, v != nil && in.Fixed(v)
	}
	text = s.cut(x.Pos(), x.End(), nil)
	if value := in.Pass.TypesInfo.Types[x].Value; value != nil {
		if _, ok := x.(*ast.BasicLit); !ok {
			text = "time.Duration(" + text + ")"
		}
		return text + "*" + unit, constant.Sign(value) > 0 // Every refuses zero
	}
	v := variable(in, x)
	return "time.Duration(" + text + ")*" + unit, v != nil && in.Fixed(v)
}

// duration returns the d of uint(d.Milliseconds()), or nil if x is something else.
func duration(in *where.Info, x ast.Expr) ast.Expr {
	conversion, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(conversion.Args) != 1 || !in.Pass.TypesInfo.Types[conversion.Fun].IsType() {
		return nil
	}
	call, ok := ast.Unparen(conversion.Args[0]).(*ast.CallExpr)
	if !ok || where.Name(in.Callee(call)) != "time.Duration.Milliseconds" {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || in.Pass.TypesInfo.TypeOf(sel.X).String() != "time.Duration" { // but a pointer to one
		return nil
	}
	return ast.Unparen(sel.X)
}

// names reports whether a function contains a name.
func names(lit *ast.FuncLit, name string) bool {
	found := false
	ast.Inspect(lit, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

var timing = map[string]string{"context": "context", "time": "time", "guest": where.Guest}
