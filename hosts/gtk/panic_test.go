//go:build cgo

package gtkhost_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/internal/looptest"
	"github.com/golodger/lodger/internal/screentest"
)

// quietly sends the default logger's lines to a buffer.
func quietly(t *testing.T) *screentest.Log {
	log := new(screentest.Log)
	looptest.DefaultLog(t, log.Logger())
	return log
}

func TestPanicInAPostedFunctionIsLoggedAndTheLoopGoesOn(t *testing.T) {
	log := quietly(t)
	h := newHost(t)
	steps := 0
	err := guest.RunTask(h, func(ctx context.Context) error {
		h.RunSyncSoonThreadsafe(func() { steps++; panic("in a function") })
		h.RunSyncSoonThreadsafe(func() { steps++ })
		h.RunSyncSoonNative(func() { steps++; panic("in a native one") })
		for steps < 3 {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(log.Text(), "gtkhost: a function panicked; the loop goes on without it"), log.Text())
	require.Contains(t, log.Text(), "in a function")
	require.Contains(t, log.Text(), "panic_test.go")
}

// A panic in a callback of gotk3's goes through GLib and ends the program; but the tasks unwind
// first.
func TestPanicThatLeavesTheLoopUnwindsTheTasks(t *testing.T) {
	if !inChild(t) {
		return
	}
	runtime.LockOSThread()
	deferred := 0
	defer func() { fmt.Println(deferred, recover()) }()
	_ = gtkhost.Run(func(ctx context.Context) error {
		for range 10 {
			guest.Go(ctx, func(ctx context.Context) error {
				defer func() { deferred++ }()
				_ = guest.Park(ctx)
				return guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
			})
		}
		glib.TimeoutAdd(10, func() { raise(func() { panic("in a handler") }) })
		return guest.Park(ctx)
	}, nil)
}

// In a loop that the program runs itself, it is no longer known where the thread is. The tasks
// stay as they are, and the panic is seen.
func TestPanicThatLeavesTheProgramsOwnLoopIsSeen(t *testing.T) {
	if !inChild(t) {
		return
	}
	runtime.LockOSThread()
	h, err := gtkhost.New()
	require.NoError(t, err)
	g, err := guest.Start(h, nil, nil)
	require.NoError(t, err)
	g.Go(guest.Park)
	defer func() { fmt.Println(10, recover()) }()
	defer g.Finish()
	glib.TimeoutAdd(10, func() { panic("in a handler") })
	glib.MainLoopNew(nil, false).Run()
}
