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
	for _, f := range in.Fns {
		if f.Part || !f.Place.OnUI() || !reaches(in.Pass.Pkg, where.Guest) {
			continue
		}
		var lock ast.Node
		unlocked, atEnd := false, false
		in.Walk(f, func(n ast.Node, stack []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch name := where.Name(in.Callee(call)); name {
			case "runtime.LockOSThread":
				lock = call
			case "runtime.UnlockOSThread":
				if atEnd = atEnd || isDeferred(stack); !atEnd {
					unlocked = true
				}
			case "runtime.Goexit":
				r.Report(call, "Goexit in "+f.Place.String()+": "+goexit(f.Place))
			case "os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln":
				r.Report(call, called(call)+" in "+f.Place.String()+" skips the shutdown: no task unwinds, and nothing is saved; return an error, or call g.Cancel")
			default:
				if _, waits := in.Wait(call); waits && lock != nil && !unlocked {
					r.Report(lock, "the thread stays locked across a wait, and Go's runtime ends the process for it; unlock before the wait")
				}
			}
			return true
		})
		if lock != nil && !unlocked && !atEnd {
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

func goexit(p where.Place) string {
	if p == where.Task {
		return "the task ends with guest.ErrGoexit; return an error"
	}
	return "it ends the toolkit's loop, and the program hangs; return"
}
