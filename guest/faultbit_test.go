package guest_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// A goroutine that has set the fault bit for its own ends is no task: the waits that cost more
// than a switch ask for the thread. (The quick ones take the bit for proof while a single guest
// lives: mark.go says so.)
func TestFaultBitDoesNotMakeATask(t *testing.T) {
	needThreads(t, "the bit is all there is")
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, park)
		for name, wait := range waits(task) {
			switch name {
			case "Yield", "Sleep of 0", "Task.Wait", "Future.Wait", "settled Wait":
				continue
			}
			text, over := "", make(chan struct{})
			go func() { // while a task runs
				defer close(over)
				debug.SetPanicOnFault(true)
				text = panicOf(func() { _ = wait(ctx) })
			}()
			<-over
			assert.Contains(t, text, "called on a goroutine with the context of a task", name)
		}
		task.Cancel(nil)
		return guest.Sleep(ctx, time.Second)
	}))
}

func TestFaultBitOfTheUsersOwnGoroutineIsHarmless(t *testing.T) {
	needThreads(t, "the bit is all there is")
	n := 0
	require.NoError(t, really(nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		return inBackground(ctx, func(ctx context.Context) {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					debug.SetPanicOnFault(true)
					for range 200 {
						assert.NoError(t, g.Post(func() { n++ }))
						assert.NoError(t, guest.Go(ctx, func(ctx context.Context) error { n++; return guest.Yield(ctx) }).Wait(ctx))
						assert.NoError(t, guest.RunOnMain(ctx, func() { n++ }))
						_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { n++; return 0, nil })
						assert.NoError(t, err)
					}
					assert.True(t, debug.SetPanicOnFault(true), "the bit is the user's")
				})
			}
			wg.Wait()
		})
	}))
	require.Equal(t, 4*4*200, n)
}

func TestFaultBitOfTheHostsGoroutineIsGivenBack(t *testing.T) {
	for _, was := range []bool{false, true} {
		over := make(chan bool)
		go func() {
			debug.SetPanicOnFault(was)
			assert.NoError(t, really(nil, func(context.Context) error { return nil }))
			over <- debug.SetPanicOnFault(false)
		}()
		require.Equal(t, was, <-over)
	}
}

func TestBalancedLockOSThreadInATaskIsFine(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		runtime.LockOSThread()
		runtime.UnlockOSThread()
		return guest.Sleep(ctx, time.Second)
	}))
}
