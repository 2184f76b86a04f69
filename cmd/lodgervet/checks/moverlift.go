package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

// liftAll finds the variables that one part declares and a later one uses. It also finds those
// that the same assignment declares with such a variable.
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

// hides refuses variables whose names mean other variables earlier in the goroutine, as in rows
// := slices.Clone(rows). Declared in the task itself, they would hide those.
func (m *mover) hides() {
	names := map[string]*types.Var{}
	for v := range m.lift {
		names[v.Name()] = v
	}
	for stmt := range m.hoist {
		for _, obj := range m.declared(stmt) {
			names[obj.Name()], _ = obj.(*types.Var)
		}
	}
	ast.Inspect(m.lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || names[id.Name] == nil {
			return true
		}
		obj := m.in.Pass.TypesInfo.Uses[id]
		if v, ok := obj.(*types.Var); obj != nil && (!ok || !v.IsField()) && !within(obj, m.lit) {
			m.no("it has a variable " + id.Name + " and uses another one outside")
		}
		return true
	})
}

// liftWith lifts all variables that an assignment declares, and reports whether any of them was
// not lifted before.
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
	if d, ok := stmt.(*ast.DeclStmt); ok && isBare(d) {
		m.hoist[stmt] = true
		return
	}
	m.no("what it declares is used later")
}

// isBare reports whether a declaration runs no code, so that it may move to an earlier place.
func isBare(d *ast.DeclStmt) bool {
	for _, spec := range d.Decl.(*ast.GenDecl).Specs {
		if v, ok := spec.(*ast.ValueSpec); !ok || len(v.Values) > 0 {
			return false
		}
	}
	return true
}

// declared returns what a statement declares in the goroutine's own block.
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

// declarations returns the declarations of the lifted variables, in the order of the source. A
// variable that a whole part returns (see plainWork) is declared there.
func (m *mover) declarations() string {
	var b strings.Builder
	for _, p := range m.parts {
		if p.ui || m.plainWork(p) != nil {
			continue
		}
		for _, stmt := range p.list {
			if m.hoist[stmt] {
				b.WriteString(m.src.cut(m.before(stmt), m.after(stmt), nil) + "\n")
			}
			for _, obj := range m.declared(stmt) {
				if v, ok := obj.(*types.Var); ok && m.lift[v] {
					b.WriteString("var " + v.Name() + " " + m.typeText(v.Type()) + "\n")
				}
			}
		}
	}
	return b.String()
}

// typeText returns a type as this file writes it where the goroutine starts.
func (m *mover) typeText(t types.Type) string {
	text := types.TypeString(t, func(p *types.Package) string {
		if p == m.in.Pass.Pkg {
			return ""
		}
		name := importName(m.src.file, p.Path(), p.Name())
		if name == "" || name == "_" || name == "." {
			m.no("the file does not import " + p.Path() + ", whose type it would have to name")
		}
		return name
	})
	if m.why == "" && !m.means(text, t) {
		m.no("it would have to name a type that has no name here: " + text)
	}
	return text
}

// means reports whether a text names a type where the goroutine starts.
func (m *mover) means(text string, t types.Type) bool {
	x, err := parser.ParseExpr(text)
	if err != nil {
		return false
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if types.CheckExpr(m.in.Pass.Fset, m.in.Pass.Pkg, m.lit.Pos(), x, info) != nil {
		return false
	}
	return info.Types[x].IsType() && types.Identical(info.Types[x].Type, t)
}
