package checks

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// plainWork returns the one statement of a part that can be Background's result: v, err :=
// f(…), or err := f(…), or v := f(…) if err is not used as a name.
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

// says reports whether the goroutine contains a name.
func (m *mover) says(name string) bool {
	found := false
	ast.Inspect(m.lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

// result writes a part with one call, whose result becomes Background's result.
func (m *mover) result(b *strings.Builder, p part, a *ast.AssignStmt) {
	v, err := variable(m.in, a.Lhs[0]), variable(m.in, a.Lhs[len(a.Lhs)-1])
	call := m.cut(a, a.Rhs[0].Pos(), a.Rhs[0].End(), "")
	head := "(" + m.ctx + ", func(" + m.inner(p) + " context.Context) "
	tail := m.src.cut(a.End(), m.after(a), nil)
	leave := "if " + m.ctx + ".Err() != nil {\nreturn " + m.ctx + ".Err()\n}\n"
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

// work writes a part that runs in Background. If the part may return in its middle, its result
// says whether to go on.
func (m *mover) work(b *strings.Builder, p part, last bool) {
	if a := m.plainWork(p); a != nil {
		m.result(b, p, a)
		return
	}
	list := slices.DeleteFunc(slices.Clone(p.list), func(stmt ast.Stmt) bool { return m.hoist[stmt] })
	if len(list) == 0 {
		return
	}
	head, leave, foot := "if err := guest.BackgroundFunc", "return nil", "; err != nil {\nreturn err\n}\n"
	results := " context.Context) error {\n"
	stop := leave
	if !last && m.returns(p) {
		head, leave, stop = "if goOn, err := guest.Background", "return true, nil", "return false, nil"
		results, foot = " context.Context) (bool, error) {\n", "; err != nil || !goOn {\nreturn err\n}\n"
		if m.says("goOn") {
			m.no("the name goOn is taken")
		}
	}
	b.WriteString(head + "(" + m.ctx + ", func(" + m.inner(p) + results)
	for i, stmt := range list {
		from := stmt.Pos()
		if i == 0 {
			from = m.before(stmt)
		}
		b.WriteString(m.cut(stmt, from, m.after(stmt), stop) + "\n")
		if i+1 < len(list) {
			b.WriteString(m.gap(stmt, list[i+1]))
		}
	}
	b.WriteString(leave + "\n})" + foot)
}

// returns reports whether a part may return in its middle.
func (m *mover) returns(p part) bool {
	return slices.ContainsFunc(p.list, func(stmt ast.Stmt) bool { return len(ownReturns(stmt)) > 0 })
}

// inner returns the name of the background function's own context. It has a name only if the
// part posts.
func (m *mover) inner(p part) string {
	for _, stmt := range p.list {
		if len(m.posts(stmt)) > 0 {
			return m.ctx
		}
	}
	return "_"
}

// cut returns the text of a statement of the work, with three changes: lifted variables are set
// and not declared, posts go to the guest, and returns are rewritten.
func (m *mover) cut(stmt ast.Stmt, from, to token.Pos, stop string) string {
	edits := m.posts(stmt)
	for _, r := range ownReturns(stmt) {
		edits = append(edits, edit{r.Pos(), r.End(), stop})
	}
	if a, ok := stmt.(*ast.AssignStmt); ok && m.assignsLifted(a) && from <= a.TokPos {
		edits = append(edits, edit{a.TokPos, a.TokPos + 2, "="})
	}
	return m.src.cut(from, to, edits)
}

// posts returns the edits that pass a statement's posts to the guest, so that they keep their
// place before the result.
func (m *mover) posts(stmt ast.Stmt) []edit {
	var edits []edit
	later := 0 // function literals around the call
	ast.PreorderStack(stmt, nil, func(n ast.Node, stack []ast.Node) bool {
		later = 0
		for _, around := range stack {
			if _, ok := around.(*ast.FuncLit); ok {
				later++
			}
		}
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
		if !m.once(fn) {
			m.no("what it posts in the middle of its work may repeat")
			return false
		}
		if later > 0 && name == "DoAndWait" {
			m.no("a function in it waits for the UI thread, perhaps when the work has ended")
		}
		if opensLoop(m.in, fn) {
			m.no("it posts a function that runs a nested loop, which belongs in guest.Modal")
		}
		text, ok := asked(m.in, m.src, fn, name, m.ctx, false)
		if !ok {
			m.no("what it posts is computed by a call")
		}
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
		fn, name := toUI(m.in, stmt.X)
		if name == "" { // a call that logs
			b.WriteString(m.src.cut(m.before(stmt), m.after(stmt), nil) + "\n")
			return
		}
		text, ok := inlined(m.in, m.src, nil, fn, last)
		if !ok {
			m.no("a function of glib.IdleAdd may repeat")
		}
		if _, lit := ast.Unparen(fn).(*ast.FuncLit); !lit && hasCall(fn) {
			m.no("what it posts is computed by a call")
		}
		if opensLoop(m.in, fn) {
			m.no("it runs a nested loop, which belongs in guest.Modal")
		}
		b.WriteString(m.comment(stmt) + text + m.src.cut(stmt.End(), m.after(stmt), nil) + "\n")
	case *ast.DeferStmt:
		fn, _ := toUI(m.in, stmt.Call)
		if _, lit := ast.Unparen(fn).(*ast.FuncLit); !lit && hasCall(fn) {
			m.no("what it posts is computed by a call")
		}
		b.WriteString(m.comment(stmt) + "defer " + m.src.cut(fn.Pos(), fn.End(), nil) + "()\n")
	case *ast.IfStmt:
		b.WriteString(m.comment(stmt) + "if " + m.src.cut(stmt.Cond.Pos(), stmt.Cond.End(), nil) + " {\n")
		for _, s := range stmt.Body.List {
			m.showOne(b, s, false)
		}
		b.WriteString("}\n")
	}
}

// comment returns the text of the comments directly above a statement.
func (m *mover) comment(stmt ast.Stmt) string { return m.src.cut(m.before(stmt), stmt.Pos(), nil) }

// before returns where the comments directly above a statement begin.
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

// alone reports whether a comment is the first thing in its line.
func (m *mover) alone(c *ast.CommentGroup) bool {
	start := m.src.tok.LineStart(m.src.tok.Line(c.Pos()))
	return strings.TrimSpace(string(m.src.bytes[m.src.tok.Offset(start):m.src.tok.Offset(c.Pos())])) == ""
}

// after returns the end of a statement, including the comment behind it in its line.
func (m *mover) after(stmt ast.Stmt) token.Pos {
	for _, c := range m.src.file.Comments {
		if c.Pos() >= stmt.End() && m.src.tok.Line(c.Pos()) == m.src.tok.Line(stmt.End()) && c.End() < m.lit.Body.Rbrace {
			return c.End()
		}
	}
	return stmt.End()
}

// lineAfter returns where the line after a statement begins, if nothing else follows on its line.
func (m *mover) lineAfter(stmt ast.Stmt) token.Pos {
	end := m.after(stmt)
	if m.src.bytes[m.src.tok.Offset(end)] == '\n' {
		end++
	}
	return end
}

// gap returns what is between two statements of the work: comments and blank lines.
func (m *mover) gap(a, b ast.Stmt) string {
	var moved []edit // declarations that stand before the work now
	for stmt := range m.hoist {
		if a.End() <= stmt.Pos() && stmt.End() <= b.Pos() {
			moved = append(moved, edit{m.before(stmt), m.lineAfter(stmt), ""})
		}
	}
	_, text, _ := strings.Cut(m.src.cut(m.after(a), b.Pos(), moved), "\n")
	return text
}
