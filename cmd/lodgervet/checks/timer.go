package checks

import (
	"go/ast"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// repeats rewrites a glib.TimeoutAdd whose function always returns true to guest.Every. One that
// stops by false is left: how its end is told to others is the program's business.
func repeats(in *where.Info, r *where.Reporter, f *where.Fn, stmt *ast.ExprStmt) {
	call, ok := stmt.X.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 || where.Name(in.Callee(call)) != where.Gotk3+"glib.TimeoutAdd" {
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
		if !isReturn(ret, "true") {
			leave(r, stmt, "the timer also stops by itself")
			return
		}
		edits = append(edits, edit{ret.Pos(), ret.End(), "return nil"})
	}
	start := starter(in, s, f, stmt.Pos())
	if start == "" || !free(in, s, stmt.Pos(), timing) {
		leave(r, stmt, "no guest is in sight")
		return
	}
	period := "time.Duration(" + s.cut(call.Args[0].Pos(), call.Args[0].End(), nil) + ")*time.Millisecond"
	if b, ok := call.Args[0].(*ast.BasicLit); ok {
		period = b.Value + "*time.Millisecond"
	}
	text := start + "func(ctx context.Context) error {\nreturn guest.Every(ctx, " + period + ", func(ctx context.Context) error {\n" +
		s.inside(lit.Body, edits) + "\n}, nil).Wait(ctx)\n})"
	offer(r, s, stmt, "glib.TimeoutAdd goes on when its window is closed; a task can be cancelled", "use guest.Every", text, needs(in, text, timing))
}

var timing = map[string]string{"context": "context", "time": "time", "guest": where.Guest}
