package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

func TestMain(m *testing.M) {
	flooded()
	m.Run()
}

func TestPiecesComeAgain(t *testing.T) {
	type piece struct {
		column int
		text   string
	}
	for line, want := range map[string][]piece{
		"":                    nil,
		"ä 12:34. worker-1":   {{0, "ä "}, {2, "12:"}, {5, "34."}, {8, " worker-"}, {16, "1"}},
		"request 0249999 ms ": {{0, "request "}, {8, "024"}, {11, "999"}, {14, "9"}, {15, " ms "}},
	} {
		var got []piece
		pieces(line, func(column int, text string) { got = append(got, piece{column, text}) })
		require.Equal(t, want, got, line)
	}
}

// A hundred thousand lines a second run through the window, and the user keeps working.
func TestLogRunsWhileTheUserFiltersPausesAndCloses(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		v := open(ctx, a, 1000)
		u := fynetest.NewUser(ctx, t, v.window)
		source := logview.Source{Rate: 100_000, Workers: 4, Write: v.log.Writer(false)}
		writing := guest.Go(ctx, source.Run)

		u.WaitUntil("half a million lines have come", func() bool { return v.log.Received() > 500_000 })
		u.See(", 0 dropped")
		u.Type("Filter", "ERROR")
		u.WaitUntil("only errors are shown", func() bool {
			return v.log.Len() > 0 && v.log.Len() < 10 && v.last() == v.log.Row(v.log.Len()-1)
		})
		u.See("ERROR")
		u.Gone("INFO")

		u.Tap("Follow")
		held := v.last()
		require.NotEmpty(t, held)
		require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		require.Equal(t, held, v.last())
		u.WaitUntil("two hundred thousand lines wait", func() bool { return strings.Contains(u.Screen(), "; paused, 2") })
		u.Type("Filter", "")
		u.See("INFO")
		u.Tap("Follow")
		u.Gone("paused")

		u.Close()
		require.ErrorIs(t, writing.Wait(context.WithoutCancel(ctx)), guest.ErrQuit)
	}, nil)
}

func TestTheLastLineIsShown(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		v := open(ctx, a, 100)
		u := fynetest.NewUser(ctx, t, v.window)
		source := logview.Source{Rate: 100_000, Workers: 1, Lines: 100_000, Write: v.log.Writer(true)}
		require.NoError(t, source.Run(ctx))
		u.WaitUntil("all have come", func() bool { return v.log.Received() == 100_000 })
		require.Contains(t, v.last(), " request 0099999 ")
		u.See("0 lines/s, 100000 so far, 0 dropped")
		u.Tap("Clear")
		u.Gone("request")
		v.log.Lines.Close()
	}, nil)
}
