package fynetest_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// What README.md and docs show, and a test that both ways do the same.

func withDo(button *widget.Button, status *widget.Label, query func(context.Context) (int, error)) {
	button.OnTapped = func() {
		button.Disable()
		status.SetText("searching…")
		go func() {
			hits, err := query(context.Background())
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

func withTasks(g *guest.Guest, button *widget.Button, status *widget.Label, query func(context.Context) (int, error)) {
	button.OnTapped = func() {
		button.Disable() // at once, so that a second click starts nothing
		status.SetText("searching…")
		g.Go(func(ctx context.Context) error { // begins later
			defer button.Enable()
			hits, err := guest.Background(ctx, query)
			if ctx.Err() != nil {
				return ctx.Err() // the program quits
			}
			if err != nil {
				status.SetText(err.Error())
				return nil
			}
			status.SetText(fmt.Sprint(hits, " hits"))
			return nil
		})
	}
}

// ways are both, without their difference.
var ways = map[string]func(*guest.Guest, *widget.Button, *widget.Label, func(context.Context) (int, error)){
	"fyne.Do": func(_ *guest.Guest, b *widget.Button, l *widget.Label, query func(context.Context) (int, error)) {
		withDo(b, l, query)
	},
	"tasks": withTasks,
}

// tryWays shows a window for each way, whose button "Search" calls query.
func tryWays(t *testing.T, query func(context.Context) (int, error), play func(u *fynetest.User, button *widget.Button)) {
	for way, handle := range ways {
		t.Run(way, func(t *testing.T) {
			fynetest.Run(t, func(ctx context.Context, a fyne.App) {
				g, _ := guest.FromContext(ctx)
				button, status := widget.NewButton("Search", nil), widget.NewLabel("")
				handle(g, button, status, query)
				w := a.NewWindow("Search")
				w.SetContent(container.NewVBox(button, status))
				w.Show()
				play(fynetest.NewUser(ctx, t, w), button)
			}, nil)
		})
	}
}

func TestBothWaysOfThePagesDoTheSame(t *testing.T) {
	for want, err := range map[string]error{"3 hits": nil, "no network": errors.New("no network")} {
		t.Run(want, func(t *testing.T) {
			tryWays(t, func(context.Context) (int, error) { return 3, err }, func(u *fynetest.User, button *widget.Button) {
				u.Tap("Search")
				u.See(want)
				require.False(t, button.Disabled())
			})
		})
	}
}

func TestSecondTapInOneTurnStartsNothing(t *testing.T) {
	var queries atomic.Int64
	query := func(context.Context) (int, error) { time.Sleep(time.Second); return int(queries.Add(1)), nil }
	tryWays(t, query, func(u *fynetest.User, button *widget.Button) {
		queries.Store(0)
		test.Tap(button)
		test.Tap(button) // no task has begun in between
		u.See("searching…")
		require.True(t, button.Disabled())
		u.See("1 hits")
		u.WaitUntil("the button is on again", func() bool { return !button.Disabled() })
		u.Tap("Search")
		u.See("2 hits")
	})
}

// showFailures is what errors.md shows.
func showFailures(ctx context.Context, status *widget.Label, load func(context.Context) (string, error)) error {
	text, err := guest.Background(ctx, load)
	if ctx.Err() != nil {
		return ctx.Err() // this task was cancelled: say nothing
	}
	if err != nil {
		status.SetText(err.Error())
		return nil
	}
	status.SetText(text)
	return nil
}

func TestFailuresAreShownButNotThoseOfCancelledWork(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		w, status := a.NewWindow("Notes"), widget.NewLabel("")
		w.SetContent(status)
		w.Show()
		u := fynetest.NewUser(ctx, t, w)
		show := flow.NewAction(ctx, func(ctx context.Context, err error) error {
			return showFailures(ctx, status, func(context.Context) (string, error) { time.Sleep(time.Second); return "loaded", err })
		}, flow.Restart)

		show.Call(errors.New("server down")) // fails late, when it has been replaced
		require.NoError(t, guest.Sleep(ctx, time.Second/2))
		show.Call(nil)
		require.NoError(t, guest.Sleep(ctx, 3*time.Second/4))
		require.Empty(t, status.Text)
		u.See("loaded")

		show.Call(errors.New("no network"))
		u.See("no network")
	}, nil)
}

// serveWindow is what migrating.md shows.
func serveWindow(g *guest.Guest, w fyne.Window, entry *widget.Entry, reset *widget.Button, clock, status *widget.Label,
	query func(ctx context.Context, text string) (int, error)) {
	g.Go(func(ctx context.Context) error {
		return fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
			// this ctx ends with w
			find := flow.NewAction(ctx, func(ctx context.Context, text string) error {
				hits, err := guest.Background(ctx, func(ctx context.Context) (int, error) { return query(ctx, text) })
				if ctx.Err() != nil {
					return ctx.Err() // there is a newer text, or the window is closed
				}
				if err != nil {
					status.SetText(err.Error())
					return nil
				}
				status.SetText(fmt.Sprint(hits, " hits"))
				return nil
			}, flow.Restart)
			entry.OnChanged = find.Call
			fynehost.DisableWhen(ctx, find.Busy(), reset)
			guest.Every(ctx, time.Second, func(context.Context) error {
				clock.SetText(time.Now().Format(time.TimeOnly))
				return nil
			}, nil)
			return guest.Park(ctx) // until w is closed
		})
	})
}

func TestWindowHasAContextInAProgramWithoutMain(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		g, _ := guest.FromContext(ctx)
		entry, reset := widget.NewEntry(), widget.NewButton("Reset", nil)
		clock, status := widget.NewLabel(""), widget.NewLabel("")
		entry.SetPlaceHolder("Text")
		w := a.NewWindow("Search")
		w.SetContent(container.NewVBox(entry, reset, clock, status))
		other := a.NewWindow("Other")
		serveWindow(g, w, entry, reset, clock, status, func(ctx context.Context, text string) (int, error) {
			return len(text), guest.Sleep(ctx, 1500*time.Millisecond)
		})
		w.Show()
		other.Show()
		u := fynetest.NewUser(ctx, t, w)
		u.Type("Text", "b")
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.True(t, reset.Disabled())
		u.Type("Text", "berry") // replaces the search for "b"
		u.See("5 hits")
		u.WaitUntil("the button is on again", func() bool { return !reset.Disabled() })
		before := clock.Text
		require.NotEmpty(t, before)
		u.WaitUntil("the clock runs", func() bool { return clock.Text != before })

		u.Close()
		entry.OnChanged("late") // to no avail: the action ends with its window
		stopped := clock.Text
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		require.Equal(t, stopped, clock.Text)
		require.Equal(t, "5 hits", status.Text)
		fynetest.NewUser(ctx, t, other).Close()
	}, nil)
}
