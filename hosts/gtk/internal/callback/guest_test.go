//go:build cgo

package callback_test

import (
	"context"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/gtk/internal/callback"
	"github.com/golodger/lodger/hosts/headless"
)

// A deepHost runs now and then what it was asked for in a callback from C, at another depth
// than before: the runtime would end the process if the guest resumed a task there.
type deepHost struct {
	*headless.Loop
	stairs *callback.Stairs
	asked  int
}

func (h *deepHost) RunSyncSoonThreadsafe(fn func()) {
	h.Loop.RunSyncSoonThreadsafe(h.sometimesDeep(fn))
}

func (h *deepHost) RunSyncSoonNotThreadsafe(fn func()) {
	h.Loop.RunSyncSoonNotThreadsafe(h.sometimesDeep(fn))
}

func (h *deepHost) sometimesDeep(fn func()) func() {
	return func() {
		if h.asked++; h.asked == 5 {
			h.stairs.Down(1, fn)
			return
		}
		fn()
	}
}

func TestWakeUpAtAnotherDepthIsRefused(t *testing.T) {
	var log strings.Builder
	var mu sync.Mutex
	h := &deepHost{Loop: headless.New(), stairs: callback.NewStairs()}
	woken := 0
	_, err := guest.Run(h, func(ctx context.Context) (int, error) {
		g, _ := guest.FromContext(ctx)
		// somebody posts now and then; the one that finds the wake-up overdue asks again
		go func() {
			for g.Post(func() {}) == nil {
				time.Sleep(50 * time.Millisecond)
			}
		}()
		for range 10 {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return 0, err
			}
			woken++
		}
		return 0, nil
	}, &guest.Options{Logger: slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, nil)), SlowTurn: -1})
	require.NoError(t, err)
	require.Equal(t, 10, woken)
	require.Equal(t, 1, strings.Count(log.String(), "another depth of C callbacks"), log.String())
}

type lockedWriter struct {
	mu *sync.Mutex
	to *strings.Builder
}

func (w lockedWriter) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(text)
}

// A task calls C, which calls Go, which posts, spawns and cancels: accepted, and done later. A
// wait there is refused.
func TestInACallbackFromCATaskMayDoAllButWait(t *testing.T) {
	stairs := callback.NewStairs()
	_, err := headless.Run(func(ctx context.Context) (int, error) {
		// so that the pump has looked at the depth before
		if err := guest.Sleep(ctx, time.Millisecond); err != nil {
			return 0, err
		}
		g, _ := guest.FromContext(ctx)
		done := 0
		cancelled := guest.Go(ctx, func(ctx context.Context) error { _ = guest.Park(ctx); done++; return nil })
		stairs.Down(3, func() {
			require.NoError(t, g.Post(func() { done++ }))
			guest.Go(ctx, func(context.Context) error { done++; return nil })
			cancelled.Cancel(nil)
			require.Zero(t, done)
			for verb, wait := range map[string]func(){
				"Sleep":      func() { _ = guest.Sleep(ctx, 1) },
				"Park":       func() { _ = guest.Park(ctx) },
				"flow.Recv":  func() { _, _, _ = flow.Recv(ctx, make(chan int)) },
				"Background": func() { _, _ = guest.Background(ctx, func(context.Context) (int, error) { return 0, nil }) },
			} {
				require.PanicsWithValue(t, "guest: "+verb+" called in a callback from C, inside a task; start a task there with Go", wait)
			}
		})
		err := guest.Join(ctx)
		require.Equal(t, 3, done)
		return 0, err
	}, nil)
	require.NoError(t, err)
}

// inOwnLoop runs a loop as a program does that has it for itself, with a guest in it, and with
// handler called at a depth of one once the guest's task waits. as is how the guest sees the
// loop.
func inOwnLoop(t *testing.T, log *strings.Builder, as func(*headless.Loop) host.Host, handler func(g *guest.Guest)) (g *guest.Guest, unwound *bool, run func()) {
	loop := headless.New()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	var mu sync.Mutex
	unwound = new(bool)
	g, err := guest.Start(as(loop), func(ctx context.Context) error {
		defer func() { *unwound = true }()
		loop.RunSyncSoonThreadsafe(func() { callback.NewStairs().Down(1, func() { handler(g) }) })
		return guest.Park(ctx)
	}, &guest.Options{Logger: slog.New(slog.NewTextHandler(lockedWriter{&mu, log}, nil)), SlowTurn: -1})
	require.NoError(t, err)
	return g, unwound, func() {
		if err := loop.Mainloop(func() error { return nil }); err != nil {
			t.Error(err)
		}
	}
}

// whole is the loop with all that hosts may have.
func whole(loop *headless.Loop) host.Host { return loop }

// bare is the loop with only what hosts must have: the guest can't ask it whether it runs.
func bare(loop *headless.Loop) host.Host { return struct{ host.Host }{loop} }

func TestFinishInACallbackFromCIsRefusedBeforeItHarms(t *testing.T) {
	for name, as := range map[string]func(*headless.Loop) host.Host{"whole": whole, "bare": bare} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			g, unwound, run := inOwnLoop(t, &log, as, func(g *guest.Guest) {
				require.PanicsWithValue(t, "guest: Finish called while the host's loop runs; call Cancel, and call Finish after the loop has returned",
					func() { g.Finish() })
				g.Cancel(nil)
			})
			run() // until the guest is done
			g.Finish()
			require.True(t, *unwound)
			require.Empty(t, log.String())
		})
	}
}

func TestFinishInADeferOfAPanicThroughCSaysWhatItCannotDo(t *testing.T) {
	var log strings.Builder
	g, unwound, run := inOwnLoop(t, &log, whole, func(*guest.Guest) { panic("mine") })
	require.PanicsWithValue(t, "mine", func() {
		defer g.Finish()
		run()
	})
	<-g.Done()
	require.False(t, *unwound)
	require.Contains(t, log.String(), "leaves the program's own loop through C")
	require.NotContains(t, log.String(), "broke its contract")
	require.NotEmpty(t, g.Finish().Leaked)
}
