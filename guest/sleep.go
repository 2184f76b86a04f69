package guest

import (
	"context"
	"runtime"
	"time"

	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/guest/internal/sched"
)

// Yield lets all other ready tasks run first. In a task it returns in the next batch; elsewhere
// it is runtime.Gosched. The error is that of ctx, if it is done; on a UI thread outside a task
// it wraps ErrWouldDeadlock. Call it now and then in a task that computes for long. Otherwise
// the task blocks the window, since nothing interrupts it. In a function of a flow.Pool, Yield
// returns when all that wait for a place have had one.
func Yield(ctx context.Context) error {
	var g *Guest // as waiting finds it, without a call
	if place.Sole() {
		if s := taskScopeOf(ctx); s != nil && s.g.pump.Current() != nil && !s.g.place.MayBeInsideC() {
			g = s.g
		}
	}
	if g == nil {
		t, err := surelyWaiting(ctx, "Yield")
		switch {
		case err != nil:
			return err
		case t == nil:
			return yieldElsewhere(ctx)
		}
		g = t.scope.g
	}
	c, err := g.beginYield(ctx)
	if c == nil {
		return err
	}
	c.Park()
	if s, plain := ctx.(*scope); plain && s.calm() {
		return nil
	}
	return surelyCtxError(ctx)
}

// yieldElsewhere is Yield on a goroutine.
func yieldElsewhere(ctx context.Context) error {
	if err := ctxError(ctx); err != nil {
		return err
	}
	back := letOthersGo(ctx) // otherwise functions that wait for the place would never run
	runtime.Gosched()
	back()
	return ctxError(ctx)
}

// beginYield readies the running task again. It returns the coroutine to park, or nil if Yield
// returns at once. Yield itself parks: after a switch, the processor predicts the return of every
// call wrongly.
func (g *Guest) beginYield(ctx context.Context) (*sched.Coro, error) {
	s, plain := ctx.(*scope)
	if g.forced() || !(plain && s.calm()) && surelyCtxError(ctx) != nil {
		return nil, g.current().mayWait(ctx)
	}
	if g.pump.Alone() && !g.pump.Spent() {
		return nil, nil // the next batch would be this task again
	}
	g.pump.Settle()
	c := g.pump.Current()
	g.pump.Requeue(c)
	return c, nil
}

// Sleep waits for at least d, or until ctx is done; then it returns the error of ctx. In a task
// it parks; elsewhere it blocks the calling goroutine. On a UI thread outside a task the error
// wraps ErrWouldDeadlock. If d is zero or less, Sleep yields once, as Yield does. In a
// testing/synctest bubble the time is virtual.
func Sleep(ctx context.Context, d time.Duration) error {
	t, err := surelyWaiting(ctx, "Sleep")
	switch {
	case err != nil:
		return err
	case d <= 0:
		return Yield(ctx)
	case t == nil:
		return sleepHere(ctx, d)
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
		t.suspend(ctx, false)
		if err := t.mayWait(ctx); err != nil {
			return err
		}
		if g.pump.Now() >= when || g.pump.Since() >= when { // the first costs nothing
			return nil
		}
	}
}

// sleepHere is Sleep on a goroutine.
func sleepHere(ctx context.Context, d time.Duration) error {
	if err := ctxError(ctx); err != nil {
		return err
	}
	back := lendPlace(ctx)
	timer := time.NewTimer(d)
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	timer.Stop()
	back() // ctx may be done by then
	return ctxError(ctx)
}

// Park waits until ctx is done, and returns why. In a task it parks; elsewhere it blocks the
// calling goroutine. On a UI thread outside a task the error wraps ErrWouldDeadlock.
func Park(ctx context.Context) error {
	t, err := surelyWaiting(ctx, "Park")
	switch {
	case err != nil:
		return err
	case t == nil:
		return parkHere(ctx)
	}
	for {
		if err := t.mayWait(ctx); err != nil {
			return err
		}
		t.suspend(ctx, true)
	}
}

// parkHere is Park on a goroutine.
func parkHere(ctx context.Context) error {
	if err := ctxError(ctx); err != nil {
		return err
	}
	defer lendPlace(ctx)()
	<-ctx.Done()
	return ctxError(ctx)
}
