//go:build cgo

package gtkhost_test

import (
	"context"
	"fmt"
	"runtime"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

func ExampleRun() {
	err := gtkhost.Run(func(ctx context.Context) error {
		answer, err := guest.Background(ctx, func(context.Context) (int, error) { return 6 * 7, nil })
		fmt.Println("the answer is", answer)
		return err
	}, nil)
	fmt.Println(err)
	// Output:
	// the answer is 42
	// <nil>
}

func ExampleHost() {
	runtime.LockOSThread() // the package has done so for main
	defer runtime.UnlockOSThread()
	loop := glib.MainLoopNew(nil, false) // the program's own

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
		defer fmt.Println("unwound")
		fmt.Println("in the loop")
		loop.Quit()
		return guest.Park(ctx)
	})
	loop.Run()
	fmt.Println(g.Finish().Err)
	// Output:
	// in the loop
	// unwound
	// <nil>
}

// A loop that the program runs in its own way: gtk.Main and gtk.MainQuit, for example.
func ExampleNewLoop() {
	loop := glib.MainLoopNew(glib.MainContextDefault(), false)
	h, err := gtkhost.NewLoop(loop.Run, loop.Quit)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(guest.Run(h, func(context.Context) (string, error) { return "it runs", nil }, nil))
	// Output: it runs <nil>
}
