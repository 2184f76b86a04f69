package where

import (
	"go/ast"
	"go/token"
	"go/types"
)

// count counts how often variables are set. A variable that is set once can be trusted.
func (in *Info) count(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, lhs := range n.Lhs {
			in.set(lhs, 1)
		}
	case *ast.ValueSpec:
		for _, name := range n.Names {
			if len(n.Values) > 0 {
				in.set(name, 1)
			} else {
				in.bare[in.Pass.TypesInfo.Defs[name]] = true
			}
		}
	case *ast.RangeStmt:
		in.set(n.Key, 1)
		in.set(n.Value, 1)
	case *ast.IncDecStmt:
		in.set(n.X, 1)
	case *ast.ForStmt: // each round has its own variables
		switch post := n.Post.(type) {
		case *ast.IncDecStmt:
			in.set(post.X, -1)
		case *ast.AssignStmt:
			for _, lhs := range post.Lhs {
				in.set(lhs, -1)
			}
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND { // a variable whose address is taken may be set anywhere
			in.set(n.X, 2)
		}
	}
}

func (in *Info) set(x ast.Expr, times int) {
	if id, ok := x.(*ast.Ident); ok {
		if obj := in.Pass.TypesInfo.ObjectOf(id); obj != nil {
			in.sets[obj] += times
		}
	}
}

// Fixed reports whether a parameter or a local variable keeps its value from its declaration
// on. A struct or an array never counts as fixed.
func (in *Info) Fixed(v *types.Var) bool {
	switch v.Type().Underlying().(type) {
	case *types.Struct, *types.Array:
		return false
	}
	switch v.Kind() {
	case types.ParamVar, types.RecvVar:
		return in.sets[v] == 0
	case types.LocalVar:
		return in.sets[v] == 1 && !in.bare[v]
	}
	return false
}

// alias returns the function or method that a local variable stands for, as after f := b.load.
func (in *Info) alias(obj types.Object) types.Object {
	switch x := in.Held(obj).(type) {
	case *ast.Ident:
		if fn, ok := in.Pass.TypesInfo.Uses[x].(*types.Func); ok {
			return fn.Origin()
		}
	case *ast.SelectorExpr:
		sel := in.Pass.TypesInfo.Selections[x]
		if fn, ok := in.Pass.TypesInfo.Uses[x.Sel].(*types.Func); ok && (sel == nil || sel.Kind() == types.MethodVal) {
			return fn.Origin()
		}
	}
	return obj
}

// Held returns the value of a local variable that is set once. If a call sets several
// variables, it returns the call for the first one. It returns nil in all other cases.
func (in *Info) Held(obj types.Object) ast.Expr {
	if obj == nil {
		return nil
	}
	return ast.Unparen(in.holds[obj])
}
