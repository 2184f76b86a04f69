package guest

import (
	"context"
	"time"
)

// Yield lets all others that are ready run first. In a task. It returns in the next batch; the error is that of ctx, if it is
// done. A task that computes for long should call it now and then: nothing else stops it, and the window waits.
func Yield(ctx context.Context) error {
	t := quickly(ctx)
	if t == nil {
		t = running("Yield")
	}
	g := t.scope.g
	if err := t.mayWait(ctx); err != nil {
		return err
	}
	g.requeue(t)
	t.coro.park()
	return ctxError(ctx)
}

// quickly finds the running task without asking the system for the thread, while a single guest lives in the process.
func quickly(ctx context.Context) *Task {
	if alive.Load() == 1 && marked() {
		if s := scopeOf(ctx); s != nil {
			return s.g.current
		}
	}
	return nil
}

// Sleep waits for at least d. In a task; elsewhere use time.Sleep. A d of zero or less gives way once, as Yield does.
// In a testing/synctest bubble the time is virtual.
func Sleep(ctx context.Context, d time.Duration) error {
	t := running("Sleep")
	if d <= 0 {
		return Yield(ctx)
	}
	if err := t.mayWait(ctx); err != nil {
		return err
	}
	g := t.scope.g
	when := g.since() + d
	if when < 0 {
		when = never - 1 // farther than the clock can count
	}
	g.timers.sleeping++
	defer func() { g.timers.sleeping-- }()
	for {
		g.timers.add(when, t)
		t.suspend(ctx)
		if err := t.mayWait(ctx); err != nil {
			return err
		}
		if g.since() >= when {
			return nil
		}
	}
}

// Park waits until ctx is done, and returns why. In a task; elsewhere receive from ctx.Done().
func Park(ctx context.Context) error {
	t := running("Park")
	for {
		if err := t.mayWait(ctx); err != nil {
			return err
		}
		t.suspend(ctx)
	}
}
