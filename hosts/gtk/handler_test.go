//go:build cgo

package gtkhost_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/internal/screentest"
)

// A handler, or a modal call, runs a program of its own; the tasks of the first go on
// meanwhile, at the same count of locks.
func TestRunInAHandlerOfAnotherGuestsLoop(t *testing.T) {
	inner := func() {
		require.NoError(t, gtkhost.Run(func(ctx context.Context) error { return guest.Sleep(ctx, 20*time.Millisecond) }, nil))
	}
	for name, call := range map[string]func(ctx context.Context) error{
		"glib.IdleAdd": func(ctx context.Context) error { return inIdle(ctx, inner) },
		"Modal":        func(ctx context.Context) error { return guest.Modal(ctx, inner) },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, new(screentest.Log), func(ctx context.Context, _ *gtkhost.Host, c *counters) {
				require.NoError(t, call(ctx))
			})
		})
	}
}

func TestFinishInAHandlerOfTheProgramsOwnLoopIsRefused(t *testing.T) {
	locked(t)
	h, err := gtkhost.New()
	require.NoError(t, err)
	unwound := false
	g, err := guest.Start(h, func(ctx context.Context) error {
		defer func() { unwound = true }()
		return guest.Park(ctx)
	}, nil)
	require.NoError(t, err)
	loop := glib.MainLoopNew(glib.MainContextDefault(), false)
	glib.TimeoutAdd(20, func() bool {
		defer loop.Quit()
		require.PanicsWithValue(t, "guest: Finish called while the host's loop runs; call Cancel, and call Finish after the loop has returned", func() { g.Finish() })
		require.False(t, unwound)
		require.Equal(t, "running", g.State())
		return false
	})
	loop.Run()
	require.NoError(t, func() error { g.Finish(); return nil }())
	require.True(t, unwound)
}

// The host was made in main, its loop runs in a handler, and ends before the guest has.
func TestLoopInAHandlerIsFinishedThere(t *testing.T) {
	locked(t)
	outer, inner := glib.MainLoopNew(nil, false), glib.MainLoopNew(nil, false)
	h, err := gtkhost.NewLoop(inner.Run, inner.Quit)
	require.NoError(t, err)
	unwound := false
	glib.IdleAdd(func() {
		defer outer.Quit()
		require.NoError(t, guest.RunTask(h, func(ctx context.Context) error {
			defer func() { unwound = true }()
			inner.Quit()
			return guest.Park(ctx)
		}, nil))
	})
	outer.Run()
	require.True(t, unwound)
}

// A handler of a signal that a task raises is on the task's own goroutine, but below it is C:
// to park the task there would end the process. Waits that ask for no thread must see that,
// too, also after others have been found right.
func TestWaitInAHandlerThatATaskHasRaisedIsRefused(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		task := guest.Go(ctx, func(ctx context.Context) error { return nil })
		for range 3 {
			require.NoError(t, guest.Yield(ctx))
			raise(func() {
				for verb, wait := range map[string]func(){
					"Yield": func() { _ = guest.Yield(ctx) },
					"Wait":  func() { _ = task.Wait(ctx) },
					"Join":  func() { _ = guest.Join(ctx) },
					"Scope": func() { _ = guest.Scope(ctx, func(context.Context) error { return nil }) },
					"Sleep": func() { _ = guest.Sleep(ctx, time.Millisecond) },
				} {
					_, inTask := guest.CurrentTask()
					require.False(t, inTask)
					require.PanicsWithValue(t, "guest: "+verb+" called in a callback from C, inside a task; start a task there with Go", wait)
				}
			})
			require.NoError(t, guest.Yield(ctx))
		}
	})
}

// The same from an iterator's goroutine, on whose stack the callback can't be seen: what is
// found right there must not be trusted elsewhere.
func TestIteratorInAHandlerDoesNotHideTheCallback(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		raise(func() {
			next, stop := iter.Pull(func(yield func(bool) bool) {
				_, inTask := guest.CurrentTask()
				yield(inTask)
			})
			defer stop()
			next()
			require.Panics(t, func() { _ = guest.Yield(ctx) })
		})
	})
}
