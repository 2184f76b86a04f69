package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(screentest.Stories{"alive": func() int { main(); return 0 }})
	m.Run()
}

// The clock shows each tenth of a second while the task waits, and none while the handler does.
func TestClockGoesOnWhileATaskWaits(t *testing.T) {
	for _, blocked := range []bool{false, true} {
		t.Run(fmt.Sprint("blocked ", blocked), func(t *testing.T) {
			fynetest.Run(t, func(ctx context.Context, a fyne.App) {
				u := fynetest.NewUser(ctx, t, open(ctx, a, blocked))
				require.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
				u.Tap("Search")
				if !blocked {
					u.See("1.5s")
					u.See("searching…")
				}
				u.See("42 hits")
				u.See("3s")
				a.Quit() // which ends the clock, too
			}, &guesttest.Options{Guest: &guest.Options{SlowTurn: -1}})
		})
	}
}

// Who taps again has to wait until the query has ended.
func TestOneQueryAtATime(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		u := fynetest.NewUser(ctx, t, open(ctx, a, false))
		u.Tap("Search")
		began := time.Now()
		u.Tap("Search")
		require.GreaterOrEqual(t, time.Since(began), query)
		u.See("searching…")
		u.See("42 hits")
		a.Quit()
	}, nil)
}

func TestAliveOnAScreen(t *testing.T) {
	p := screentest.Start(t, "alive")
	screentest.CloseWindow(t, screentest.Window(t, "query in a task"))
	p.Ended(0)
}
