// Logview shows a live log of a hundred thousand lines a second. Watch for these things: the
// window still draws every frame. The filter follows as you type, and an old result never
// shows. Switch Follow off to freeze the rows; new lines are still kept. Lines that the window
// could not take are counted.
//
//	go run ./examples/logview/fyne
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	rate := flag.Int("rate", 100_000, "lines a second")
	keep := flag.Int("keep", 20_000, "lines kept")
	send := flag.Bool("send", false, "hold the source up where the window can't follow, and drop nothing")
	flag.Parse()
	a := app.NewWithID("com.github.golodger.logview")
	err := fynehost.Run(a, func(ctx context.Context) error {
		v := open(ctx, a, *keep)
		source := &logview.Source{Rate: *rate, Workers: 4, Write: v.log.Writer(*send)}
		return source.Run(ctx) // until the window is closed
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "logview:", err)
		os.Exit(1)
	}
}

// open shows the window, and the lines that are written to its log.
func open(ctx context.Context, a fyne.App, keep int) *view {
	v := newView(ctx, a, keep)
	v.collect = guest.Go(ctx, v.log.Collect)
	g, _ := guest.FromContext(ctx)
	fynehost.QuitOnClose(g, v.window, nil)
	v.window.Show()
	return v
}
