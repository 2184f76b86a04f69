package taskend

import (
	"context"
	"log"
	"os"
	"runtime"

	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
)

func ends(g *guest.Guest) {
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `LockOSThread without UnlockOSThread in a task`
		return nil
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		guest.Yield(ctx)
		runtime.UnlockOSThread()
		return nil
	})
	g.Go(func(ctx context.Context) error {
		os.Exit(1)       // want `Exit in a task skips the shutdown`
		log.Fatal("x")   // want `Fatal in a task skips the shutdown`
		runtime.Goexit() // want `the task ends with guest.ErrGoexit`
		return nil
	})
	widget.NewButton("", func() { os.Exit(0) })       // want `Exit in a handler skips the shutdown`
	widget.NewButton("", func() { runtime.Goexit() }) // want `it ends the toolkit's loop`
}

func unlocksLate(g *guest.Guest) {
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		return guest.Yield(ctx)
	})
}

// Near misses.
func fine(g *guest.Guest) {
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return nil
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread()
		runtime.UnlockOSThread()
		guest.Background(ctx, func(ctx context.Context) (int, error) {
			runtime.LockOSThread()
			return 0, nil
		})
		log.Print("x")
		return nil
	})
	os.Exit(0)
}
