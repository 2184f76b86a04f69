package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/search"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// slowly answers a long text first, and never heeds its context.
func slowly(_ context.Context, text string) ([]string, error) {
	time.Sleep(10 * time.Second / time.Duration(len(text)))
	return []string{"about " + text}, nil
}

func TestOlderSearchNeverShows(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		u := fynetest.NewUser(ctx, t, open(ctx, a, slowly))
		u.See("Type part of a title.")
		u.Type("Title", "go") // answers after 5 s
		require.NoError(t, guest.Sleep(ctx, time.Second))
		u.Type("Title", "gopher") // answers after 1.7 s
		u.See("about gopher")
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		u.See("1 book for “gopher”")
		require.NotContains(t, u.Screen(), `"about go"`)
	}, nil)
}

func TestFailureShowsUntilTheNextSearch(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		u := fynetest.NewUser(ctx, t, open(ctx, a, search.Catalogue))
		u.Type("Title", "war*")
		u.See("the server takes no wildcards")
		u.Type("Title", "war")
		u.Gone("wildcards")
		u.See("War and Peace")
	}, nil)
}

func TestBarMovesWhileItSearches(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		w := open(ctx, a, search.Catalogue)
		u := fynetest.NewUser(ctx, t, w)
		require.NotContains(t, u.Screen(), "progress")
		u.Type("Title", "w")
		require.Contains(t, u.Screen(), "progress")
		u.Press(fyne.KeyEscape)
		u.WaitUntil("the bar to go", func() bool { return !strings.Contains(u.Screen(), "progress") })
		u.See("Type part of a title.")
	}, nil)
}

func TestClearForgetsTheSearch(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		u := fynetest.NewUser(ctx, t, open(ctx, a, search.Catalogue))
		u.Type("Title", "emma")
		u.See("1 book")
		u.Type("Title", "w")
		u.Tap("cancel")
		u.See("Type part of a title.")
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		u.See("Type part of a title.")
	}, nil)
}

func TestCloseInTheMiddle(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		stopped := false
		u := fynetest.NewUser(ctx, t, open(ctx, a, func(ctx context.Context, text string) ([]string, error) {
			titles, err := search.Catalogue(ctx, text)
			stopped = err != nil
			return titles, err
		}))
		u.Type("Title", "w")
		require.NoError(t, guest.Sleep(ctx, time.Second))
		u.Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
		require.NoError(t, guest.Sleep(context.WithoutCancel(ctx), time.Second))
		require.True(t, stopped)
	}, nil)
}
