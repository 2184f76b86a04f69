package wire

import (
	"context"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Runs calls heard with the state of all runs, and with each change, on a goroutine of the
// link, until stop is called. stop never waits. Some states come again. Any goroutine. Waits
// until it has begun.
func (l *Link) Runs(ctx context.Context, heard func(RunState)) (stop func(), err error) {
	all, stop := context.WithCancel(context.WithoutCancel(ctx))
	back := l.Conn.StatusChanged(nats.CONNECTED)
	w, err := l.watch(ctx, all)
	if err != nil {
		stop()
		l.Conn.RemoveStatusListener(back)
		return nil, err
	}
	go func() {
		defer l.Conn.RemoveStatusListener(back)
		l.goOn(all, w, heard, back)
	}()
	return stop, nil
}

// goOn hears a watch, and the watches that replace it, until all is done.
func (l *Link) goOn(all context.Context, w watch, heard func(RunState), back <-chan nats.Status) {
	for err := error(nil); err == nil; w, err = l.watch(all, all) {
		w.hear(heard, back)
	}
}

// A watch is a watch of the client library. It may be lost with a server. The library notices
// that late, and gives up if it can't create another one at once.
type watch struct {
	jetstream.KeyWatcher
	end func() // Stop would wait for the servers
}

// watch begins a watch that ends with all. Waits.
func (l *Link) watch(ctx, all context.Context) (watch, error) {
	own, end := context.WithCancel(all)
	w, err := untilServed(ctx, l, consumerTime, func(context.Context) (jetstream.KeyWatcher, error) { return l.runs.WatchAll(own) })
	if err != nil {
		end()
	}
	return watch{w, end}, err
}

// hear calls heard until the watch has ended, or until the connection is back after a break.
func (w watch) hear(heard func(RunState), back <-chan nats.Status) {
	defer w.end()
	for {
		select {
		case <-back:
			return
		case entry, ok := <-w.Updates():
			if !ok {
				return
			}
			if entry != nil { // nil comes after the last existing entry
				heard(RunState{entry.Key(), entry.Operation() == jetstream.KeyValuePut && string(entry.Value()) == RunOn})
			}
		}
	}
}
