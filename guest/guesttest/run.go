package guesttest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/guest/internal/hooks"
	"github.com/golodger/lodger/host"
)

// Run runs body as the first task of a new guest, whose loop runs on the test's goroutine, in
// virtual time. It fails the test for unobserved errors, for tasks that do not end, and for
// what comes after the end (see the package comment). t.FailNow and require work in body and in
// its tasks. Call Run only on the goroutine of t. Waits until body and its tasks have ended;
// then tasks of (*guest.Guest).Go are cancelled.
//
// In body, use the t that it gets, not the outer one. The cleanups of the inner t run in the
// bubble, and its context ends there.
func Run(t *testing.T, body func(ctx context.Context, t *testing.T), opts *Options) {
	t.Helper()
	if body == nil {
		panic("guesttest: Run called with a nil body; pass the test's function")
	}
	r := &trial{outer: t, opts: opts, body: body, shuffled: newShuffled(t, opts.shuffle(), opts.realTime())}
	t.Cleanup(r.checkLate)
	if opts.realTime() {
		r.run(t)
		return
	}
	defer r.watchHang()()
	synctest.Test(t, func(t *testing.T) {
		bubble := bubbleHere()
		r.bubble.Store(&bubble)
		r.run(t)
	})
	if r.t.Skipped() {
		t.SkipNow() // synctest passes on a failure, but not a skip
	}
}

// A trial is one run of a body.
type trial struct {
	outer, t *testing.T // t is the one of the bubble, if there is a bubble
	opts     *Options
	body     func(ctx context.Context, t *testing.T)
	shuffled *shuffled // or nil
	guest    *guest.Guest

	returned atomic.Bool             // the body has returned
	stopped  atomic.Bool             // by FailNow or SkipNow
	overdue  atomic.Pointer[overdue] // set when the time is over
	heard    atomic.Int64            // errors that came to OnError
	failures []error                 // of scopes, with the names of their tasks; UI thread
	batches  batches
	bubble   atomic.Pointer[string] // its number
}

// overdue is the state of the test when its time was over.
type overdue struct {
	inBody  bool
	others  int // tasks besides the body's
	batches int // if they were too many; 0 if the time was over
	tasks   string
}

var (
	errStopped = errors.New("guesttest: the test was stopped")
	errOverdue = errors.New("guesttest: the test takes too long")
)

func (r *trial) run(t *testing.T) {
	t.Helper()
	r.t = t
	ran := false
	r.opts.inLoop(func(loop host.Mainloop) {
		ran = true
		r.runIn(loop)
	})
	switch {
	case !ran && !t.Failed():
		t.Fatal("guesttest: Options.Host did not call run; make the loop, and call run with it")
	case !r.stopped.Load():
	case t.Skipped() || r.outer.Skipped():
		t.SkipNow()
	default:
		t.FailNow() // as the body or a task asked, now that everything has unwound
	}
}

// runIn runs the body in loop. It does not call t.FailNow, since the goroutine is perhaps not
// that of the test.
func (r *trial) runIn(loop host.Mainloop) {
	t := r.t
	t.Helper()
	log := &testLog{t: t}
	opts := r.opts.guest()
	if opts.Logger == nil {
		opts.Logger = log.logger()
	}
	theirs := opts.OnError
	opts.OnError = func(err error) { r.unobserved(err, theirs) }
	unwatch := func() {}
	forTest := hooks.Hooks{OnGoexit: func() {
		if r.isStop(guest.ErrGoexit) { // wherever the error goes
			r.guest.Cancel(errStopped)
		}
	}, OnFailure: func(err error) { r.failures = append(r.failures, err) }}
	if r.shuffled != nil {
		r.shuffled.hook(&forTest, loop)
	}
	if !r.opts.realTime() {
		forTest.Batch = r.countBatch
	}
	opts.Private, opts.Context = !r.opts.hosted(), hooks.With(opts.Context, forTest)
	_, err := guest.Run(loop, func(ctx context.Context) (struct{}, error) {
		r.guest, _ = guest.FromContext(ctx)
		unwatch = r.watch(loop)
		r.body(ctx, t)
		r.returned.Store(true)
		return struct{}{}, nil
	}, &opts)
	unwatch()
	if r.guest == nil {
		t.Errorf("guesttest: the guest did not start: %v", err)
		return
	}
	r.judge(err)
	if !r.opts.realTime() {
		// time stops when the bubble's function returns, so a goroutine that still sleeps would
		// be a deadlock; here it can wake up, and a late post of it is seen
		time.Sleep(r.opts.limit())
	}
	r.checkLost()
	log.close()
}

// watch ends a test that takes too long. First it cancels the guest. Then it takes the loop
// away, which ends all waits.
func (r *trial) watch(loop host.Mainloop) (stop func()) {
	quit := func() {}
	if q, ok := loop.(interface{ Quit() }); ok {
		quit = q.Quit
	}
	ask := func() {
		var tasks strings.Builder
		_ = inspect.Dump(context.Background(), &tasks, r.guest)
		r.overdue.CompareAndSwap(nil, &overdue{!r.returned.Load(), r.guest.Stats().Tasks - 1, 0, tasks.String()})
		r.guest.Cancel(errOverdue)
	}
	over := make(chan struct{})
	go func() { // one after the other, even if they are late
		for _, end := range []func(){ask, quit} {
			select {
			case <-time.After(r.opts.limit()):
				end()
			case <-over:
				return
			}
		}
	}()
	return func() { close(over) }
}

// unobserved takes errors that no other code gets. UI thread only.
func (r *trial) unobserved(err error, theirs func(error)) {
	r.heard.Add(1)
	var p *guest.PanicError
	switch {
	case r.isStop(err): // in a posted function, or in a task that no code waits for
		r.guest.Cancel(errStopped)
	case theirs != nil:
		theirs(err)
	case errors.As(err, &p):
		r.guest.Cancel(errStopped)
		fallthrough
	default:
		r.t.Errorf("guesttest: unobserved error: %v", err)
	}
}

// isStop reports whether err is the Goexit of FailNow or SkipNow, and records that.
func (r *trial) isStop(err error) bool {
	is := errors.Is(err, guest.ErrGoexit) && (r.t.Failed() || r.outer.Failed() || r.t.Skipped() || r.outer.Skipped())
	if is {
		r.stopped.Store(true)
	}
	return is
}

// judge fails the test for how the guest ended.
func (r *trial) judge(err error) {
	r.t.Helper()
	report := r.guest.Finish()
	stop, late := r.isStop(err), r.overdue.Load()
	switch {
	case late != nil && late.batches > 0:
		r.t.Errorf("guesttest: the test did not end after %d batches of tasks (virtual time stands still while tasks are ready): %v. Cancelled: %s", late.batches, late, names(report.Cancelled))
	case late != nil:
		r.t.Errorf("guesttest: the test did not end after %v: %v. Cancelled: %s\n%s", r.opts.limit(), late, names(report.Cancelled), late.tasks)
	case stop, errors.Is(err, errStopped):
	case r.opts.hosted() && guest.IsQuit(err):
	case err != nil:
		r.t.Errorf("guesttest: %v", r.named(err))
	}
	if list := report.Leaked; len(list) > 0 {
		r.t.Errorf("guesttest: these tasks could not be unwound: %s", names(list))
	}
	if list := report.Abandoned; len(list) > 0 {
		r.t.Errorf("guesttest: these background functions ignored their cancellation: %s", names(list))
	}
}

// named returns err with the name of the task that has failed with it last, unless that is the
// body.
func (r *trial) named(err error) error {
	for _, failure := range slices.Backward(r.failures) {
		var u *guest.UnobservedError
		if errors.As(failure, &u) && u.Task != "" && !ours(u.Task) && errors.Is(err, u.Err) {
			return fmt.Errorf("unobserved error: %w", u)
		}
	}
	return err
}

// ours reports whether a function is of this package.
func ours(name string) bool { return strings.HasPrefix(name, "guesttest.(*trial)") }

func (o *overdue) String() string {
	switch {
	case o.inBody && o.others == 0:
		return "the body has not returned"
	case o.inBody:
		return fmt.Sprintf("the body has not returned; other unfinished tasks: %d", o.others)
	}
	// the body's own task counts if it is the only one
	return fmt.Sprintf("the body has returned; unfinished tasks: %d", max(o.others, 1))
}

// names lists functions, without those of this package.
func names(n map[string]int) string {
	list := slices.Sorted(maps.Keys(n))
	list = slices.DeleteFunc(list, ours)
	if len(list) == 0 {
		return "no other task"
	}
	return strings.Join(list, ", ")
}

// checkLate fails the test for posts and starts after the end. It runs after all goroutines of
// the bubble have ended.
func (r *trial) checkLate() {
	if r.guest == nil {
		return
	}
	if n := r.guest.Stats().Refused; n > 0 {
		r.outer.Errorf("guesttest: %d posts or starts came after the guest's end and never ran; "+
			"in the body, wait for the code that makes them", n)
	}
}
