package wire

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"
)

// StartRun lets agents work for a run. Any goroutine. Waits.
func (l *Link) StartRun(ctx context.Context, run string) error { return l.setRun(ctx, run, RunOn) }

// EndRun stops all agents that work for a run, and clears away what is left of it. Those that are
// away stop when they are back. Any goroutine. Waits.
func (l *Link) EndRun(ctx context.Context, run string) error {
	if err := l.setRun(ctx, run, RunOff); err != nil {
		return err
	}
	if err := purge(ctx, l.work, "fleet.work.*."+run); err != nil {
		return err
	}
	return l.forget(ctx, run)
}

func purge(ctx context.Context, s jetstream.Stream, subject string) error {
	_, err := untilServed(ctx, messageTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Purge(ctx, jetstream.WithPurgeSubject(subject))
	})
	return err
}

func (l *Link) setRun(ctx context.Context, run, state string) error {
	_, err := untilServed(ctx, messageTime, func(ctx context.Context) (uint64, error) { return l.runs.PutString(ctx, run, state) })
	return err
}

// A RunState is a run, and whether it goes on.
type RunState struct {
	Run string
	On  bool
}

// Runs calls heard with the state of all runs, and with each change, on a goroutine of the client
// library, until stop, which never waits. Some states come again. Any goroutine. Waits until it
// has begun.
func (l *Link) Runs(ctx context.Context, heard func(RunState)) (stop func(), err error) {
	// a watch lives as long as its context; its Stop would wait for the servers
	watch, cancel := context.WithCancel(context.WithoutCancel(ctx))
	watcher, err := l.watch(ctx, watch)
	if err != nil {
		cancel()
		return nil, err
	}
	go func() {
		for err == nil && watch.Err() == nil {
			for entry := range watcher.Updates() {
				if entry != nil { // nil: these were all that there are
					heard(RunState{entry.Key(), entry.Operation() == jetstream.KeyValuePut && string(entry.Value()) == RunOn})
				}
			}
			// the client library gives up a watch that it can't make anew at once
			watcher, err = l.watch(watch, watch)
		}
	}()
	return cancel, nil
}

func (l *Link) watch(ctx, watch context.Context) (jetstream.KeyWatcher, error) {
	return untilServed(ctx, consumerTime, func(context.Context) (jetstream.KeyWatcher, error) { return l.runs.WatchAll(watch) })
}
