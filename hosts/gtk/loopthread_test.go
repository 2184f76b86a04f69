//go:build cgo

package gtkhost_test

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// While no thread owns the default context, any thread may iterate it, and dispatch this source.
func TestAnotherThreadThatIteratesTheContextRunsNothingOfOurs(t *testing.T) {
	h := newHost(t)
	var wrong, right atomic.Int64
	look := func() {
		if h.OnThread() {
			right.Add(1)
		} else {
			wrong.Add(1)
		}
	}
	for range 10 {
		h.RunSyncSoonThreadsafe(look)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		h.RunSyncSoonThreadsafe(look)
		iterate(20 * time.Millisecond)
	})
	wg.Wait()
	require.Zero(t, right.Load()+wrong.Load())
	iterate(20 * time.Millisecond)
	require.Equal(t, []int64{0, 11}, []int64{wrong.Load(), right.Load()})
}

// On another thread than the running loop's, GLib would have a second loop wait until the first
// one has ended.
func TestSecondLoopOnAnotherThreadIsRefused(t *testing.T) {
	const elsewhere = "gtkhost: GLib's main loop runs on another thread; start tasks in its guest with (*guest.Guest).Go, " +
		"or make the host on the loop's own thread"
	made, running, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		early, err := gtkhost.New()
		assert.NoError(t, err)
		close(made)
		<-running
		assert.EqualError(t, early.Mainloop(func() error { return nil }), elsewhere)
		_, err = gtkhost.New()
		assert.EqualError(t, err, elsewhere)
		assert.EqualError(t, gtkhost.Run(func(context.Context) error { return nil }, nil), elsewhere)
	}()
	<-made
	inTask(t, func(ctx context.Context) {
		close(running)
		_, _, err := flow.Recv(ctx, done)
		require.NoError(t, err)
	})
}

// The commonest way there: main makes the host without having been locked to its thread.
func TestLoopOnAnotherThreadThanItsHostIsReported(t *testing.T) {
	log := quietly(t)
	h := newHost(t)
	ran := false
	h.RunSyncSoonThreadsafe(func() { ran = true })
	ended := make(chan error)
	go func() {
		ended <- gtkhost.Run(func(ctx context.Context) error { // an idle loop, which nothing wakes
			_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
				return nil, log.Wait(ctx, "lock the goroutine to its thread before it makes the host")
			})
			return err
		}, nil)
	}()
	require.NoError(t, <-ended)
	require.Equal(t, 1, strings.Count(log.Text(), "runs on another thread than its host"), log.Text())
	require.False(t, ran)
	require.NoError(t, h.Mainloop(func() error { h.RunSyncSoonThreadsafe(func() { h.DoneCallback(host.Outcome{}) }); return nil }))
	require.True(t, ran, "its own loop runs what has waited")
}
