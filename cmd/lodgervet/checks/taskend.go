package checks

import (
	"go/ast"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// TaskEnd finds code that ends more than it should. If a task leaves its thread locked, Go's
// runtime ends the process. Goexit in a handler ends the loop. os.Exit and log.Fatal skip the
// unwinding of all tasks.
var TaskEnd = check("taskend", `find LockOSThread, Goexit and os.Exit in tasks and handlers

The shutdown has an order: tasks unwind, then preferences are saved. Return an error, or call
g.Cancel. Never lock the thread across a wait.`, taskEnd)

func taskEnd(in *where.Info, r *where.Reporter) {
	if !reaches(in.Pass.Pkg, where.Guest) {
		return
	}
	for _, f := range in.Fns {
		if f.Part || !f.Place.OnUI() {
			continue
		}
		var lock ast.Node
		open, atEnd := 0, 0 // how often the thread is locked; how often it is unlocked at the end
		in.Walk(f, func(n ast.Node, stack []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch name := where.Name(in.Callee(call)); name {
			case "runtime.LockOSThread":
				if open == 0 {
					lock = call
				}
				if open == 0 || !inBranch(stack) { // of two branches, one runs
					open++
				}
			case "runtime.UnlockOSThread":
				if isDeferred(stack) {
					atEnd++
				} else {
					open = max(open-1, 0)
				}
			case "runtime.Goexit":
				r.Report(call, "Goexit in "+f.Place.String()+": "+goexit(f.Place))
			case "os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln", "log.Logger.Fatal", "log.Logger.Fatalf", "log.Logger.Fatalln":
				r.Report(call, called(call)+" in "+f.Place.String()+" skips the shutdown: no task unwinds, and nothing is saved; return an error, or call g.Cancel")
			default:
				_, waits := in.Wait(call)
				if s := in.Called(call); open > 0 && (waits || s != nil && s.Waits != "") {
					r.Report(lock, "the thread stays locked across a wait, and Go's runtime ends the process for it; unlock before the wait")
				}
			}
			return true
		})
		if open > atEnd {
			r.Report(lock, "LockOSThread without UnlockOSThread in "+f.Place.String()+": Go's runtime ends the process for it")
		}
	}
}

func isDeferred(stack []ast.Node) bool {
	for _, n := range stack {
		if _, ok := n.(*ast.DeferStmt); ok {
			return true
		}
	}
	return false
}

// inBranch reports whether a node runs only sometimes.
func inBranch(stack []ast.Node) bool {
	for _, n := range stack {
		switch n.(type) {
		case *ast.IfStmt, *ast.CaseClause, *ast.CommClause, *ast.ForStmt, *ast.RangeStmt:
			return true
		}
	}
	return false
}

func goexit(p where.Place) string {
	if p == where.Task {
		return "the task ends with guest.ErrGoexit; return an error"
	}
	return "it ends the toolkit's loop, and the program hangs; return"
}
