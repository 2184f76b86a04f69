package checks

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// check refuses work that may never end, is deferred, or holds something from one part to the
// next.
func (m *mover) check(p part) {
	locks := 0
	for _, stmt := range p.list {
		if usesRecover(stmt) {
			m.no("it recovers panics")
		}
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.DeferStmt:
				m.no("it defers part of its work")
			case *ast.BranchStmt:
				if n.Tok == token.GOTO {
					m.no("it has a goto")
				}
			case *ast.ForStmt:
				if n.Cond == nil {
					m.no("it has an endless loop")
				}
			case *ast.SendStmt:
				m.signals()
			case *ast.CallExpr:
				locks += m.locks(n)
			}
			if what := m.in.Blocking(n, nil); strings.HasPrefix(what, "a ") {
				m.no("it waits for a channel, perhaps forever")
			}
			return true
		})
	}
	if locks != 0 {
		m.no("it holds a mutex while it shows something")
	}
}

// signals refuses work that tells other goroutines something. When the guest ends, a task drops
// the rest of its work, and they would wait forever.
func (m *mover) signals() { m.no("another goroutine may wait for what it signals") }

// locks returns 1 if a call locks a mutex, -1 if it unlocks one, and 0 otherwise.
func (m *mover) locks(call *ast.CallExpr) int {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && m.in.Pass.TypesInfo.Uses[id] == types.Universe.Lookup("close") {
		m.signals()
	}
	switch where.Name(m.in.Callee(call)) {
	case "sync.WaitGroup.Done", "sync.Cond.Signal", "sync.Cond.Broadcast":
		m.signals()
	case "runtime.LockOSThread", "runtime.Goexit":
		m.no("it depends on its own goroutine or thread")
	}
	switch _, verb := mutexCall(m.in, call); verb {
	case "Lock", "RLock":
		return 1
	case "Unlock", "RUnlock":
		return -1
	}
	return 0
}

// waitsAfter reports whether a function waits for a channel or a group after it has started a
// goroutine. A task could not begin meanwhile if the function runs on the UI thread.
func waitsAfter(in *where.Info, f *where.Fn, stmt *ast.GoStmt) bool {
	found := false
	in.WalkAll(f, func(n ast.Node, stack []ast.Node) bool {
		what := in.Blocking(n, stack)
		if n.Pos() > stmt.End() && (strings.HasPrefix(what, "a ") || strings.HasSuffix(what, ".Wait")) {
			found = true
		}
		return !found
	})
	return found
}

// ownNames refuses a goroutine in which the name guest or context means something else.
func (m *mover) ownNames() {
	ast.Inspect(m.lit, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && m.in.Pass.TypesInfo.Defs[id] != nil && asks[id.Name] != "" {
			m.no("the name " + id.Name + " means something else in it")
		}
		return true
	})
}

// sameArgs reports whether a goroutine's arguments are variables that keep their values and
// have the same names as its parameters. Then its body can use the variables directly.
func sameArgs(in *where.Info, lit *ast.FuncLit, call *ast.CallExpr) bool {
	i := 0
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if i == len(call.Args) {
				return false
			}
			p, _ := in.Pass.TypesInfo.Defs[name].(*types.Var)
			v := variable(in, call.Args[i])
			if v == nil || p == nil || v.Name() != p.Name() || !types.Identical(v.Type(), p.Type()) || !in.Fixed(v) || !in.Fixed(p) {
				return false
			}
			i++
		}
	}
	return i == len(call.Args)
}

// postsItself reports why a goroutine that runs a named function is left, if that function
// posts.
func postsItself(in *where.Info, r *offers, n ast.Node, call *ast.CallExpr) bool {
	s := in.Called(call)
	if s == nil || s.Posts == "" {
		return false
	}
	leave(r, n, called(call)+" posts by itself ("+s.Posts+"): make it a task's function, and start it with Go")
	return true
}

// postsInside does the same for a goroutine that calls such a function.
func postsInside(in *where.Info, r *offers, n ast.Node, lit *ast.FuncLit) {
	said := false
	in.Walk(in.Lit(lit), func(n2 ast.Node, _ []ast.Node) bool {
		if call, ok := n2.(*ast.CallExpr); ok && !said {
			said = postsItself(in, r, n, call)
		}
		return !said
	})
}
