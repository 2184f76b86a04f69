package agent

import (
	"context"
	"errors"
	"log/slog"

	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

var errRunOver = errors.New("fleet: the search has been cancelled, or is over")

// follow cancels the work for runs that are over. The NATS client calls back on its goroutine.
// The mailbox brings these calls to the UI thread in order, so no lock is needed.
func (a *Agent) follow(ctx context.Context) error {
	states := flow.NewMailbox[wire.RunState](nil)
	err := guest.BackgroundFunc(ctx, func(ctx context.Context) error {
		stop, err := a.link.Runs(ctx, func(s wire.RunState) { states.Put(s) })
		if err == nil { // here, so that it ends even if ctx is done meanwhile
			err = guest.Cleanup(ctx, func(context.Context) { stop() })
		}
		return err
	})
	if err != nil {
		return err
	}
	for batch, err := range states.Batches(ctx) {
		if err != nil {
			return err
		}
		for _, s := range batch {
			a.over[s.Run] = !s.On
			if !s.On && a.answered[s.Run] {
				delete(a.answered, s.Run)
				a.drop(ctx, s.Run)
			}
			for w := range a.doing {
				if w.Run == s.Run && !s.On {
					w.cancel(errRunOver)
				}
			}
		}
	}
	return nil
}

// drop deletes the answers of a run that is over: one of them may have come too late for the
// window to delete it.
func (a *Agent) drop(ctx context.Context, run string) {
	guest.Go(ctx, func(ctx context.Context) error {
		err := guest.BackgroundFunc(ctx, func(ctx context.Context) error { return a.link.DropAnswers(ctx, run) })
		if err != nil && ctx.Err() == nil {
			slog.Warn("fleet: answers that came too late stay for a day", "run", run, "error", err)
		}
		return nil
	})
}
