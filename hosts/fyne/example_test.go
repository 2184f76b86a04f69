package fynehost_test

import (
	"context"
	"fmt"
	"runtime"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// In a program the app is app.NewWithID's; this one needs no display.
func ExampleRun() {
	runtime.LockOSThread() // a program's main goroutine is locked by Fyne
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp()
	err := fynehost.Run(a, func(ctx context.Context) error {
		button, status := widget.NewButton("Search", nil), widget.NewLabel("")
		guest.Go(ctx, func(context.Context) error { test.Tap(button); return nil }) // the user
		if err := fynehost.Tap(ctx, &button.OnTapped); err != nil {
			return err
		}
		hits, err := guest.Background(ctx, func(context.Context) (int, error) { return 3, nil })
		status.SetText(fmt.Sprint(hits, " hits"))
		fmt.Println(status.Text)
		return err
	}, nil)
	fmt.Println(err)
	// Output:
	// 3 hits
	// <nil>
}

// A program with its own loop: the guest moves in.
func ExampleHost() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp()
	h, err := fynehost.New(a) // right after the app, before any window
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := a.NewWindow("notes")
	fynehost.QuitOnClose(g, w, nil)
	g.Go(func(ctx context.Context) error {
		defer fmt.Println("saved")
		fynetest.NewUser(ctx, nil, w).Close()
		return guest.Park(ctx)
	})
	w.Show()
	a.Run()
	fmt.Println(g.Finish().Err)
	// Output:
	// saved
	// <nil>
}
