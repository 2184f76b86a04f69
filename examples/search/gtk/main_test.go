//go:build cgo

package main

import (
	"context"
	"os"
	"testing"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/search"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/gtk/gtktest"
)

func TestMain(m *testing.M) {
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("NO_AT_BRIDGE", "1")
	os.Exit(gtktest.Main(m))
}

// A question is a text that the server has been asked about, and answers when the test says so.
type question struct {
	text   string
	answer chan string
}

// asks returns a server that never heeds its context.
func asks() (search.Query, <-chan question) {
	asked := make(chan question)
	return func(_ context.Context, text string) ([]string, error) {
		q := question{text, make(chan string)}
		asked <- q
		return []string{<-q.answer}, nil
	}, asked
}

func TestOlderSearchNeverShows(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		query, asked := asks()
		u := gtktest.NewUser(ctx, t, open(ctx, query))
		next := func(text string) question {
			u.Type("Title", text)
			q, _, err := flow.Recv(ctx, asked)
			require.NoError(t, err)
			require.Equal(t, text, q.text)
			return q
		}
		old, last := next("go"), next("gopher")
		last.answer <- "about gopher"
		u.See("about gopher")
		old.answer <- "about go only"
		u.Type("Title", "")
		u.See("Type part of a title.")
		u.Gone("about")
	}, nil)
}

func TestFailureShowsUntilTheNextSearch(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		u := gtktest.NewUser(ctx, t, open(ctx, search.Catalogue))
		u.Type("Title", "war*")
		u.See("the server takes no wildcards")
		u.Type("Title", "war and")
		u.Gone("wildcards")
		u.See("War and Peace")
	}, nil)
}

// hangs returns a server that never answers, and says when it was asked, and why it was let go.
func hangs() (query search.Query, begun chan struct{}, stopped chan error) {
	begun, stopped = make(chan struct{}), make(chan error, 1)
	return func(ctx context.Context, _ string) ([]string, error) {
		close(begun)
		<-ctx.Done()
		stopped <- context.Cause(ctx)
		return nil, ctx.Err()
	}, begun, stopped
}

func TestEscapeStopsTheSearch(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		query, begun, stopped := hangs()
		w := open(ctx, query)
		gtktest.NewUser(ctx, t, w).Type("Title", "w")
		_, _, err := flow.Recv(ctx, begun)
		require.NoError(t, err)
		entry, err := w.GetFocus()
		require.NoError(t, err)
		_, _ = entry.(*gtk.SearchEntry).Emit("stop-search", glib.TYPE_NONE) // what the key does
		cause, _, err := flow.Recv(ctx, stopped)
		require.NoError(t, err)
		require.Equal(t, context.Canceled, cause)
	}, nil)
}

func TestCloseInTheMiddle(t *testing.T) {
	query, begun, stopped := hangs()
	gtktest.Run(t, func(ctx context.Context) {
		u := gtktest.NewUser(ctx, t, open(ctx, query))
		u.Type("Title", "w")
		_, _, err := flow.Recv(ctx, begun)
		require.NoError(t, err)
		u.Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
	}, nil)
	require.ErrorIs(t, <-stopped, guest.ErrQuit)
}
