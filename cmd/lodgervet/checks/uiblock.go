package checks

import (
	"go/ast"
	"strings"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// UIBlock finds what blocks the UI thread: a receive, a sleep, a process, or the network, in a
// task or a handler, or in a function of the module that one calls. It leaves sends alone,
// because most channels that a handler sends to have room. One of Lodger's waits in a handler
// is refused at run time; UIBlock finds it earlier.
var UIBlock = check("uiblock", `find what blocks the UI thread

While a task or a handler blocks, the window does not draw or react. Move the work to
guest.Background, and wait with Lodger's own calls: flow.Recv, guest.Sleep, Future.Wait.`, uiBlock)

func uiBlock(in *where.Info, r *where.Reporter) {
	asked := map[string]bool{}
	for _, f := range in.Fns {
		if !f.Place.OnUI() || f.Part {
			continue
		}
		in.Walk(f, func(n ast.Node, stack []ast.Node) bool {
			blocksHere(in, r, f, n, stack, asked)
			return true
		})
		if f.Place == where.Task {
			locked(in, r, f)
		}
	}
	for _, ref := range in.References() {
		if what := where.BlockingRef(ref); what != "" && ref.Place.OnUI() {
			r.Report(in.NodeAt(ref.Pos), what+" blocks the UI thread in "+ref.Place.String()+" ("+ref.Why+"); "+remedy(ref.Place, what))
		}
		if s := in.Imported(ref.Fn); s != nil && s.Blocks != "" && ref.Place.OnUI() {
			r.Report(in.NodeAt(ref.Pos), ref.Fn.Name()+" blocks the UI thread ("+s.Blocks+"); "+remedy(ref.Place, s.Blocks))
		}
	}
}

// blocksHere reports a node that blocks. It reports each DoAndWait that functions reach only once:
// it is changed where it is, and not in the handlers. The map holds those that were reported.
func blocksHere(in *where.Info, r *where.Reporter, f *where.Fn, n ast.Node, stack []ast.Node, asked map[string]bool) {
	if what := in.Blocking(n, stack); what != "" {
		if f.Apart && asksToolkit(what) {
			return // it waits for another thread's loop, and not for its own
		}
		r.Report(n, what+" blocks the UI thread in "+f.Place.String()+" ("+f.Why+"); "+remedy(f.Place, what))
		return
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return
	}
	if in.Spins(call) && holdsTasks(f) {
		r.Report(call, "a nested loop straight in "+f.Place.String()+" ("+f.Why+") stops all tasks; use gtkui.Ask or RunDialog in a task, or guest.Modal")
	}
	if wait, ok := in.Wait(call); ok && !in.Closes(call) && f.Place == where.Handler && !strings.Contains(f.Why, "Modal") {
		r.Report(call, wait.Name()+" waits, and a handler must not ("+f.Why+"); start a task with Go")
	}
	s := in.Called(call)
	switch {
	case s == nil:
	case s.Blocks == "" && in.ReadsAgain(call, stack) != "":
		r.Report(call, called(call)+" in a loop blocks the UI thread in "+f.Place.String()+" ("+s.Reads+"); "+remedy(f.Place, s.Reads))
	case s.Blocks != "" && (asked[s.Blocks] || f.Apart && asksToolkit(s.Blocks)):
	case s.Blocks != "":
		asked[s.Blocks] = asksToolkit(s.Blocks)
		r.Report(call, called(call)+" blocks the UI thread in "+f.Place.String()+" ("+s.Blocks+"); "+remedy(f.Place, s.Blocks))
	case s.Refused != "" && f.Place == where.Handler:
		r.Report(call, called(call)+" waits ("+s.Refused+"), and a handler must not; start a task with Go")
	case s.Spins != "" && holdsTasks(f):
		r.Report(call, called(call)+" runs a nested loop ("+s.Spins+") straight in "+f.Place.String()+", which stops all tasks; use guest.Modal")
	}
}

// asksToolkit reports whether what blocks is a function that waits for the UI thread.
func asksToolkit(what string) bool { return strings.Contains(what, "DoAndWait") }

// holdsTasks reports whether the guest itself runs a function, so that no task can run
// meanwhile.
func holdsTasks(f *where.Fn) bool {
	switch f.Why {
	case "it is given to guest.RunOnMain", "it is given to Guest.Post", "it is given to Future.OnDone":
		return true
	}
	return f.Place == where.Task
}

func called(call *ast.CallExpr) string {
	fun := ast.Unparen(call.Fun)
	if x, ok := fun.(*ast.IndexExpr); ok {
		fun = x.X
	} else if x, ok := fun.(*ast.IndexListExpr); ok {
		fun = x.X
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return "the function"
}

// remedy says what to do instead.
func remedy(p where.Place, what string) string {
	what, _, _ = strings.Cut(what, " at ") // a file's name says nothing
	switch {
	case asksToolkit(what):
		if p == where.Task {
			return "a task is on the UI thread, so call the function in a plain line"
		}
		return "a handler is on the UI thread, so call the function in a plain line; with Fyne's flag fyneDo this hangs"
	case p != where.Task:
		return "do it in a task's guest.Background, or in a goroutine"
	}
	switch what {
	case "time.Sleep":
		return "use guest.Sleep"
	case "a receive from a channel":
		return "use flow.Recv"
	case "a wait for a context", "a select without cases":
		return "use guest.Park"
	case "a loop over a channel":
		return "use flow.Each"
	}
	return "use guest.Background"
}

// locked finds a mutex that is held while a task waits. If other code on the UI thread then
// locks it, it stops the thread that could unlock it.
func locked(in *where.Info, r *where.Reporter, f *where.Fn) {
	in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
		lockedIn(in, r, statements(n))
		return true
	})
	lockedIn(in, r, f.Body().List)
}

func lockedIn(in *where.Info, r *where.Reporter, list []ast.Stmt) {
	held := map[string]bool{}
	for _, s := range list {
		if x, ok := s.(*ast.ExprStmt); ok {
			if mutex, verb := mutexCall(in, x.X); verb == "Lock" || verb == "RLock" {
				held[mutex] = true
			} else if verb != "" {
				delete(held, mutex)
			}
			if call, ok := x.X.(*ast.CallExpr); ok && len(held) > 0 {
				waitUnder(in, r, call)
			}
			continue
		}
		if _, ok := s.(*ast.DeferStmt); !ok && len(held) > 0 && !unlocks(in, s) {
			ast.Inspect(s, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					waitUnder(in, r, call)
				}
				_, lit := n.(*ast.FuncLit)
				return !lit
			})
		}
	}
}

func waitUnder(in *where.Info, r *where.Reporter, call *ast.CallExpr) {
	_, waits := in.Wait(call)
	if s := in.Called(call); waits || s != nil && s.Waits != "" {
		r.Report(call, called(call)+" waits while a mutex is held; if the UI thread locks it meanwhile, the program hangs: unlock it before the wait, or use flow.Semaphore")
	}
}

func unlocks(in *where.Info, s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok {
			_, verb := mutexCall(in, x)
			found = found || verb == "Unlock" || verb == "RUnlock"
		}
		return !found
	})
	return found
}

// selector returns the method that x means, such as mu.Lock, also through a variable that is set
// once.
func selector(in *where.Info, x ast.Expr) *ast.SelectorExpr {
	if v := variable(in, x); v != nil {
		x = in.Held(v)
	}
	sel, _ := ast.Unparen(x).(*ast.SelectorExpr)
	return sel
}

// mutexCall returns the mutex and the method's name if x calls a mutex of package sync.
func mutexCall(in *where.Info, x ast.Expr) (mutex, verb string) {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return "", ""
	}
	name := where.Name(in.Callee(call))
	for _, t := range []string{"sync.Mutex.", "sync.RWMutex."} {
		verb, ok := strings.CutPrefix(name, t)
		if sel := selector(in, call.Fun); ok && sel != nil {
			return exprString(sel.X), verb
		}
	}
	return "", ""
}
