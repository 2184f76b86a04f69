package wire

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/golodger/lodger/guest/flow"
)

// StartRun lets agents work for a run. Any goroutine. Waits.
func (l *Link) StartRun(ctx context.Context, run string) error { return l.setRun(ctx, run, RunOn) }

// EndRun stops all agents that work for a run, and deletes its data. Offline agents stop when
// they reconnect. Any goroutine. Waits.
func (l *Link) EndRun(ctx context.Context, run string) error {
	if err := l.setRun(ctx, run, RunOff); err != nil {
		return err
	}
	if err := l.work.Purge(ctx, jetstream.WithPurgeSubject("fleet.work.*."+run)); err != nil {
		return err
	}
	return l.answers.Purge(ctx, jetstream.WithPurgeSubject("fleet.answer."+run))
}

func (l *Link) setRun(ctx context.Context, run, state string) error {
	_, err := flow.Retry(ctx, func(ctx context.Context) (uint64, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		return l.runs.PutString(ctx, run, state)
	}, patience)
	return err
}

// A RunState says whether a run is still active.
type RunState struct {
	Run string
	On  bool
}

// Runs calls heard with the state of all runs, and with each change, on a goroutine of the NATS
// client, until stop is called. Any goroutine. Waits until the subscription has begun.
func (l *Link) Runs(ctx context.Context, heard func(RunState)) (stop func(), err error) {
	// a watch lives as long as its context
	watch, cancel := context.WithCancel(context.WithoutCancel(ctx))
	watcher, err := l.runs.WatchAll(watch)
	if err != nil {
		cancel()
		return nil, err
	}
	go func() {
		for entry := range watcher.Updates() {
			if entry != nil { // nil marks the end of the existing entries
				heard(RunState{entry.Key(), entry.Operation() == jetstream.KeyValuePut && string(entry.Value()) == RunOn})
			}
		}
	}()
	return func() { _ = watcher.Stop(); cancel() }, nil
}
