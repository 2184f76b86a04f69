package checks

import (
	"go/ast"
	"go/constant"
	"go/token"
	"slices"
	"strings"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// plainLines rewrites a call that asks for the UI thread. In a task the function becomes plain
// lines, because the task is on the UI thread already. In a Background function the guest's own
// call replaces it and keeps the order of posts.
func plainLines(in *where.Info, r *offers, f *where.Fn, stmt *ast.ExprStmt) {
	fn, name := toUI(in, stmt.X)
	if name == "" {
		return
	}
	s := sourceAt(in, stmt.Pos())
	if s == nil {
		return
	}
	switch {
	case f.Place.OnUI() && name != "IdleAdd" && in.CalledElsewhere(f):
		leave(r, stmt, "its function is also called where nothing says that it is the UI thread")
	case f.Place == where.Task && name != "IdleAdd", f.Place == where.Handler && name == "DoAndWait":
		if f.Place == where.Task && opensLoop(in, fn) {
			leave(r, stmt, "it runs a nested loop, which belongs in guest.Modal")
			return
		}
		text, ok := inlined(in, s, f, fn, false)
		if !ok {
			leave(r, stmt, "its function is not a plain function without results")
			return
		}
		offer(r, s, stmt, "fyne."+name+" in "+f.Place.String()+", which is on the UI thread already", "call the function in plain lines", text, nil)
	case name == "DoAndWait" && f.Decl != nil && !f.Place.OnUI():
		leave(r, stmt, "nothing says where "+f.Decl.Name.Name+" runs; give it a context for guest.CallOnMain, if it is never called on the UI thread")
	case f.Place == where.Background && name != "IdleAdd":
		ctx := nearest(in, f).ctx
		if ctx == nil || !visible(in, stmt.Pos(), ctx) || !free(in, s, stmt.Pos(), asks) {
			leave(r, stmt, "the background function's context has no name here")
			return
		}
		text, ok := asked(in, s, fn, name, ctx.Name(), returnsError(in, f))
		if opensLoop(in, fn) {
			leave(r, stmt, "it runs a nested loop, which belongs in guest.Modal")
			return
		}
		if !ok {
			leave(r, stmt, "its function is not a plain function without results")
			return
		}
		offer(r, s, stmt, "fyne."+name+" in a background function ignores cancellation, and its function may overtake the result", "use the guest's own call", text, asks)
	}
}

// opensLoop reports whether a function runs a nested loop of the toolkit.
func opensLoop(in *where.Info, fn ast.Expr) bool {
	f := in.Fn(fn)
	return f != nil && in.Summary(f).Spins != ""
}

// asks holds the imports that asked needs.
var asks = map[string]string{"context": "context", "guest": where.Guest}

// asked returns a call of RunOnMain or CallOnMain that replaces Do or DoAndWait.
func asked(in *where.Info, s *source, fn ast.Expr, name, ctx string, returns bool) (string, bool) {
	text := s.cut(fn.Pos(), fn.End(), nil)
	if name != "DoAndWait" {
		return "guest.RunOnMain(" + ctx + ", " + text + ")", true
	}
	body := text + "()"
	_, literal := ast.Unparen(fn).(*ast.FuncLit)
	if !literal && hasCall(fn) {
		return "", false
	}
	if lit, ok := ast.Unparen(fn).(*ast.FuncLit); ok && len(ownReturns(lit.Body)) == 0 {
		body = s.inside(lit.Body, nil)
	}
	call := "guest.CallOnMain(" + ctx + ", func(context.Context) (struct{}, error) {\n" + body + "\nreturn struct{}{}, nil\n})"
	if returns {
		return "if _, err := " + call + "; err != nil {\nreturn err\n}", true
	}
	return call, true
}

// returnsError reports whether a function's only result is an error.
func returnsError(in *where.Info, f *where.Fn) bool {
	res := f.Type().Results
	return res != nil && len(res.List) == 1 && len(res.List[0].Names) == 0 && exprString(res.List[0].Type) == "error"
}

// inlined returns the text of a function's body, to replace a call of the function. A body with
// returns, with deferred calls, or with names that mean something else outside remains a
// function and is called. If it comes last in a task's function, its returns may end the task.
func inlined(in *where.Info, s *source, f *where.Fn, fn ast.Expr, last bool) (string, bool) {
	lit, ok := ast.Unparen(fn).(*ast.FuncLit)
	if !ok {
		return s.cut(fn.Pos(), fn.End(), nil) + "()", true
	}
	list := lit.Body.List
	returns := ownReturns(lit.Body)
	var ends []edit
	if res := lit.Type.Results; res != nil { // IdleAdd: it runs once if it always returns false
		if n := len(list); n == 0 || !isReturn(in, list[n-1], false) || slices.ContainsFunc(returns, func(r *ast.ReturnStmt) bool { return !isReturn(in, r, false) }) {
			return "", false
		}
		end := list[len(list)-1]
		ends = []edit{{end.Pos(), end.End(), ""}}
		returns = returns[:len(returns)-1]
	}
	stays := len(returns) > 0 && !last || defers(lit.Body) || usesRecover(lit.Body) || labels(lit.Body)
	for _, r := range returns {
		text := "return nil"
		if stays {
			text = "return"
		}
		ends = append(ends, edit{r.Pos(), r.End(), text})
	}
	if stays && lit.Type.Results != nil {
		return "func() {\n" + s.inside(lit.Body, ends) + "\n}()", true
	}
	if stays {
		return "func() " + s.cut(lit.Body.Pos(), lit.Body.End(), ends) + "()", true
	}
	return block(in, s, lit, ends, last), true
}

// block returns a body, in braces if it declares names and something comes after it.
func block(in *where.Info, s *source, lit *ast.FuncLit, edits []edit, last bool) string {
	text := s.inside(lit.Body, edits)
	if declares(lit.Body.List) && !last || clashes(in, lit) {
		return "{\n" + text + "\n}"
	}
	return text
}

// declares reports whether statements declare names.
func declares(list []ast.Stmt) bool {
	for _, stmt := range list {
		switch stmt := stmt.(type) {
		case *ast.DeclStmt, *ast.LabeledStmt:
			return true
		case *ast.AssignStmt:
			if stmt.Tok == token.DEFINE {
				return true
			}
		}
	}
	return false
}

// clashes reports whether a body declares a name that also exists outside.
func clashes(in *where.Info, lit *ast.FuncLit) bool {
	scope := in.Pass.TypesInfo.Scopes[lit.Type]
	if scope == nil {
		return true
	}
	for _, name := range scope.Names() {
		if _, obj := scope.Parent().LookupParent(name, token.NoPos); obj != nil || name == "ctx" || name == "err" {
			return true
		}
	}
	return false
}

// isReturn reports whether a statement returns a constant.
func isReturn(in *where.Info, stmt ast.Stmt, value bool) bool {
	r, ok := stmt.(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	v := in.Pass.TypesInfo.Types[r.Results[0]].Value
	return v != nil && v.Kind() == constant.Bool && constant.BoolVal(v) == value
}

// labels reports whether a body has labels, which must be unique in a function.
func labels(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		_, l := n.(*ast.LabeledStmt)
		found = found || l
		return !found
	})
	return found
}

func defers(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		_, lit := n.(*ast.FuncLit)
		_, d := n.(*ast.DeferStmt)
		found = found || d
		return !lit
	})
	return found
}

func usesRecover(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && strings.HasPrefix(exprString(call.Fun), "recover") {
			found = true
		}
		return !found
	})
	return found
}
