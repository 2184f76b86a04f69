//go:build cgo

package gtkhost_test

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// A goroutine that called glib.IdleAdd, and waited for an answer on a channel.
func Example_glibIdleAdd() {
	err := gtkhost.Run(func(ctx context.Context) error {
		status := ""
		hits, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
			if err := guest.RunOnMain(ctx, func() { status = "searching" }); err != nil {
				return 0, err
			}
			return guest.CallOnMain(ctx, func(context.Context) (int, error) { return len(status), nil })
		})
		fmt.Println(status, hits)
		return err
	}, nil)
	fmt.Println(err)
	// Output:
	// searching 9
	// <nil>
}

// Time-outs are tasks; they end with what they belong to, and need no id to be removed.
func Example_glibTimeoutAdd() {
	_ = gtkhost.Run(func(ctx context.Context) error {
		ticks := 0
		clock := guest.Every(ctx, time.Millisecond, func(context.Context) error { ticks++; return nil }, nil)
		once := guest.After(ctx, 50*time.Millisecond, func(context.Context) error {
			clock.Cancel(nil)
			return nil
		})
		err := once.Wait(ctx)
		fmt.Println(ticks > 0) // it comes due first
		return err
	}, nil)
	// Output: true
}

// A handler starts a task, or a task waits for the signal.
func Example_glibSignals() {
	_ = gtkhost.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		button := glib.SimpleActionNew("save", nil) // anything that emits signals
		button.Connect("activate", func() {
			g.Go(func(ctx context.Context) error {
				fmt.Println("started by the handler")
				return nil
			})
		})
		g.Go(func(context.Context) error { button.Activate(nil); return nil })
		err := gtkhost.Signal(ctx, button, "activate")
		fmt.Println("waited for", err)
		return err
	}, nil)
	// Output:
	// started by the handler
	// waited for <nil>
}

// A dialog's Run spins a loop of its own; through Modal all other tasks go on in it.
func Example_glibModal() {
	_ = gtkhost.Run(func(ctx context.Context) error {
		dialog := glib.MainLoopNew(nil, false)
		guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Sleep(ctx, time.Millisecond)
			fmt.Println("this task goes on")
			dialog.Quit() // the user presses a button
			return err
		})
		err := guest.Modal(ctx, func() { dialog.Run() })
		fmt.Println("closed", err)
		return err
	}, nil)
	// Output:
	// this task goes on
	// closed <nil>
}

// The program's own loop stays; when it has ended, Finish lets the tasks unwind.
func Example_glibMainQuit() {
	runtime.LockOSThread() // the package has done so for main
	defer runtime.UnlockOSThread()
	loop := glib.MainLoopNew(nil, false)
	h, err := gtkhost.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	g.Go(func(ctx context.Context) error {
		defer fmt.Println("saved")
		g.Cancel(guest.ErrQuit) // a request; loop.Quit at once would be all right, too
		return guest.Park(ctx)
	})
	go func() {
		<-g.Done()
		glib.IdleAdd(loop.Quit)
	}()
	loop.Run()
	fmt.Println(g.Finish().Err)
	// Output:
	// saved
	// <nil>
}
