package flow

import (
	"context"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// All waits of this package are waits for a guest.Future, which is made only when code has to
// wait. So a task parks, a goroutine blocks, and without a wait there is no cost.

// A signal is a future without a value.
type signal = *guest.Future[struct{}]

func newSignal() signal { return guest.NewFuture[struct{}]() }

// mayWait reports whether the caller is a task, and returns the error of a wait that must not
// begin, or nil. It checks even if there is nothing to wait for: a wait that works or fails by
// timing is a trap.
func mayWait(ctx context.Context, verb string) (task bool, err error) {
	return bridge.MayWait(ctx, verb)
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
	_, err := mayWait(ctx, "a wait")
	return err
}

// ring settles s, if it is not nil. Never call it under a lock, since a host may be slow.
func ring(s signal) {
	if s != nil {
		s.Resolve(struct{}{})
	}
}
