package checks

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// Flood finds a producer's loop that posts to the UI thread as fast as it can. It leaves loops
// over slices, maps and numbers alone, because they end. It also leaves loops alone that wait:
// for a time, a channel, or an answer from the UI thread.
var Flood = check("flood", `find loops that flood the UI thread with posts

Each post is kept until it has run. Report progress with flow.Progress, which keeps the newest
value, and send lines or events through a flow.Mailbox, which has a limit.`, flood)

func flood(in *where.Info, r *where.Reporter) {
	for _, f := range in.Fns {
		if f.Part || f.Place.OnUI() {
			continue
		}
		in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
			switch loop := n.(type) {
			case *ast.ForStmt:
				if loop.Post == nil || loop.Cond == nil {
					floods(in, r, loop.Body)
				}
			case *ast.RangeStmt:
				if endless(in, loop) {
					floods(in, r, loop.Body)
				}
			}
			return true
		})
	}
}

func endless(in *where.Info, loop *ast.RangeStmt) bool {
	t := in.Pass.TypesInfo.TypeOf(loop.X)
	if t == nil {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Chan:
		return !isTime(t.Elem()) // a ticker's channel
	}
	return false
}

// continues reports whether a block ends with continue.
func continues(b *ast.BlockStmt) bool {
	s, ok := b.List[len(b.List)-1].(*ast.BranchStmt)
	return ok && s.Tok == token.CONTINUE
}

func isTime(t types.Type) bool {
	named := where.Named(t)
	return named != nil && named.Obj().Name() == "Time" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time"
}

func floods(in *where.Info, r *where.Reporter, body *ast.BlockStmt) {
	var post *ast.CallExpr
	paced := false
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil {
			return true
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BlockStmt:
			if n != body && leaves(n) && !continues(n) {
				return false // it runs once
			}
		}
		if in.Blocking(n, nil) != "" {
			paced = true
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch where.Name(in.Callee(call)) {
		case where.Guest + ".RunOnMain", where.Guest + ".Guest.Post":
			post = call
		case where.Guest + ".CallOnMain":
			paced = true
		default:
			if _, waits := in.Wait(call); waits {
				paced = true
			}
			if s := in.Called(call); s != nil && (s.Blocks != "" || s.Waits != "") {
				paced = true
			}
		}
		return true
	})
	if post != nil && !paced {
		r.Report(post, called(post)+" in a loop that never waits: posts pile up without limit; use flow.Progress for the newest value, flow.Mailbox for lines and events")
	}
}
