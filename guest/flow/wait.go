package flow

import (
	"context"
	"fmt"

	"github.com/golodger/lodger/guest"
)

// All waits of this package are waits for a guest.Future, made when somebody has to wait. So a
// task parks, a goroutine blocks, and while nobody waits nothing is there.

// A signal is a future without a value.
type signal = *guest.Future[struct{}]

func newSignal() signal { return guest.NewFuture[struct{}]() }

// ready has happened. For a task, to wait for it asks whether the task may wait, and whether ctx
// is done; and it gives way when the budget is spent.
var ready = happened()

func happened() signal {
	s := newSignal()
	s.Resolve(struct{}{})
	s.Done() // made now: a channel belongs to the testing/synctest bubble in which it is made
	return s
}

// mayWait returns the error of a wait that ends before it begins, or nil.
func mayWait(ctx context.Context, verb string) error {
	if _, ok := guest.CurrentTask(); ok {
		return await(ctx, ready)
	}
	err := mayBlock(ctx)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("flow: %s: %w", verb, err) // ErrWouldDeadlock
	}
	return err
}

// mayBlock is mayWait outside of tasks. The wait for nothing at all keeps the caller's place in
// a pool, which a wait for ready would lend, perhaps to one that waits for the caller.
func mayBlock(ctx context.Context) error {
	for _, err := range guest.AsCompleted[*guest.Task](ctx) {
		return err
	}
	return nil
}

// await waits for s, or until ctx is done.
func await(ctx context.Context, s signal) error {
	_, err := s.Wait(ctx)
	return err
}

// done returns the error of a wait under ctx that had nothing to wait for.
func done(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return await(ctx, ready)
}

// ring makes s happen, if there is one. Not under a lock: a host may take its time.
func ring(s signal) {
	if s != nil {
		s.Resolve(struct{}{})
	}
}
