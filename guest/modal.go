package guest

import (
	"context"

	"github.com/golodger/lodger/host"
)

// Modal calls fn, which may spin a nested loop of the toolkit, straight from the host's loop and waits until it has returned. In a
// task. The scheduler is not on the stack meanwhile, and so all other tasks go on while a modal dialog is open.
//
// fn runs on the UI thread outside any task and must not wait. When ctx is done before fn has begun, it never runs; later,
// Modal returns only when fn has returned. A panic in fn is returned as a *PanicError. A Goexit in fn can't be caught.
func Modal(ctx context.Context, fn func()) error {
	needFunc(fn == nil, "Modal")
	t := surelyRunning("Modal")
	if err := t.mayWait(ctx); err != nil {
		return err
	}
	g := t.scope.g
	m := &modal{fn: fn}
	g.modals = append(g.modals, m)
	for !m.end.settled.Load() {
		w := waiter{t, t.coro.seq}
		m.end.add(w)
		if m.begun {
			t.suspend(forever)
		} else {
			t.suspend(ctx)
		}
		m.end.remove(w)
		if m.begun {
			continue
		}
		m.withdrawn = true // a refusal may give way, and fn must not begin then
		if err := t.mayWait(ctx); err != nil {
			return err
		}
		m.withdrawn = false
	}
	return m.end.result()
}

// A modal is a function that waits for the host to call it. All fields but end belong to the UI thread.
type modal struct {
	end              completion
	fn               func()
	begun, withdrawn bool
}

// askForModal asks the host to call runModal: once, and again when it seems to have lost the call.
func (g *Guest) askForModal() {
	now := g.since()
	if g.modalAsked != 0 && now-g.modalAsked < overdue {
		return
	}
	g.modalAsked = now
	soon := g.host.RunSyncSoonNotThreadsafe
	if n, ok := g.host.(host.Native); ok {
		soon = n.RunSyncSoonNative
	}
	g.askHost(soon, g.modal)
}

// runModal is called by the host, with no pump on the stack.
func (g *Guest) runModal() {
	thread := host.CurrentThread()
	if !g.onRunThread(thread) {
		g.hostBroke(wrongThread)
		return
	}
	if g.over.Load() || g.state == ended || g.pumping || thread != 0 && g.asker.Load() == uint64(thread) {
		return // inside a nested loop of a task, or inline: the pump asks again
	}
	g.modalAsked = 0
	var m *modal
	for m == nil {
		if len(g.modals) == 0 {
			return
		}
		if m = g.modals[0]; m.withdrawn {
			m = nil
		}
		g.modals[0] = nil
		g.modals = g.modals[1:]
	}
	if len(g.modals) > 0 {
		g.askForModal()
	}
	m.begun = true
	err := protect(func() error { m.fn(); return nil }, func() { m.end.settle(ErrGoexit, nil) })
	m.end.settle(err, nil)
}
