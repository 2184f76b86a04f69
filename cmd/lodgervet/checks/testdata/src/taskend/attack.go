package taskend

import (
	"context"
	"log"
	"runtime"

	"github.com/golodger/lodger/guest"
)

func waits(ctx context.Context) error { return guest.Yield(ctx) }

func attack(g *guest.Guest, l *log.Logger) {
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		return waits(ctx)
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread()
		runtime.UnlockOSThread()
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		guest.Yield(ctx)
		runtime.UnlockOSThread()
		return nil
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `LockOSThread without UnlockOSThread`
		runtime.LockOSThread()
		runtime.UnlockOSThread()
		return nil
	})
	g.Go(func(ctx context.Context) error {
		l.Fatal("x") // want `Fatal in a task skips the shutdown`
		return nil
	})
	g.Go(func(ctx context.Context) error { // near misses
		if l == nil {
			runtime.LockOSThread()
		} else {
			runtime.LockOSThread()
		}
		runtime.UnlockOSThread()
		guest.Yield(ctx)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return nil
	})
}
