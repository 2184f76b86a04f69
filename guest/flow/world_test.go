package flow_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A world is a guest in a loop on a goroutine, while the test does things from outside.
type world struct {
	t    *testing.T
	g    *guest.Guest
	loop *countingLoop
}

// A countingLoop counts the wake-ups that it is asked for.
type countingLoop struct {
	*headless.Loop
	asked atomic.Int64
}

func (l *countingLoop) RunSyncSoonThreadsafe(fn func()) {
	l.asked.Add(1)
	l.Loop.RunSyncSoonThreadsafe(fn)
}

func (l *countingLoop) RunSyncSoonNotThreadsafe(fn func()) {
	l.asked.Add(1)
	l.Loop.RunSyncSoonNotThreadsafe(fn)
}

// inBubble runs body in a testing/synctest bubble with a guest.
func inBubble(t *testing.T, body func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { inWorld(t, body) })
}

// inWorld runs body beside a guest, in real time where the test is in no bubble.
func inWorld(t *testing.T, body func(w *world)) {
	t.Helper()
	loop := &countingLoop{Loop: headless.New()}
	started, ended := make(chan *guest.Guest), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		g, err := guest.Start(loop, nil, &guest.Options{Private: true, Logger: slog.New(slog.DiscardHandler)})
		assert.NoError(t, err)
		started <- g
		assert.NoError(t, loop.Mainloop(func() error { return nil }))
		assert.NoError(t, g.Finish().Err)
	}()
	g := <-started
	defer func() {
		g.Cancel(nil)
		<-ended
	}()
	body(&world{t, g, loop})
}

// Callers are who may wait.
const (
	aTask       = iota // which is cancelled
	withDerived        // a task whose wait has a context of its own
	aGoroutine
	callers
)

// start runs fn as one of the callers, and returns how to cancel it.
func (w *world) start(caller int, fn func(ctx context.Context)) (cancel func()) {
	ctx, stop := context.WithCancel(context.Background())
	switch caller % callers {
	case aTask:
		task := w.g.Go(func(ctx context.Context) error { fn(ctx); return nil })
		return func() { stop(); task.Cancel(nil) }
	case withDerived:
		var prompt atomic.Pointer[context.CancelFunc]
		w.g.Go(func(outer context.Context) error {
			derived, cancel := context.WithCancel(outer)
			defer cancel()
			prompt.Store(&cancel)
			if ctx.Err() == nil {
				fn(derived)
			} else {
				fn(ctx)
			}
			return nil
		})
		return func() {
			stop()
			if cancel := prompt.Load(); cancel != nil {
				(*cancel)()
			}
		}
	default:
		go fn(ctx)
		return stop
	}
}

// onUI runs fn on the UI thread, outside any task, and waits for it.
func (w *world) onUI(fn func()) {
	w.t.Helper()
	done := make(chan struct{})
	require.NoError(w.t, w.g.Post(func() { defer close(done); fn() }))
	<-done
}

// soon calls cancel at any moment, in real time. Rarely before the caller waits: a task that
// goes on after many refused waits is slowed down.
func soon(cancel func()) {
	for range rand.IntN(20) {
		runtime.Gosched()
	}
	cancel()
}

var errBoom = errors.New("boom")

// virtually runs main headless and in virtual time.
func virtually(t *testing.T, main func(ctx context.Context) error) (err error) {
	t.Helper()
	synctest.Test(t, func(*testing.T) { err = really(main) })
	return err
}

// really runs main headless.
func really(main func(ctx context.Context) error) error {
	_, err := headless.Run(func(ctx context.Context) (any, error) { return nil, main(ctx) }, nil)
	return err
}
