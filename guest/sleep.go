package guest

import (
	"context"
	"time"
)

// Yield lets all others that are ready run first. In a task. It returns in the next batch; the
// error is that of ctx, if it is done. A task that computes for long should call it now and
// then: nothing else stops it, and the window waits.
func Yield(ctx context.Context) error {
	g, c := runningCoro(ctx, "Yield")
	if g.forced() || ctxError(ctx) != nil {
		return g.current().mayWait(ctx)
	}
	if g.pump.Alone() && !g.pump.Spent() {
		return nil // the next batch would be this task again
	}
	g.pump.Requeue(c)
	c.Park()
	return ctxError(ctx)
}

// Sleep waits for at least d. In a task; elsewhere use time.Sleep. A d of zero or less gives
// way once, as Yield does. In a testing/synctest bubble the time is virtual.
func Sleep(ctx context.Context, d time.Duration) error {
	t := surelyRunning("Sleep")
	if d <= 0 {
		return Yield(ctx)
	}
	if err := t.mayWait(ctx); err != nil {
		return err
	}
	g := t.scope.g
	when := g.pump.Deadline(d)
	g.pump.Sleeps(1)
	defer g.pump.Sleeps(-1)
	for {
		g.pump.WakeAt(when, &t.coro.Coro)
		t.suspend(ctx)
		if err := t.mayWait(ctx); err != nil {
			return err
		}
		if g.pump.Since() >= when {
			return nil
		}
	}
}

// Park waits until ctx is done, and returns why. In a task; elsewhere receive from ctx.Done().
func Park(ctx context.Context) error {
	t := surelyRunning("Park")
	for {
		if err := t.mayWait(ctx); err != nil {
			return err
		}
		t.suspend(ctx)
	}
}
