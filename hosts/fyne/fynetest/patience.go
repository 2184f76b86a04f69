package fynetest

import (
	"context"
	"errors"
	"time"

	"github.com/golodger/lodger/guest"
)

// An attempt tries something once, when the program is at rest. It returns "" when it has
// succeeded, or else why not.
type attempt func() (why string)

// A patience makes attempts until one succeeds. UI thread only.
type patience struct {
	rest *rest
	g    *guest.Guest
	try  attempt
	poll *time.Timer // asks for a look though nothing has run on the UI thread; nil: nothing does

	began time.Time
	why   string // the last one failed
	done  *guest.Future[struct{}]
	over  bool
	stop  func()
}

// pollTime is how long a poll waits; in virtual time, where it would cost more than it takes, a
// second after the first ten (see frames.go).
const pollTime = 10 * time.Millisecond

func (p *patience) pollTime() time.Duration {
	if p.rest.inBubble && time.Since(p.began) >= slowAfter {
		return slowTime
	}
	return pollTime
}

// until makes attempts until one succeeds, and fails the test when the time is over. call is
// what the test has called. In a task. Waits.
func (u *User) until(call string, try attempt) {
	u.t.Helper()
	if why, err := u.await(call, try, false); err != nil {
		u.fail(call, why, err)
	}
}

// await is until without a failure.
func (u *User) await(call string, try attempt, poll bool) (why string, err error) {
	if _, ok := guest.CurrentTask(); !ok {
		panic("fynetest: " + call + " called outside a task; call it in the test's body, or in a task of it")
	}
	driver := u.window.driver
	if !driver.onLoop() { // it has ended, and nothing changes any more
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
		err = p.wait(context.WithoutCancel(u.ctx), end) // a user looks on while a program quits
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

// ask has an attempt made outside of all tasks, as Fyne calls handlers, and where a panic or a
// FailNow ends the test in order.
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

// errPanicked is why there is no further attempt.
var errPanicked = errors.New("it has panicked")

// tried draws the conclusion from an attempt. One that has not returned is the last, or the same
// would happen at this instant again and again.
func (p *patience) tried(returned bool) {
	switch {
	case !returned:
		// after the panic has been reported, which may end the test
		_ = p.g.Post(func() { p.done.Reject(errPanicked) })
	case p.why == "":
		p.done.Resolve(struct{}{})
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

// settle lets the program come to rest, so that all that can happen now has happened. It fails
// nothing: what has just been done may have ended the program.
func (u *User) settle(call string) { _, _ = u.await(call, func() string { return "" }, false) }
