//go:build cgo

package gtkhost_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// locked locks the test's goroutine to its thread, as a program does in main. GLib takes any
// thread for its loop.
func locked(t *testing.T) {
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
}

func newHost(t *testing.T) *gtkhost.Host {
	t.Helper()
	locked(t)
	h, err := gtkhost.New()
	require.NoError(t, err)
	return h
}

func TestRunReturnsMainsError(t *testing.T) {
	boom := errors.New("boom")
	require.ErrorIs(t, gtkhost.Run(func(context.Context) error { return boom }, nil), boom)
}

func TestGuestMovesIntoAProgramWithItsOwnLoop(t *testing.T) {
	h := newHost(t)
	loop := glib.MainLoopNew(nil, false)
	steps := 0
	step := func(want int) {
		steps++
		assert.Equal(t, want, steps)
		assert.True(t, h.OnThread())
	}
	g, err := guest.Start(h, func(ctx context.Context) error {
		defer step(5)
		step(2)
		if current, ok := host.Current(); !ok || current != host.Host(h) {
			t.Error("not the current host")
		}
		if _, err := guest.Background(ctx, func(context.Context) (int, error) {
			assert.False(t, h.OnThread(), "Background is on the UI thread")
			return 0, nil
		}); err != nil {
			return err
		}
		step(3)
		if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
			return err
		}
		step(4)
		loop.Quit()
		return guest.Park(ctx)
	}, nil)
	require.NoError(t, err)
	_, err = guest.Start(h, nil, nil)
	require.ErrorContains(t, err, "already served a guest")
	step(1)
	loop.Run()
	require.ErrorIs(t, g.Finish().Err, guest.ErrHostGone)
	step(6)
	ran := false
	h.RunSyncSoonThreadsafe(func() { ran = true })
	iterate(20 * time.Millisecond)
	require.False(t, ran, "a function posted after the end ran")
}

// iterate runs the default context for a while.
func iterate(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); runtime.Gosched() {
		glib.MainContextDefault().Iteration(false)
	}
}

// A guest that ends takes its host with it, and leaves the program's loop alone.
func TestProgramsLoopOutlivesTheGuest(t *testing.T) {
	h := newHost(t)
	loop := glib.MainLoopNew(nil, false)
	g, err := guest.Start(h, func(context.Context) error { return nil }, nil)
	require.NoError(t, err)
	outlived := false
	glib.TimeoutAdd(1, func() bool {
		select {
		case <-g.Done():
			outlived = true
			loop.Quit()
			return false
		default:
			return true
		}
	})
	loop.Run()
	require.True(t, outlived)
	require.NoError(t, g.Finish().Err)
	require.ErrorContains(t, h.Mainloop(func() error { return nil }), "make a new host")
}

func TestMainloopRunsOnce(t *testing.T) {
	h := newHost(t)
	require.NoError(t, guest.RunTask(h, func(context.Context) error { return nil }, nil))
	require.EqualError(t, h.Mainloop(func() error { return nil }), "gtkhost: Mainloop called twice; make a new host with New")
}

func TestManyGuestsLeaveNothingBehind(t *testing.T) {
	locked(t)
	var before int
	for i := range 300 {
		if i == 50 {
			before = runtime.NumGoroutine()
		}
		require.NoError(t, gtkhost.Run(func(ctx context.Context) error { return guest.Yield(ctx) }, nil))
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before+5)
}
