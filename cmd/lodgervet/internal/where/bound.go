package where

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A binding is what is known of a function's parameters at one call: the constants that it gets.
// So stop(false) is not taken for a call that waits, if func stop(wait bool) waits only if wait.
type binding map[*types.Var]constant.Value

// bindCalls computes the summaries for single calls. The checks run side by side, so after that
// nothing changes an Info any more.
func (in *Info) bindCalls() {
	for _, file := range in.Pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if f := in.named[in.Object(call.Fun)]; f != nil && len(in.bind(f, call)) > 0 {
					in.single[call] = in.calledWith(f, call)
				}
			}
			return true
		})
	}
	in.done = true
}

// calledWith returns the summary of a function for one call of it.
func (in *Info) calledWith(f *Fn, call *ast.CallExpr) *Summary {
	b := in.bind(f, call)
	if len(b) == 0 || f.busy {
		return in.summaryOf(f)
	}
	key := b.key(f)
	s, made := in.bound[key]
	switch {
	case !made:
		in.bound[key] = nil
		s = &Summary{}
		in.with(b, func() { in.fill(s, f) })
		in.bound[key] = s
	case s == nil: // it calls itself
		in.cycles = true
		return in.summaryOf(f)
	}
	return s
}

// with calls do while some parameters are constants.
func (in *Info) with(b binding, do func()) {
	old := in.known
	in.known = b
	do()
	in.known = old
}

// bind returns the constants that a call passes for parameters which decide what f does.
func (in *Info) bind(f *Fn, call *ast.CallExpr) binding {
	var b binding
	i := 0
	if f.Type().Params.NumFields() != len(call.Args) { // a method expression, perhaps
		return nil
	}
	for _, field := range f.Type().Params.List {
		for _, name := range field.Names {
			v, _ := in.Pass.TypesInfo.Defs[name].(*types.Var)
			if v != nil && in.Fixed(v) && in.decides(f, v) {
				if value := in.value(call.Args[i]); value != nil {
					if b == nil {
						b = binding{}
					}
					b[v] = value
				}
			}
			i++
		}
	}
	return b
}

func (b binding) key(f *Fn) string {
	var list []string
	for v, value := range b {
		list = append(list, fmt.Sprintf("%s %d=%s", v.Name(), v.Pos(), value.ExactString()))
	}
	slices.Sort(list)
	return fmt.Sprintf("%d %s", f.Body().Pos(), strings.Join(list, ","))
}

// decides reports whether a parameter is part of a condition, or is a bool, which f may pass on.
func (in *Info) decides(f *Fn, v *types.Var) bool {
	if b, ok := v.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsBoolean != 0 {
		return ok
	}
	if in.deciding == nil {
		in.deciding = map[types.Object]bool{}
	}
	if known, ok := in.deciding[v]; ok {
		return known
	}
	found := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			found = found || in.names(n.Cond, v)
		case *ast.SwitchStmt:
			found = found || n.Tag != nil && in.names(n.Tag, v)
		}
		return !found
	})
	in.deciding[v] = found
	return found
}

func (in *Info) names(x ast.Node, v types.Object) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && in.Pass.TypesInfo.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

// value returns the value of x, if it is a constant, or a parameter that is known to be one.
func (in *Info) value(x ast.Expr) constant.Value {
	if x == nil {
		return nil
	}
	if v := in.Pass.TypesInfo.Types[x].Value; v != nil {
		return v
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		if v, ok := in.Pass.TypesInfo.Uses[x].(*types.Var); ok && in.known != nil {
			return in.known[v]
		}
	case *ast.BinaryExpr:
		if x.Op == token.EQL || x.Op == token.NEQ {
			if a, b := in.value(x.X), in.value(x.Y); a != nil && b != nil {
				return constant.MakeBool(constant.Compare(a, x.Op, b))
			}
		}
	}
	return nil
}
