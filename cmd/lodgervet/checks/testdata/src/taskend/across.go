package taskend

import (
	"context"
	"io"
	"runtime"

	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/guest/jobs"
	"github.com/golodger/lodger/guest/loops"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func across(g *guest.Guest, save *flow.Action[int], q *guest.Queue[int], set *jobs.Set, db *loops.Manager, b *widget.Button, w io.Writer) {
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		return save.Run(ctx, 1)
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		return q.Close(ctx)
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		return set.Close(ctx)
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		return db.Stop(ctx)
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		return inspect.Dump(ctx, w, g)
	})
	g.Go(func(ctx context.Context) error {
		runtime.LockOSThread() // want `the thread stays locked across a wait`
		defer runtime.UnlockOSThread()
		for range fynehost.Taps(ctx, &b.OnTapped) {
		}
		return nil
	})
	g.Go(func(ctx context.Context) error { // near miss: Call does not wait
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		save.Call(1)
		return nil
	})
}
