package guest

import (
	"context"
	"reflect"
	"time"

	"github.com/golodger/lodger/guest/internal/sched"
)

// A timed is the body of a task that starts by the clock: once for After, repeatedly for Every.
// While the task waits for its time, it has a place in the tree, so that cancellations reach it,
// but no coroutine. UI thread only.
type timed struct {
	fn    func(ctx context.Context) error
	delay time.Duration // of the next wait
	every *periodic     // of Every; nil for After

	waiting bool
	ran     bool   // fn has begun, at least once
	seq     uint32 // numbers the waits: the deadline of an earlier one is ignored
}

// run runs fn, if its time has come, and sets delay. A function of the program may panic there,
// too: the source of the jitter.
func (b *timed) run(ctx context.Context) error {
	if !b.ran {
		b.delay = b.every.first()
		return nil
	}
	if err := b.fn(ctx); err != nil || b.every == nil {
		return err
	}
	b.delay = b.every.wait()
	return nil
}

func (b *timed) pc() uintptr { return reflect.ValueOf(b.fn).Pointer() }

// startTimed starts a task with a timed body. Any goroutine.
func startTimed(ctx context.Context, parent *scope, b *timed) *Task {
	t := &Task{body: b}
	if !t.enrol(ctx, parent) {
		parent.g.lateStart(t.pc())
	} else if !parent.g.pump.Start((*timedTask)(t)) {
		t.end.settle(ErrFinished, nil)
	}
	return t
}

// A timedTask is a task with a timed body, as the loop sees it.
type timedTask Task

// Run is called when the task starts, and whenever one of its waits has ended.
func (tt *timedTask) Run(sc *sched.Coro) {
	t, c := (*Task)(tt), coroOf(sc)
	b, g := t.body.(*timed), t.scope.g
	started := t.scope.linked
	if !started {
		g.pump.Counted(1)
		t.scope.link()
	} else if t.cancelOrdered() {
		c.Left()
		g.pump.Begin(tt) // after the cancellation: no run begins after Cancel has returned
		return
	}
	err := tt.stopped()
	if err != nil {
		c.Left()
		t.returned(err)
		return
	}
	c.task, t.coro = t, c
	switch {
	case started:
		b.starts()
		if t.unseen() {
			err = t.soundCall()
		} else {
			err = t.seenCall()
		}
	case b.every != nil:
		err = t.soundCall()
	}
	c.left(t)
	if err == nil && (!started || b.every != nil) {
		// or the run was cancelled but returned no error
		if err = tt.stopped(); err == nil {
			tt.wait(b.delay)
			return
		}
	}
	t.returned(err)
}

// stopped returns the error of a task that takes no further step, or nil.
func (tt *timedTask) stopped() error {
	err := (*Task)(tt).waitError(&tt.scope)
	if err != nil && !tt.body.(*timed).ran {
		return notBegun(err)
	}
	return err
}

// starts records that a run starts.
func (b *timed) starts() {
	b.ran = true
	if b.every != nil {
		b.every.starts()
	}
}

// wait makes the task begin after d, or in the next batch.
func (tt *timedTask) wait(d time.Duration) {
	b, g := tt.body.(*timed), tt.scope.g
	b.seq++
	if d <= 0 {
		g.pump.Begin(tt)
		return
	}
	b.waiting = true
	g.pump.Sleeps(1)
	g.pump.BeginAt(g.pump.Deadline(d), tt, b.seq)
}

// Waits reports whether the task is still in wait seq.
func (tt *timedTask) Waits(seq uint32) bool {
	b := tt.body.(*timed)
	return b.waiting && b.seq == seq
}

// Due ends the wait, since its time has come; then the loop calls Run.
func (tt *timedTask) Due() {
	tt.body.(*timed).waiting = false
	tt.scope.g.pump.Sleeps(-1)
}

// wakeTimed ends a wait for the clock, if the task is in one. UI thread only.
func (t *Task) wakeTimed() {
	if b, ok := t.body.(*timed); ok && b.waiting {
		tt := (*timedTask)(t)
		tt.Due()
		t.scope.g.pump.Begin(tt)
	}
}

// cancelOrdered reports whether a cancellation that reaches t is queued for the next batch. UI
// thread only.
func (t *Task) cancelOrdered() bool {
	for _, m := range t.scope.g.pump.Controls() {
		if c, ok := m.(*cancelScope); ok && t.scope.reachedBy(c.scope) {
			return true
		}
	}
	return false
}

// reachedBy reports whether a cancellation of other also cancels the scope.
func (s *scope) reachedBy(other *scope) bool {
	for ; s != other; s = s.parent {
		if s.parent == nil || !s.follows(s.parent) {
			return false
		}
	}
	return true
}
