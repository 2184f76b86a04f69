package checks

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// A mover turns a goroutine that works and then shows something into a task. The work moves
// into Background. Functions that were passed to fyne.Do or glib.IdleAdd become plain lines.
type mover struct {
	in    *where.Info
	src   *source
	lit   *ast.FuncLit
	parts []part
	ctx   string              // name of the task's context
	lift  map[*types.Var]bool // variables that must be declared in the task itself
	hoist map[ast.Stmt]bool   // declarations that move there unchanged
	why   string              // why it can't be done
}

// A part is a sequence of statements that belong to one place.
type part struct {
	ui   bool
	list []ast.Stmt
}

func moveGoroutine(in *where.Info, r *offers, f *where.Fn, stmt *ast.GoStmt) {
	lit, ok := ast.Unparen(stmt.Call.Fun).(*ast.FuncLit)
	s := sourceAt(in, stmt.Pos())
	if !ok || s == nil {
		postsItself(in, r, stmt, stmt.Call)
		return
	}
	m := &mover{in: in, src: s, lit: lit, lift: map[*types.Var]bool{}, hoist: map[ast.Stmt]bool{}}
	if !m.shows() {
		if len(m.calls(lit.Body)) > 0 {
			leave(r, stmt, "it posts only from the middle of its work")
		} else {
			postsInside(in, r, stmt, lit)
		}
		return
	}
	start := starter(in, s, f, stmt.Pos())
	switch {
	case !sameArgs(in, lit, stmt.Call):
		m.no("the goroutine is given arguments")
	case !f.Place.OffUI() && waitsAfter(in, f, stmt):
		m.no("the function around it blocks, perhaps until the goroutine has ended")
	case lit.Type.Results != nil:
		m.no("its function has results")
	case start == "":
		m.no("no guest is in sight")
	case !free(in, s, stmt.Pos(), asks):
		m.no("the name guest or context means something else here")
	}
	text := m.text(start)
	if m.why != "" {
		leave(r, stmt, m.why)
		return
	}
	offer(r, s, stmt, "a goroutine that posts to the UI thread can be one task", "make it a task with Background", text, needs(in, text, asks))
}

func (m *mover) no(reason string) {
	if m.why == "" {
		m.why = reason
	}
}

// shows reports whether a statement of the goroutine itself posts to the UI thread.
func (m *mover) shows() bool {
	for _, stmt := range m.lit.Body.List {
		if d, ok := stmt.(*ast.DeferStmt); ok && m.isUI(d) || m.isUI(stmt) && len(m.calls(stmt)) > 0 {
			return true
		}
	}
	return false
}

// calls returns the statements inside n that post to the UI thread.
func (m *mover) calls(n ast.Node) []*ast.ExprStmt {
	var list []*ast.ExprStmt
	ast.Inspect(n, func(n ast.Node) bool {
		if x, ok := n.(*ast.ExprStmt); ok {
			if _, name := toUI(m.in, x.X); name != "" {
				list = append(list, x)
				return false
			}
		}
		return true
	})
	return list
}

func isReturnStmt(stmt ast.Stmt) bool {
	_, ok := stmt.(*ast.ReturnStmt)
	return ok
}

// isUI reports whether a statement of the goroutine can run on the UI thread as it is. Such a
// statement is a call of fyne.Do or glib.IdleAdd, deferred or not, a return, or a call that
// logs. It can also be an if without calls that contains only such statements.
func (m *mover) isUI(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		_, name := toUI(m.in, stmt.X)
		return name != ""
	case *ast.DeferStmt:
		fn, name := toUI(m.in, stmt.Call)
		return name != "" && m.once(fn)
	case *ast.ReturnStmt:
		return true
	case *ast.IfStmt:
		if stmt.Init != nil || stmt.Else != nil || hasCall(stmt.Cond) {
			return false
		}
		for _, s := range stmt.Body.List {
			if _, deferred := s.(*ast.DeferStmt); deferred || !m.isUI(s) && !m.logs(s) {
				return false
			}
		}
		return true
	}
	return false
}

// logs reports whether a statement writes to a log, which may happen on any thread.
func (m *mover) logs(stmt ast.Stmt) bool {
	x, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := m.in.Callee(call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	pkg := fn.Pkg().Path()
	return pkg == "log" || pkg == "log/slog" || where.Name(fn) == where.Fyne+".LogError"
}

// once reports whether a function has no result that could ask for another call.
func (m *mover) once(fn ast.Expr) bool {
	sig, ok := types.Unalias(m.in.Pass.TypesInfo.TypeOf(fn)).(*types.Signature)
	return ok && sig.Results().Len() == 0
}

func hasCall(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr, *ast.StarExpr, *ast.IndexExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// text returns the source of the task.
func (m *mover) text(start string) string {
	m.split()
	m.name()
	for _, p := range m.parts {
		if !p.ui {
			m.check(p)
		}
	}
	m.liftAll()
	m.hides()
	m.ownNames()
	var b strings.Builder
	b.WriteString(start + "func(" + m.ctx + " context.Context) error {\n")
	list := m.lit.Body.List
	b.WriteString(m.loose(m.lit.Body.Lbrace+1, m.before(list[0])))
	b.WriteString(m.declarations())
	for i, p := range m.parts {
		if p.ui {
			m.show(&b, p, i == len(m.parts)-1)
		} else {
			m.work(&b, p, i == len(m.parts)-1)
		}
	}
	b.WriteString(m.loose(m.after(list[len(list)-1]), m.lit.Body.Rbrace) + "return nil\n})")
	return b.String()
}

// loose returns the comments at the beginning or the end that belong to no statement.
func (m *mover) loose(from, to token.Pos) string {
	text := strings.TrimSpace(m.src.cut(from, to, nil))
	if text == "" {
		return ""
	}
	return text + "\n"
}

// split finds the parts. A return at the very end is not needed.
func (m *mover) split() {
	list := m.lit.Body.List
	if n := len(list); n > 0 && isReturnStmt(list[n-1]) {
		list = list[:n-1]
	}
	works := false
	for _, stmt := range list {
		ui := m.isUI(stmt)
		works = works || !ui
		if n := len(m.parts); n > 0 && m.parts[n-1].ui == ui {
			m.parts[n-1].list = append(m.parts[n-1].list, stmt)
		} else {
			m.parts = append(m.parts, part{ui, []ast.Stmt{stmt}})
		}
	}
	if !works {
		m.no("nothing in it needs to run off the UI thread")
	}
}

// name chooses a name for the context that the goroutine does not use already.
func (m *mover) name() {
	m.ctx = "ctx"
	if m.says("ctx") {
		m.ctx = "taskCtx"
	}
	if m.says(m.ctx) {
		m.no("the names ctx and taskCtx are taken")
	}
}
