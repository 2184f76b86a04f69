package guest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// EveryOptions adjust Every. A nil *EveryOptions and the zero value mean a fixed rate, first
// after one period.
type EveryOptions struct {
	// Now makes the first run begin at once, instead of after one period.
	Now bool

	// AfterEnd counts the period from the end of one run to the start of the next (a fixed
	// delay). Otherwise it is counted from start to start (a fixed rate).
	AfterEnd bool

	// Jitter is the upper limit of a random delay before each run, so that many programs don't
	// run at the same moment. It does not make a fixed rate drift. Zero or less means none.
	Jitter time.Duration

	// Rand is the source of the jitter; nil means math/rand/v2's own source. It is used on the
	// UI thread. A panic in it counts as one in fn.
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

// delayed adds the jitter to d. The sum never exceeds the longest possible duration.
func (o *EveryOptions) delayed(d time.Duration) time.Duration {
	if j := o.jitter(); d <= math.MaxInt64-j {
		return d + j
	}
	return math.MaxInt64
}

// Every starts a task that runs fn after each period, until the task is cancelled or fn returns
// an error, which is then the task's error. The task belongs to the innermost scope of ctx, as a
// task of Go does. Every panics if period is not positive. Any goroutine, any UI handler. Never
// waits.
//
// The scope ends only when the task has ended, so in main's scope Every keeps the program
// running. Cancel the task, or call Every in a task of Guest.Go, which the guest cancels when
// main has ended.
//
// Runs never overlap. But if a run starts a task and does not wait for it with Scope, the task
// goes on beside the next run, and its failure ends the Every. If runs come due while an
// earlier run goes on, one run makes up for all of them, at once. While the machine sleeps, the
// clock stands still.
// Then the old rhythm goes on. No run begins once the Cancel of the task, of a parent or of the
// guest has returned.
func Every(ctx context.Context, period time.Duration, fn func(ctx context.Context) error, opts *EveryOptions) *Task {
	needFunc(fn == nil, "Every")
	if period <= 0 {
		panic(fmt.Sprintf("guest: Every called with a period of %v; give a positive one", period))
	}
	return startTimed(ctx, needScope(ctx, "Every"), &timed{fn: fn, every: &periodic{period: period, opts: opts}})
}

// A periodic keeps the time of an Every. UI thread only.
type periodic struct {
	period time.Duration
	opts   *EveryOptions
	due    time.Time // of the next run
}

// first sets the time of the first run, and returns how long to wait for it.
func (p *periodic) first() time.Duration {
	p.due = time.Now()
	if !p.opts.now() {
		p.due = p.due.Add(p.period)
	}
	return p.untilDue()
}

// starts records that a run starts.
func (p *periodic) starts() {
	if !p.opts.afterEnd() {
		p.due = following(p.due, p.period, time.Now())
	}
}

// wait returns how long to wait after a run for the next run.
func (p *periodic) wait() time.Duration {
	if p.opts.afterEnd() {
		p.due = time.Now().Add(p.period)
	}
	return p.untilDue()
}

func (p *periodic) untilDue() time.Duration { return p.opts.delayed(time.Until(p.due)) }

// following returns the first time after due, in steps of period, that is later than now.
func following(due time.Time, period time.Duration, now time.Time) time.Time {
	if late := now.Sub(due); late >= period {
		due = due.Add(late / period * period)
	}
	return due.Add(period)
}
