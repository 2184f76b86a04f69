package where

import "go/ast"

// Walk visits what runs as part of f. It skips the bodies of literals that run elsewhere or
// later, what go starts, and what never runs on this platform. The stack holds the nodes around
// n, the body first. If visit returns false, it is not called for what is inside n.
func (in *Info) Walk(f *Fn, visit func(n ast.Node, stack []ast.Node) bool) {
	in.WalkAll(f, func(n ast.Node, stack []ast.Node) bool {
		return !in.isDead(n, stack) && visit(n, stack)
	})
}

// WalkAll is Walk for all platforms.
func (in *Info) WalkAll(f *Fn, visit func(n ast.Node, stack []ast.Node) bool) {
	var stack []ast.Node
	var walk func(root ast.Node)
	walk = func(root ast.Node) {
		ast.Inspect(root, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			if lit, ok := n.(*ast.FuncLit); ok && !in.inPlace(lit, stack) {
				return false
			}
			if g, ok := n.(*ast.GoStmt); ok {
				for _, arg := range g.Call.Args {
					walk(arg)
				}
				return false
			}
			if !visit(n, stack) {
				return false
			}
			stack = append(stack, n)
			return true
		})
	}
	walk(f.Body())
}

// inPlace reports whether a literal is called where it stands: directly, deferred, or by a
// function that is known to call it at once.
func (in *Info) inPlace(lit *ast.FuncLit, stack []ast.Node) bool {
	if len(stack) == 0 {
		return false
	}
	call, ok := stack[len(stack)-1].(*ast.CallExpr)
	if !ok {
		return false
	}
	return ast.Unparen(call.Fun) == lit || argument(in.Callee(call)) == InPlace
}

// Within reports whether n runs again and again in a loop around it. What a loop ranges over, and
// what it begins with, runs once.
func Within(n ast.Node, stack []ast.Node) bool {
	for i, around := range stack {
		inner := n
		if i+1 < len(stack) {
			inner = stack[i+1]
		}
		switch loop := around.(type) {
		case *ast.ForStmt:
			if inner != loop.Init {
				return true
			}
		case *ast.RangeStmt:
			if inner == loop.Body {
				return true
			}
		}
	}
	return false
}
