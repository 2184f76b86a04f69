package fynehost_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories["outlive"] = outlive
	stories["over before"] = overBefore
}

// outlive is a program with its own loop whose guest ends in the way that HOW names. The loop
// must not go on without it.
func outlive() int {
	how := os.Getenv("HOW")
	a := app.NewWithID("test")
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var main func(ctx context.Context) error
	if how == "main returns" {
		main = func(ctx context.Context) error { return guest.Sleep(ctx, 20*time.Millisecond) }
	}
	g, err := guest.Start(h, main, &guest.Options{Context: ctx})
	if err != nil {
		panic(err)
	}
	w := a.NewWindow("outlive")
	w.SetContent(widget.NewButton("quit", func() { screentest.Say("tapped"); g.Cancel(guest.ErrQuit) }))
	w.Resize(fyne.NewSize(100, 100))
	if os.Getenv("WHEN_DONE") != "" {
		fynehost.QuitWhenDone(g)
		fynehost.QuitWhenDone(g)
	} else {
		fynehost.QuitOnClose(g, w, func(context.Context) (bool, error) { screentest.Say("closing"); return true, nil })
	}
	g.Go(func(ctx context.Context) error {
		defer screentest.Say("unwound")
		switch how {
		case "panic":
			panic("of a task")
		case "context":
			cancel()
		default:
			screentest.Say("ready")
		}
		return guest.Park(ctx)
	})
	w.ShowAndRun()
	report := g.Finish()
	screentest.Say("host gone: %v, panicked: %v", errors.Is(report.Err, guest.ErrHostGone), errors.As(report.Err, new(*guest.PanicError)))
	return exitCode
}

func TestLoopQuitsWithItsGuest(t *testing.T) {
	for _, env := range []string{"WHEN_DONE=", "WHEN_DONE=1"} {
		for how, act := range map[string]func(p *screentest.Player){
			"menu":         func(p *screentest.Player) { p.ClickUntil("tapped", screentest.Window(t, "outlive"), "50", "50") },
			"panic":        func(*screentest.Player) {},
			"context":      func(*screentest.Player) {},
			"main returns": func(*screentest.Player) {},
			"close button": func(p *screentest.Player) {
				p.Hear("ready")
				screentest.CloseWindow(t, screentest.Window(t, "outlive"))
			},
		} {
			t.Run(how+"/"+env, func(t *testing.T) {
				p := screentest.Start(t, "outlive", "HOW="+how, env)
				act(p)
				<-p.End
				text := p.Text()
				if how == "panic" {
					require.Contains(t, text, "host gone: false, panicked: true\n")
					return
				}
				text = p.Ended(exitCode)
				require.Contains(t, text, "unwound\n")
				if how != "close button" || env == "WHEN_DONE=" {
					require.Contains(t, text, "host gone: false")
				}
			})
		}
	}
}

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
