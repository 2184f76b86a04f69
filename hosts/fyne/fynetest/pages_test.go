package fynetest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// What README.md and docs show, and a test that both ways do the same.

func withDo(button *widget.Button, status *widget.Label, query func() (int, error)) {
	button.OnTapped = func() {
		button.Disable()
		status.SetText("searching…")
		go func() {
			hits, err := query()
			fyne.Do(func() {
				button.Enable()
				if err != nil {
					status.SetText(err.Error())
					return
				}
				status.SetText(fmt.Sprint(hits, " hits"))
			})
		}()
	}
}

func withTasks(g *guest.Guest, button *widget.Button, status *widget.Label, query func() (int, error)) {
	button.OnTapped = func() {
		g.Go(func(ctx context.Context) error {
			button.Disable()
			defer button.Enable()
			status.SetText("searching…")
			hits, err := guest.Background(ctx, func(context.Context) (int, error) { return query() })
			if err != nil {
				status.SetText(err.Error())
				return err
			}
			status.SetText(fmt.Sprint(hits, " hits"))
			return nil
		})
	}
}

func TestBothWaysOfThePagesDoTheSame(t *testing.T) {
	errNet := errors.New("no network")
	for _, way := range []string{"fyne.Do", "tasks"} {
		for want, err := range map[string]error{"3 hits": nil, "no network": errNet} {
			t.Run(way+", "+want, func(t *testing.T) {
				quiet := &guesttest.Options{Guest: &guest.Options{OnError: func(error) {}}}
				fynetest.Run(t, func(ctx context.Context, a fyne.App) {
					button, status := widget.NewButton("Search", nil), widget.NewLabel("")
					query := func() (int, error) { return 3, err }
					if g, _ := guest.FromContext(ctx); way == "tasks" {
						withTasks(g, button, status, query)
					} else {
						withDo(button, status, query)
					}
					w := a.NewWindow("Search")
					w.SetContent(container.NewVBox(button, status))
					w.Show()
					u := fynetest.NewUser(ctx, t, w)
					u.Tap("Search")
					u.See(want)
					require.False(t, button.Disabled())
				}, quiet)
			})
		}
	}
}

// showFailures is what errors.md shows.
func showFailures(ctx context.Context, w fyne.Window, err error) error {
	if err != nil && !guest.Cancelled(err) {
		return fynehost.ShowError(ctx, w, err)
	}
	return err
}

func TestFailuresAreShownAndCancellationsAreNot(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		w := a.NewWindow("Notes")
		w.Show()
		own, cancel := context.WithCancel(ctx)
		cancel()
		err := guest.Yield(own)
		require.Equal(t, err, showFailures(ctx, w, err))
		guest.Go(ctx, func(ctx context.Context) error { return showFailures(ctx, w, errors.New("no network")) })
		u := fynetest.NewUser(ctx, t, w)
		u.See("No network")
		u.Answer("OK")
	}, nil)
}
