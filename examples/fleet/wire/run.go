package wire

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"
)

// StartRun lets agents work for a run. Any goroutine. Waits.
func (l *Link) StartRun(ctx context.Context, run string) error { return l.setRun(ctx, run, RunOn) }

// EndRun stops all agents that work for a run, and deletes its data. Offline agents stop when
// they reconnect. Any goroutine. Waits.
func (l *Link) EndRun(ctx context.Context, run string) error {
	if err := l.setRun(ctx, run, RunOff); err != nil {
		return err
	}
	if err := l.purge(ctx, l.work, "fleet.work.*."+run); err != nil {
		return err
	}
	return l.forget(ctx, run)
}

func (l *Link) purge(ctx context.Context, s jetstream.Stream, subject string) error {
	_, err := untilServed(ctx, l, messageTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Purge(ctx, jetstream.WithPurgeSubject(subject))
	})
	return err
}

func (l *Link) setRun(ctx context.Context, run, state string) error {
	_, err := untilServed(ctx, l, messageTime, func(ctx context.Context) (uint64, error) { return l.runs.PutString(ctx, run, state) })
	return err
}

// A RunState says whether a run is still active.
type RunState struct {
	Run string
	On  bool
}
