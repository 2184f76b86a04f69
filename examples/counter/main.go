// Counter is the smallest Fyne program with tasks. Watch for these things: each click starts a
// task, which sleeps in one line and then sets the label. The window stays alive meanwhile. If
// you close the window before that, all tasks end in order.
//
//	go run ./examples/counter
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	a := app.NewWithID("com.github.golodger.counter")
	err := fynehost.Run(a, func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		count, label := 0, widget.NewLabel("0")
		button := widget.NewButton("Count", func() {
			label.SetText("counting…")
			g.Go(func(ctx context.Context) error {
				if err := guest.Sleep(ctx, 100*time.Millisecond); err != nil {
					return err
				}
				count++
				label.SetText(fmt.Sprint(count))
				return nil
			})
		})
		w := a.NewWindow("Counter")
		w.SetContent(container.NewVBox(label, button))
		w.Resize(fyne.NewSize(240, 90))
		fynehost.QuitOnClose(g, w, nil)
		w.Show()
		return guest.Park(ctx) // until the window is closed
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
