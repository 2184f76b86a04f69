//go:build cgo

// Dupes in a GTK window runs the same search as the headless dupes, on GTK's UI thread. Watch
// for these things: the window stays alive while all other cores hash. Cancel keeps what was
// found so far. Closing the window during a search ends everything in order.
//
//	go run ./examples/dupes/gtk ~/Pictures
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/golodger/lodger/examples/dupes/session"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
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
	return gtkui.Run(func(ctx context.Context) error {
		if _, _, err := open(ctx, folders); err != nil {
			return err
		}
		return guest.Park(ctx) // until the window is closed
	}, nil)
}

// open shows the window, and searches folders if there are any.
func open(ctx context.Context, folders []string) (*session.Session, *view, error) {
	v, err := newView()
	if err != nil {
		return nil, nil, err
	}
	s := session.New(ctx, v)
	v.choose.Connect("clicked", s.Choose)
	v.cancel.Connect("clicked", s.Cancel)
	g, _ := guest.FromContext(ctx)
	gtkui.QuitOnClose(g, v.window, nil)
	v.window.Show()
	if len(folders) > 0 {
		s.Start(folders)
	}
	return s, v, nil
}
