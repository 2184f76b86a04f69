package checks

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// A mover turns a goroutine that works and then shows something into a task: what works moves
// into Background, what was given to fyne.Do or glib.IdleAdd becomes plain lines between.
type mover struct {
	in    *where.Info
	src   *source
	lit   *ast.FuncLit
	parts []part
	ctx   string              // what the task's context is called
	lift  map[*types.Var]bool // variables that must be declared in the task itself
	why   string              // why it cannot be done
}

// A part is a run of statements that belong to one place.
type part struct {
	ui   bool
	list []ast.Stmt
}

func moveGoroutine(in *where.Info, r *where.Reporter, f *where.Fn, stmt *ast.GoStmt) {
	lit, ok := ast.Unparen(stmt.Call.Fun).(*ast.FuncLit)
	s := sourceAt(in, stmt.Pos())
	if !ok || s == nil {
		return
	}
	m := &mover{in: in, src: s, lit: lit, lift: map[*types.Var]bool{}}
	if !m.shows() {
		if len(m.calls(lit.Body)) > 0 {
			leave(r, stmt, "it posts only from the middle of its work")
		}
		return
	}
	start := starter(in, s, f, stmt.Pos())
	switch {
	case len(stmt.Call.Args) > 0:
		m.no("the goroutine is given arguments")
	case start == "":
		m.no("no guest is in sight")
	case !free(in, s, stmt.Pos(), asks):
		m.no("the name guest or context means something else here")
	}
	text := m.text(start)
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			if lit.Body.Lbrace < c.Pos() && c.End() < lit.Body.Rbrace && !strings.Contains(text, c.Text) {
				m.no("a comment would be lost")
			}
		}
	}
	if m.why != "" {
		leave(r, stmt, m.why)
		return
	}
	offer(r, s, stmt, "a goroutine that posts to the UI thread is a task in two places", "make it a task with Background", text, needs(in, text, asks))
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

// calls are the statements inside n that post to the UI thread.
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

// isUI reports whether a statement of the goroutine can run on the UI thread as it is: a call of
// fyne.Do or glib.IdleAdd, deferred or not; a return; an if without calls around only those.
func (m *mover) isUI(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		_, name := toUI(m.in, stmt.X)
		return name != ""
	case *ast.DeferStmt:
		_, name := toUI(m.in, stmt.Call)
		return name != "" && name != "IdleAdd"
	case *ast.ReturnStmt:
		return true
	case *ast.IfStmt:
		if stmt.Init != nil || stmt.Else != nil || hasCall(stmt.Cond) {
			return false
		}
		for _, s := range stmt.Body.List {
			if _, deferred := s.(*ast.DeferStmt); deferred || !m.isUI(s) {
				return false
			}
		}
		return true
	}
	return false
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

// text is the task.
func (m *mover) text(start string) string {
	m.split()
	m.name()
	for _, p := range m.parts {
		if !p.ui {
			m.check(p)
		}
	}
	m.liftAll()
	var b strings.Builder
	b.WriteString(start + "func(" + m.ctx + " context.Context) error {\n")
	list := m.lit.Body.List
	b.WriteString(m.loose(m.lit.Body.Lbrace+1, m.before(list[0])))
	b.WriteString(m.declarations())
	for i, p := range m.parts {
		if p.ui {
			m.show(&b, p, i == len(m.parts)-1)
		} else {
			m.work(&b, p)
		}
	}
	b.WriteString(m.loose(m.after(list[len(list)-1]), m.lit.Body.Rbrace) + "return nil\n})")
	return b.String()
}

// loose are the comments at the beginning, or the end, that belong to no statement.
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
		m.no("nothing in it works off the UI thread")
	}
}

// name chooses a name for the context that the goroutine does not use for something else.
func (m *mover) name() {
	m.ctx = "ctx"
	if m.says("ctx") {
		m.ctx = "taskCtx"
	}
	if m.says(m.ctx) {
		m.no("the names ctx and taskCtx are taken")
	}
}

// check refuses work that ends the goroutine in the middle, may never end, or is deferred.
func (m *mover) check(p part) {
	for _, stmt := range p.list {
		if len(ownReturns(stmt)) > 0 {
			m.no("it returns in the middle of its work")
		}
		if usesRecover(stmt) {
			m.no("it recovers panics")
		}
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.DeferStmt:
				m.no("it defers part of its work")
			case *ast.LabeledStmt:
				m.no("it has labels")
			case *ast.ForStmt:
				if n.Cond == nil {
					m.no("it has an endless loop")
				}
			}
			if what := m.in.Blocking(n, nil); strings.Contains(what, "channel") || strings.Contains(what, "select") {
				m.no("it waits for a channel, perhaps for ever")
			}
			return true
		})
	}
}

// liftAll finds the variables that one part declares and a later one uses, and those that an
// assignment declares together with such a one.
func (m *mover) liftAll() {
	for i, p := range m.parts {
		if p.ui {
			continue
		}
		for _, stmt := range p.list {
			for _, v := range m.declared(stmt) {
				for _, later := range m.parts[i+1:] {
					if usedIn(m.in, later.list, v) {
						m.liftOne(stmt, v)
					}
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, p := range m.parts {
			for _, stmt := range p.list {
				if a, ok := stmt.(*ast.AssignStmt); ok && !p.ui && m.assignsLifted(a) {
					changed = m.liftWith(a) || changed
				}
			}
		}
	}
}

// liftWith lifts all that an assignment declares, and reports whether that is new.
func (m *mover) liftWith(a *ast.AssignStmt) bool {
	changed := false
	for _, obj := range m.declared(a) {
		if v, ok := obj.(*types.Var); ok && !m.lift[v] {
			m.lift[v], changed = true, true
		}
	}
	return changed
}

func (m *mover) liftOne(stmt ast.Stmt, v types.Object) {
	if v, ok := v.(*types.Var); ok {
		if _, ok := stmt.(*ast.AssignStmt); ok {
			m.lift[v] = true
			return
		}
	}
	m.no("what it declares is used later")
}

// declared is what a statement declares in the goroutine's own block.
func (m *mover) declared(stmt ast.Stmt) []types.Object {
	var list []types.Object
	add := func(id *ast.Ident) {
		if obj := m.in.Pass.TypesInfo.Defs[id]; obj != nil && id.Name != "_" {
			list = append(list, obj)
		}
	}
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		for _, lhs := range stmt.Lhs {
			if id, ok := lhs.(*ast.Ident); ok {
				add(id)
			}
		}
	case *ast.DeclStmt:
		ast.Inspect(stmt, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				add(id)
			}
			_, lit := n.(*ast.FuncLit)
			return !lit
		})
	}
	return list
}

// assignsLifted reports whether a := has a lifted variable on its left.
func (m *mover) assignsLifted(a *ast.AssignStmt) bool {
	if a.Tok != token.DEFINE {
		return false
	}
	for _, lhs := range a.Lhs {
		if v := variable(m.in, lhs); v != nil && m.lift[v] {
			return true
		}
	}
	return false
}

// declarations are those of the lifted variables, in the order of the source. One that a whole
// part returns (see plainWork) is declared there.
func (m *mover) declarations() string {
	var b strings.Builder
	for _, p := range m.parts {
		if p.ui || m.plainWork(p) != nil {
			continue
		}
		for _, stmt := range p.list {
			for _, obj := range m.declared(stmt) {
				if v, ok := obj.(*types.Var); ok && m.lift[v] {
					b.WriteString("var " + v.Name() + " " + m.typeText(v.Type()) + "\n")
				}
			}
		}
	}
	return b.String()
}

// typeText is a type as this file writes it.
func (m *mover) typeText(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == m.in.Pass.Pkg {
			return ""
		}
		name := importName(m.src.file, p.Path(), p.Name())
		if name == "" || name == "_" || name == "." {
			m.no("the file does not import " + p.Path() + ", whose type it would have to name")
		}
		return name
	})
}

// plainWork is the one statement of a part that can be Background's result: v, err := f(…), or
// err := f(…), or v := f(…) where nothing is called err.
func (m *mover) plainWork(p part) *ast.AssignStmt {
	if p.ui || len(p.list) != 1 {
		return nil
	}
	a, ok := p.list[0].(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE || len(a.Lhs) > 2 || len(a.Rhs) != 1 || len(m.declared(a)) != len(a.Lhs) {
		return nil
	}
	last := variable(m.in, a.Lhs[len(a.Lhs)-1])
	if _, call := a.Rhs[0].(*ast.CallExpr); !call || last == nil {
		return nil
	}
	if last.Type().String() != "error" && (len(a.Lhs) == 2 || m.says("err")) {
		return nil
	}
	return a
}

// says reports whether the goroutine has a name in it.
func (m *mover) says(name string) bool {
	found := false
	ast.Inspect(m.lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

// result writes a part whose one call gives Background its result.
func (m *mover) result(b *strings.Builder, p part, a *ast.AssignStmt) {
	v, err := variable(m.in, a.Lhs[0]), variable(m.in, a.Lhs[len(a.Lhs)-1])
	call := m.cut(a, a.Rhs[0].Pos(), a.Rhs[0].End())
	head := "(" + m.ctx + ", func(" + m.inner(p) + " context.Context) "
	tail := m.src.cut(a.End(), m.after(a), nil)
	leave := "if " + m.ctx + ".Err() != nil {\nreturn " + err.Name() + "\n}\n"
	b.WriteString(m.comment(a))
	switch {
	case len(a.Lhs) == 2:
		b.WriteString(v.Name() + ", " + err.Name() + " := guest.Background" + head + "(" + m.typeText(v.Type()) + ", error) {\nreturn " + call + tail + "\n})\n" + leave)
	case v.Type().String() == "error":
		b.WriteString(err.Name() + " := guest.BackgroundFunc" + head + "error {\nreturn " + call + tail + "\n})\n" + leave)
	default:
		b.WriteString(v.Name() + ", err := guest.Background" + head + "(" + m.typeText(v.Type()) + ", error) {\nreturn " + call + ", nil" + tail + "\n})\nif err != nil {\nreturn err\n}\n")
	}
}

// work writes a part that runs in Background.
func (m *mover) work(b *strings.Builder, p part) {
	if a := m.plainWork(p); a != nil {
		m.result(b, p, a)
		return
	}
	b.WriteString("if err := guest.BackgroundFunc(" + m.ctx + ", func(" + m.inner(p) + " context.Context) error {\n")
	for i, stmt := range p.list {
		from := stmt.Pos()
		if i == 0 {
			from = m.before(stmt)
		}
		b.WriteString(m.cut(stmt, from, m.after(stmt)) + "\n")
		if i+1 < len(p.list) {
			b.WriteString(m.gap(stmt, p.list[i+1]))
		}
	}
	b.WriteString("return nil\n}); err != nil {\nreturn err\n}\n")
}

// inner is the name of the background function's own context: none, unless the part posts.
func (m *mover) inner(p part) string {
	for _, stmt := range p.list {
		if len(m.posts(stmt)) > 0 {
			return m.ctx
		}
	}
	return "_"
}

// cut is the text of a statement of the work, with lifted variables set instead of declared, and
// what it posts given to the guest.
func (m *mover) cut(stmt ast.Stmt, from, to token.Pos) string {
	edits := m.posts(stmt)
	if a, ok := stmt.(*ast.AssignStmt); ok && m.assignsLifted(a) && from <= a.TokPos {
		edits = append(edits, edit{a.TokPos, a.TokPos + 2, "="})
	}
	return m.src.cut(from, to, edits)
}

// posts are the edits that give what a statement posts to the guest, so that it keeps its place
// before the result.
func (m *mover) posts(stmt ast.Stmt) []edit {
	var edits []edit
	ast.Inspect(stmt, func(n ast.Node) bool {
		x, ok := n.(*ast.ExprStmt)
		if !ok {
			if call, ok := n.(*ast.CallExpr); ok {
				if _, name := toUI(m.in, call); name != "" {
					m.no("it posts in the middle of an expression")
				}
			}
			return true
		}
		fn, name := toUI(m.in, x.X)
		if name == "" {
			return true
		}
		if name == "IdleAdd" {
			m.no("it posts with glib.IdleAdd in the middle of its work")
			return false
		}
		text, _ := asked(m.in, m.src, fn, name, m.ctx, false)
		edits = append(edits, edit{x.Pos(), x.End(), text})
		return false
	})
	return edits
}

// show writes a part that runs in the task.
func (m *mover) show(b *strings.Builder, p part, last bool) {
	for i, stmt := range p.list {
		m.showOne(b, stmt, last && i == len(p.list)-1)
	}
}

func (m *mover) showOne(b *strings.Builder, stmt ast.Stmt, last bool) {
	switch stmt := stmt.(type) {
	case *ast.ReturnStmt:
		b.WriteString(m.comment(stmt) + "return nil" + m.src.cut(stmt.End(), m.after(stmt), nil) + "\n")
	case *ast.ExprStmt:
		fn, _ := toUI(m.in, stmt.X)
		text, ok := inlined(m.in, m.src, nil, fn, last)
		if !ok {
			m.no("a function of glib.IdleAdd repeats, or returns in the middle")
		}
		b.WriteString(m.comment(stmt) + text + m.src.cut(stmt.End(), m.after(stmt), nil) + "\n")
	case *ast.DeferStmt:
		fn, _ := toUI(m.in, stmt.Call)
		b.WriteString(m.comment(stmt) + "defer " + m.src.cut(fn.Pos(), fn.End(), nil) + "()\n")
	case *ast.IfStmt:
		b.WriteString(m.comment(stmt) + "if " + m.src.cut(stmt.Cond.Pos(), stmt.Cond.End(), nil) + " {\n")
		for _, s := range stmt.Body.List {
			m.showOne(b, s, false)
		}
		b.WriteString("}\n")
	}
}

// comment is the text of the comments right above a statement.
func (m *mover) comment(stmt ast.Stmt) string { return m.src.cut(m.before(stmt), stmt.Pos(), nil) }

// before is where the comments right above a statement begin.
func (m *mover) before(stmt ast.Stmt) token.Pos {
	line, pos := m.src.tok.Line(stmt.Pos()), stmt.Pos()
	for i := len(m.src.file.Comments) - 1; i >= 0; i-- {
		c := m.src.file.Comments[i]
		if c.Pos() > m.lit.Body.Lbrace && c.End() <= pos && m.src.tok.Line(c.End()) == line-1 && m.alone(c) {
			pos, line = c.Pos(), m.src.tok.Line(c.Pos())
		}
	}
	return pos
}

// alone reports whether nothing stands before a comment in its line.
func (m *mover) alone(c *ast.CommentGroup) bool {
	start := m.src.tok.LineStart(m.src.tok.Line(c.Pos()))
	return strings.TrimSpace(string(m.src.bytes[m.src.tok.Offset(start):m.src.tok.Offset(c.Pos())])) == ""
}

// after is the end of a statement, with the comment behind it in its line.
func (m *mover) after(stmt ast.Stmt) token.Pos {
	for _, c := range m.src.file.Comments {
		if c.Pos() >= stmt.End() && m.src.tok.Line(c.Pos()) == m.src.tok.Line(stmt.End()) && c.End() < m.lit.Body.Rbrace {
			return c.End()
		}
	}
	return stmt.End()
}

// gap is what stands between two statements of the work: comments and blank lines.
func (m *mover) gap(a, b ast.Stmt) string {
	_, text, _ := strings.Cut(m.src.cut(m.after(a), b.Pos(), nil), "\n")
	return text
}
