// Alive runs a query that takes three seconds when you tap the button. A task waits for the
// query, so the clock and the bar keep moving. With -blocked the handler waits instead, and the
// window is frozen for three seconds. The script record.sh makes the README's animation of
// both.
//
//	go run ./examples/alive [-blocked]
package main

import (
	"context"
	"flag"
	"log"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	blocked := flag.Bool("blocked", false, "wait in the handler")
	flag.Parse()
	a := app.New()
	err := fynehost.Run(a, func(ctx context.Context) error {
		open(ctx, a, *blocked)
		return guest.Park(ctx)
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
}

func open(ctx context.Context, a fyne.App, blocked bool) fyne.Window {
	title := "query in a task"
	if blocked {
		title = "query in the handler"
	}
	clock, status := widget.NewLabel(""), widget.NewLabel("Tap the button.")
	clock.TextStyle.Monospace = true
	bar := widget.NewProgressBarInfinite()
	began := time.Now()
	guest.Every(ctx, 50*time.Millisecond, func(context.Context) error {
		clock.SetText(time.Since(began).Truncate(100 * time.Millisecond).String())
		return nil
	}, &guest.EveryOptions{Now: true})

	button := widget.NewButton("Search", nil)
	button.OnTapped = func() {
		status.SetText("searching…")
		if blocked {
			time.Sleep(query) //lodgervet:ignore uiblock this shows the effect
			status.SetText("42 hits")
			return
		}
		button.Disable() // one query at a time
		guest.Go(ctx, func(ctx context.Context) error {
			defer button.Enable()
			if err := guest.BackgroundFunc(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, query) }); err != nil {
				return err // the window was closed
			}
			status.SetText("42 hits")
			return nil
		})
	}

	w := a.NewWindow(title)
	heading := widget.NewLabelWithStyle(title, fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	w.SetContent(container.NewPadded(container.NewVBox(heading, clock, bar, button, status)))
	w.Resize(fyne.NewSize(280, 190))
	w.Show()
	return w
}

// query is how long the server takes.
const query = 3 * time.Second
