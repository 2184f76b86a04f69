// Start is the program of docs/start.md: a window with a search. Watch for these things: the
// window stays alive while the slow server answers. A new letter replaces the search for the
// old text. The bar moves from the first letter to the last answer.
//
//	go run ./examples/start
package main

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	a := app.NewWithID("org.example.search")
	err := fynehost.Run(a, func(ctx context.Context) error {
		open(ctx, a)
		return guest.Park(ctx) // until the window is closed
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
}

func open(ctx context.Context, a fyne.App) fyne.Window {
	entry, status, bar := widget.NewEntry(), widget.NewLabel(""), widget.NewProgressBarInfinite()
	entry.SetPlaceHolder("Fruit")

	find := flow.NewAction(ctx, func(ctx context.Context, text string) error {
		if err := guest.Sleep(ctx, 200*time.Millisecond); err != nil {
			return err // the user has typed another letter
		}
		hits, err := guest.Background(ctx, func(ctx context.Context) ([]string, error) { return search(ctx, text) })
		if ctx.Err() != nil {
			return ctx.Err() // this search was cancelled: there is a newer text
		}
		if err != nil {
			status.SetText(err.Error())
			return nil
		}
		status.SetText(fmt.Sprintf("%d hits\n%s", len(hits), strings.Join(hits, "\n")))
		return nil
	}, flow.Restart)
	entry.OnChanged = find.Call
	fynehost.ShowWhen(ctx, find.Busy(), bar)

	w := a.NewWindow("Search")
	w.SetContent(container.NewVBox(entry, bar, status))
	w.Resize(fyne.NewSize(320, 240))
	w.Show()
	return w
}

// search simulates a slow server. Like a request with a context, it ends early when ctx is done.
func search(ctx context.Context, text string) (hits []string, err error) {
	if err := guest.Sleep(ctx, time.Second); err != nil {
		return nil, err
	}
	for _, fruit := range []string{"apple", "apricot", "banana", "blackberry", "blueberry", "cherry"} {
		if strings.Contains(fruit, text) {
			hits = append(hits, fruit)
		}
	}
	return hits, nil
}
