package guest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/golodger/lodger/guest/internal/sched"
)

// EveryOptions adjust Every. A nil *EveryOptions and the zero value mean a fixed rate, first after one period.
type EveryOptions struct {
	// Now lets fn run at once for the first time, and not only after a period.
	Now bool

	// AfterEnd counts the period from the end of one run to the start of the next (a fixed delay). Otherwise it is counted from
	// start to start (a fixed rate).
	AfterEnd bool

	// Jitter delays each run by a random time below it, so that many programs don't do the same at the same moment. The runs of a fixed
	// rate do not drift for it. Zero or less is none.
	Jitter time.Duration

	// Rand is where the jitter comes from; nil means math/rand/v2's own source. It is used on the UI thread.
	Rand *rand.Rand
}

func (o *EveryOptions) now() bool      { return o != nil && o.Now }
func (o *EveryOptions) afterEnd() bool { return o != nil && o.AfterEnd }

func (o *EveryOptions) jitter() time.Duration {
	switch {
	case o == nil || o.Jitter <= 0:
		return 0
	case o.Rand != nil:
		return time.Duration(o.Rand.Int64N(int64(o.Jitter)))
	}
	return rand.N(o.Jitter)
}

// delayed adds the jitter to d, which may be as long as a time can be.
func (o *EveryOptions) delayed(d time.Duration) time.Duration {
	if j := o.jitter(); d <= math.MaxInt64-j {
		return d + j
	}
	return math.MaxInt64
}

// Every starts a task that runs fn again and again, period after period, until it is cancelled or fn returns an error, which is then the
// task's. Any goroutine, any UI handler. Never waits. The task belongs to the innermost scope of ctx, as Go's does. Every panics if period is
// not positive.
//
// The scope ends only when the task has: in main's, Every keeps the program running. Cancel it, or start it with the Go of a guest, which
// cancels such tasks when main has ended.
//
// Runs never overlap; what a run has started, and not waited for with Scope, goes on beside the next, and its failure ends the Every. A
// run that comes due while the one before still goes on, or the machine sleeps, is made up for once, at once, and not once for each that
// was missed; then the old rhythm goes on. No run begins once the Cancel of the task, of a parent or of the guest has returned.
func Every(ctx context.Context, period time.Duration, fn func(ctx context.Context) error, opts *EveryOptions) *Task {
	needFunc(fn == nil, "Every")
	if period <= 0 {
		panic(fmt.Sprintf("guest: Every called with a period of %v; give a positive one", period))
	}
	t := &Task{body: &periodic{period, fn, opts}}
	t.spawn(ctx, needScope(ctx, "Every"))
	return t
}

type periodic struct {
	period time.Duration
	fn     func(ctx context.Context) error
	opts   *EveryOptions
}

func (p *periodic) run(ctx context.Context) error {
	due := time.Now()
	if !p.opts.now() {
		due = due.Add(p.period)
	}
	for {
		if err := Sleep(ctx, p.opts.delayed(time.Until(due))); err != nil {
			return err
		}
		if err := notCancelled(ctx); err != nil {
			return err
		}
		if !p.opts.afterEnd() {
			due = following(due, p.period, time.Now())
		}
		if err := p.fn(ctx); err != nil {
			return err
		}
		if p.opts.afterEnd() {
			due = time.Now().Add(p.period)
		}
	}
}

// notCancelled returns the error of a task whose time has come, but which has been cancelled, also a moment ago in the same batch: so that
// nothing begins once Cancel has returned.
func notCancelled(ctx context.Context) error {
	for t := scopeOf(ctx).task; t.cancelOrdered(); {
		t.scope.g.loop.Requeue(&t.coro.Coro)
		t.coro.Park()
	}
	return ctxError(ctx)
}

// cancelOrdered reports whether a cancellation that reaches the running task t is on its way, for the next batch.
func (t *Task) cancelOrdered() bool {
	g := t.scope.g
	controls := g.loop.Controls()
	if len(controls) == 0 {
		return false
	}
	for s := &t.scope; ; s = s.parent {
		if slices.ContainsFunc(controls, func(m sched.Control) bool { c, ok := m.(*cancelScope); return ok && c.scope == s }) {
			return true
		}
		if s.parent == nil || !s.follows(s.parent) {
			return false
		}
	}
}

// following returns the first beat after due that is still to come, or is the next.
func following(due time.Time, period time.Duration, now time.Time) time.Time {
	if late := now.Sub(due); late >= period {
		due = due.Add(late / period * period)
	}
	return due.Add(period)
}

func (p *periodic) pc() uintptr { return reflect.ValueOf(p.fn).Pointer() }
