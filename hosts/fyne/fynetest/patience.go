package fynetest

import (
	"context"
	"errors"
	"time"

	"github.com/golodger/lodger/guest"
)

// An attempt tries something once, when the program is at rest. It returns "" if it succeeded,
// or else the reason.
type attempt func() (why string)

// A patience makes attempts until one succeeds. UI thread only.
type patience struct {
	rest *rest
	g    *guest.Guest
	try  attempt
	poll *time.Timer // asks for looks even if nothing has run on the UI thread; nil: no such looks

	began time.Time
	why   string // the last attempt failed
	done  *guest.Future[struct{}]
	over  bool
	stop  func()
}

// pollTime is how long a poll waits. In virtual time that would be expensive, so after the first
// ten seconds it waits a second (see frames.go).
const pollTime = 10 * time.Millisecond

func (p *patience) pollTime() time.Duration {
	if p.rest.inBubble && time.Since(p.began) >= slowAfter {
		return slowTime
	}
	return pollTime
}

// until makes attempts until one succeeds, and fails the test when the time is over. call is the
// call that the test made. In a task. Waits.
func (u *User) until(call string, try attempt) {
	u.t.Helper()
	if why, err := u.await(call, try, false); err != nil {
		u.fail(call, why, err)
	}
}

// await is until, but does not fail the test.
func (u *User) await(call string, try attempt, poll bool) (why string, err error) {
	if _, ok := guest.CurrentTask(); !ok {
		panic("fynetest: " + call + " called outside a task; call it in the test's body or in one of its tasks")
	}
	driver := u.window.driver
	if !driver.onLoop() { // the loop has ended, so nothing changes any more
		if why = try(); why != "" {
			err = guest.ErrHostGone
		}
		return why, err
	}
	end := time.Now().Add(u.limit)
	p := u.newPatience(try, poll)
	defer p.end()
	err = p.wait(u.ctx, end)
	if err != nil && guest.IsQuit(context.Cause(u.ctx)) && driver.onLoop() {
		err = p.wait(context.WithoutCancel(u.ctx), end) // a quitting program still has a screen
	}
	return p.why, err
}

func (u *User) newPatience(try attempt, poll bool) *patience {
	rest := &u.window.driver.rest
	p := &patience{rest: rest, try: try, began: time.Now(), done: guest.NewFuture[struct{}]()}
	p.g, _ = guest.FromContext(u.ctx)
	if poll || !rest.inBubble {
		p.poll = time.AfterFunc(pollTime, func() { rest.post(func() {}) })
	}
	p.stop = rest.watch(p.ask)
	return p
}

func (p *patience) wait(ctx context.Context, end time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	_, err := p.done.Wait(ctx)
	return err
}

// ask posts an attempt, so that it runs outside all tasks, as handlers do in Fyne. There a panic
// or a FailNow ends the test in order.
func (p *patience) ask() { _ = p.g.Post(p.attempt) } // a task waits, so the guest has not ended

func (p *patience) attempt() {
	if p.over {
		return
	}
	returned := false
	defer func() { p.tried(returned) }()
	p.why = p.try()
	returned = true
}

// errPanicked is the reason why there are no further attempts.
var errPanicked = errors.New("it has panicked, or has called t.FailNow")

// tried handles the result of an attempt. An attempt that has not returned is the last one;
// otherwise the same would happen repeatedly at this instant.
func (p *patience) tried(returned bool) {
	switch {
	case !returned:
		// this runs after the panic has been reported, which may end the test
		_ = p.g.Post(func() { p.done.Reject(errPanicked) })
	case p.why == "":
		p.done.Resolve(struct{}{})
	case p.rest.over:
		p.done.Reject(guest.ErrHostGone)
	default:
		p.rest.lookedNow()
		if p.poll != nil {
			p.poll.Reset(p.pollTime())
		}
		return
	}
	p.rest.movedNow()
	p.end()
}

func (p *patience) end() {
	if p.over {
		return
	}
	p.over = true
	p.stop()
	if p.poll != nil {
		p.poll.Stop()
	}
}

// settle waits until the program is at rest, so that everything that can happen now has
// happened. It never fails the test, since the last action may have ended the program.
func (u *User) settle(call string) { _, _ = u.await(call, func() string { return "" }, false) }
