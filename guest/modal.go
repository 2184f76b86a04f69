package guest

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest/internal/place"
)

// Modal calls fn directly from the host's loop and waits until fn has returned. In a task. fn
// may run a nested loop of the toolkit, such as a modal dialog. All other tasks go on
// meanwhile.
//
// fn runs on the UI thread outside any task and must not wait. When ctx is done before fn has
// begun, it never runs; later, Modal returns only when fn has returned. A panic in fn is
// returned as a *PanicError. A Goexit in fn can't be caught.
func Modal(ctx context.Context, fn func()) error {
	needFunc(fn == nil, "Modal")
	t := surelyRunning("Modal")
	if err := t.mayWait(ctx); err != nil {
		return notBegun(err)
	}
	g := t.scope.g
	if g.life.after {
		return t.refuse(errGone)
	}
	m := &modal{fn: fn}
	g.modals.waiting = append(g.modals.waiting, m)
	for !m.end.isSettled() {
		until := ctx
		if m.called {
			until = forever
		}
		_, _ = t.waitFor(until, &m.end, nil)
		if m.called {
			continue
		}
		if err := t.waitError(ctx); err != nil && m.claim.take() {
			return notBegun(t.refuse(err))
		}
	}
	return outcome(ctxError(ctx), &m.end)
}

// A modal is a function that waits until the host calls it. UI thread only, except for end.
type modal struct {
	end    completion
	fn     func()
	claim  claim // by the host's call, or by the task that withdraws it
	called bool
}

// A modalQueue holds the functions that wait until the host calls them. UI thread only.
type modalQueue struct {
	run     func() // the function that the host calls; made once
	waiting []*modal
	asked   time.Duration // when the host was asked; zero: no call is outstanding
}

// modalOverdue is the time after which a call counts as lost by the host and is requested again.
const modalOverdue = time.Second

// request asks the host for the next call: once, and again when it seems to have lost the call.
func (q *modalQueue) request(g *Guest) {
	if len(q.waiting) == 0 {
		return
	}
	now := g.pump.Since()
	if q.asked != 0 && now-q.asked < modalOverdue {
		return
	}
	q.asked = now
	g.ask(g.host.soonNative(), q.run)
}

// next removes the first function that is not withdrawn, and claims it. It returns nil if there
// is none.
func (q *modalQueue) next() *modal {
	for len(q.waiting) > 0 {
		m := q.waiting[0]
		q.waiting[0] = nil
		q.waiting = q.waiting[1:]
		if m.claim.take() {
			return m
		}
	}
	return nil
}

// withdraw ends the waits for calls that can't come any more, because the host's loop has ended.
func (q *modalQueue) withdraw() {
	for m := q.next(); m != nil; m = q.next() {
		m.end.settle(errGone, nil)
	}
}

// The host calls runModal with no turn of the guest on the stack.
func (g *Guest) runModal() {
	switch g.place.Arrive() {
	case place.WrongThread:
		g.hostBroke(wrongThread)
		return
	case place.Inline, place.Gone:
		return // the turn asks again
	}
	if g.pump.InTurn() || g.life.is(ended) {
		return // inside a nested loop of a task: the turn asks again
	}
	g.modals.asked = 0
	m := g.modals.next()
	if m == nil {
		return
	}
	g.modals.request(g)
	m.called = true
	err := protect(func() error { m.fn(); return nil }, func() { m.end.settle(ErrGoexit, nil) })
	m.end.settle(err, nil)
}
