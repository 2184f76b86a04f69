// Search as you type, in a terminal, with a slow server. Watch for these things: an older
// answer never shows, the clock goes on meanwhile, and Ctrl+C asks before it quits.
//
//	go run ./demo
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	tviewhost "github.com/golodger/lodger/hosts/tview"
)

func main() {
	app := tview.NewApplication()
	err := tviewhost.Run(app, func(ctx context.Context) error { return window(ctx, app) }, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "birds:", err)
		os.Exit(1)
	}
}

// window shows everything, and returns when the user leaves.
func window(ctx context.Context, app *tview.Application) error {
	entry := tview.NewInputField().SetLabel("Bird: ")
	clock, status := tview.NewTextView(), tview.NewTextView().SetText("Type part of a name.")
	hits := tview.NewList().ShowSecondaryText(false)
	body := tview.NewFlex().SetDirection(tview.FlexRow).
		AddItem(entry, 1, 0, true).AddItem(status, 1, 0, false).AddItem(hits, 0, 1, false).AddItem(clock, 1, 0, false)
	body.SetBorder(true).SetTitle(" Birds ")
	pages := tview.NewPages().AddPage("body", body, true, true)

	search := flow.NewAction(ctx, func(ctx context.Context, text string) error {
		if err := guest.Sleep(ctx, 200*time.Millisecond); err != nil {
			return err // there is a newer text
		}
		status.SetText("asking the server…")
		found, err := guest.Background(ctx, ask(text))
		if err != nil {
			return err
		}
		hits.Clear()
		for _, bird := range found {
			hits.AddItem(bird, "", 0, nil)
		}
		status.SetText(fmt.Sprintf("%d birds with %q", len(found), text))
		return nil
	}, flow.Restart)
	entry.SetChangedFunc(search.Call)

	quit := flow.NewAction(ctx, func(ctx context.Context, _ struct{}) error {
		if n, err := tviewhost.Ask(ctx, app, pages, "Leave the birds?", "Leave", "Stay"); n != 0 || err != nil {
			return err
		}
		g, _ := guest.FromContext(ctx)
		g.Cancel(guest.ErrQuit)
		return nil
	}, flow.Drop)
	entry.SetDoneFunc(func(key tcell.Key) {
		if key == tcell.KeyEscape {
			quit.Do()
		}
	})
	guest.Every(ctx, time.Second, func(context.Context) error {
		clock.SetText(time.Now().Format(time.TimeOnly))
		return nil
	}, nil)
	app.SetRoot(pages, true)
	return guest.Park(ctx)
}

var birds = strings.Fields("albatross blackbird buzzard chaffinch crane crow cuckoo dove duck eagle falcon goldfinch goose " +
	"gull hawk heron hoopoe jay kestrel kingfisher kite lark magpie nightingale nuthatch owl partridge pigeon plover " +
	"raven robin rook sandpiper sparrow starling stork swallow swan swift tern thrush tit wagtail warbler woodpecker wren")

// ask simulates the slow server. The shorter the text, the longer it takes.
func ask(text string) func(ctx context.Context) ([]string, error) {
	return func(ctx context.Context) (found []string, err error) {
		err = guest.Sleep(ctx, 2*time.Second/time.Duration(1+len(text)))
		for _, bird := range birds {
			if strings.Contains(bird, strings.ToLower(text)) {
				found = append(found, bird)
			}
		}
		return found, err
	}
}
