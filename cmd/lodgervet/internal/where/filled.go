package where

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// isFilled reports whether a receive is the first one from a channel that holds a value already:
// a function of the program has made the channel, has sent the value, and has returned it.
func (in *Info) isFilled(recv *ast.UnaryExpr, stack []ast.Node) bool {
	id, ok := ast.Unparen(recv.X).(*ast.Ident)
	if !ok || Within(recv, stack) || len(stack) == 0 {
		return false
	}
	v := in.Pass.TypesInfo.Uses[id]
	call, ok := in.Held(v).(*ast.CallExpr)
	if !ok || v.Pos() < stack[0].Pos() || in.mentionsBefore(stack[0], v, recv) {
		return false
	}
	s := in.Called(call)
	return s != nil && s.Fills
}

// mentionsBefore reports whether a body uses a channel before a receive.
func (in *Info) mentionsBefore(body ast.Node, ch types.Object, recv *ast.UnaryExpr) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && in.Pass.TypesInfo.Uses[id] == ch && id.Pos() < recv.Pos() {
			found = true
		}
		return !found
	})
	return found
}

// fills reports whether a function returns only a channel with room that it has sent to.
func (in *Info) fills(f *Fn) bool {
	var sent types.Object
	for _, stmt := range f.Body().List {
		if s, ok := stmt.(*ast.SendStmt); ok && sent == nil {
			if id, ok := s.Chan.(*ast.Ident); ok && in.hasRoom(id) {
				sent = in.Pass.TypesInfo.Uses[id]
			}
		}
		if r, ok := stmt.(*ast.ReturnStmt); ok && sent != nil {
			id, ok := firstOf(r.Results).(*ast.Ident)
			return ok && in.Pass.TypesInfo.Uses[id] == sent && in.returnsOnce(f)
		}
	}
	return false
}

func firstOf(list []ast.Expr) ast.Expr {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// hasRoom reports whether x is a local variable that holds a channel with room for values.
func (in *Info) hasRoom(x ast.Expr) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return false
	}
	call, ok := in.Held(in.Pass.TypesInfo.Uses[id]).(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return false
	}
	id, ok = call.Fun.(*ast.Ident)
	if !ok || in.Pass.TypesInfo.Uses[id] != types.Universe.Lookup("make") {
		return false
	}
	size := in.Pass.TypesInfo.Types[call.Args[1]].Value
	return size != nil && constant.Compare(size, token.GTR, constant.MakeInt64(0))
}

// returnsOnce reports whether a function has a single return.
func (in *Info) returnsOnce(f *Fn) bool {
	n := 0
	in.WalkAll(f, func(node ast.Node, _ []ast.Node) bool {
		if _, ok := node.(*ast.ReturnStmt); ok {
			n++
		}
		return true
	})
	return n == 1
}
