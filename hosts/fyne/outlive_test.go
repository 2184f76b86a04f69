package fynehost_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("over before", overBefore) }

// overBefore ends the loop before the guest has ended: nothing is to be quit any more.
func overBefore() int {
	a := app.NewWithID("test")
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		panic(err)
	}
	fynehost.QuitWhenDone(g)
	g.Go(func(ctx context.Context) error { a.Quit(); return guest.Park(ctx) })
	stopped := 0
	a.Lifecycle().SetOnStopped(func() { stopped++ })
	a.Run()
	report := g.Finish()
	fynehost.QuitWhenDone(g)
	time.Sleep(100 * time.Millisecond) // for what must not happen
	screentest.Say("%v, stopped %d", report.Err, stopped)
	return exitCode
}

func TestNothingIsQuitAfterTheLoop(t *testing.T) {
	require.Contains(t, screentest.Start(t, "over before").Ended(exitCode), "<nil>, stopped 1\n")
}

// A guest has one watcher, however many windows it has.
func TestOneWatcherForAllWindows(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		g, _ := guest.FromContext(ctx)
		before := runtime.NumGoroutine()
		for range 100 {
			fynehost.QuitOnClose(g, app.NewWindow(""), nil)
		}
		fynehost.QuitWhenDone(g)
		require.LessOrEqual(t, runtime.NumGoroutine(), before+10)
	}, nil)
}

// The guest of one loop does not quit the next: in tests there are several in a process.
func TestTheNextLoopIsLeftAlone(t *testing.T) {
	for range 5 {
		fynetest.Run(t, func(ctx context.Context, app fyne.App) {
			g, _ := guest.FromContext(ctx)
			fynehost.QuitWhenDone(g)
			require.NoError(t, guest.Sleep(ctx, 20*time.Millisecond))
		}, &guesttest.Options{RealTime: true}) // a bubble would wait for the watcher
	}
}
