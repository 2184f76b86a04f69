// Dupes in a window runs the same search as the headless dupes, on Fyne's UI thread. Watch for
// these things: the window stays alive while all other cores hash. Cancel keeps what was found
// so far. Closing the window during a search ends everything in order.
//
//	go run ./examples/dupes/fyne ~/Pictures
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/examples/dupes/session"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dupes:", err)
		os.Exit(1)
	}
}

// run opens the window. It returns when the window is closed and everything has ended.
func run(folders []string) error {
	for i, folder := range folders {
		path, err := filepath.Abs(folder) // a window has no current folder
		if err != nil {
			return err
		}
		folders[i] = path
	}
	a := app.NewWithID("com.github.golodger.dupes")
	return fynehost.Run(a, func(ctx context.Context) error {
		open(ctx, a, folders)
		return guest.Park(ctx) // until the window is closed
	}, nil)
}

// open shows the window, and searches folders if there are any.
func open(ctx context.Context, a fyne.App, folders []string) (*session.Session, *view) {
	v := newView(a)
	s := session.New(ctx, v)
	v.choose.OnTapped = s.Choose
	v.cancel.OnTapped = s.Cancel
	g, _ := guest.FromContext(ctx)
	fynehost.QuitOnClose(g, v.window, nil)
	v.window.Show()
	if len(folders) > 0 {
		s.Start(folders)
	}
	return s, v
}
