//go:build cgo

// Logview shows a live log of a hundred thousand lines a second. Watch for these things: the
// window still draws every frame. The filter follows as you type, and an old result never
// shows. Switch Follow off to freeze the rows; new lines are still kept. Lines that the window
// could not take are counted.
//
//	go run ./examples/logview/gtk
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

func main() {
	rate := flag.Int("rate", 100_000, "lines a second")
	keep := flag.Int("keep", 20_000, "lines kept")
	send := flag.Bool("send", false, "hold the source up where the window can't follow, and drop nothing")
	flag.Parse()
	err := gtkui.Run(func(ctx context.Context) error {
		v := open(ctx, *keep)
		source := &logview.Source{Rate: *rate, Workers: 4, Write: v.log.Writer(*send)}
		return source.Run(ctx) // until the window is closed
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "logview:", err)
		os.Exit(1)
	}
}

// open shows the window, and the lines that are written to its log.
func open(ctx context.Context, keep int) *view {
	v := newView(ctx, keep)
	v.collect = guest.Go(ctx, v.log.Collect)
	g, _ := guest.FromContext(ctx)
	gtkui.QuitOnClose(g, v.window, nil)
	v.window.ShowAll()
	return v
}
