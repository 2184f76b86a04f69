//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories["outlive"] = outlive
	stories["next loop"] = nextLoop
	stories["two guests"] = twoGuests
}

// outlive is a program with its own loop, LOOP, whose guest ends in the way that HOW names. The
// loop must not go on without it.
func outlive() int {
	how := os.Getenv("HOW")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var main func(ctx context.Context) error
	if how == "main returns" {
		main = func(ctx context.Context) error { return guest.Sleep(ctx, 20*time.Millisecond) }
	}
	var g *guest.Guest
	start := func(app *gtk.Application) {
		g = must(guest.Start(must(gtkui.New()), main, &guest.Options{Context: ctx}))
		button := must(gtk.ButtonNewWithLabel("quit"))
		button.Connect("clicked", func() { screentest.Say("clicked"); g.Cancel(guest.ErrQuit) })
		w := newWindow("outlive", button)
		if app != nil {
			app.AddWindow(w)
		}
		if os.Getenv("WHEN_DONE") != "" {
			gtkui.QuitWhenDone(g)
			gtkui.QuitWhenDone(g)
		} else {
			gtkui.QuitOnClose(g, w, nil)
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
	}
	if os.Getenv("LOOP") == "gtk.Main" {
		if gtk.InitCheck(nil) != nil {
			panic("no display")
		}
		start(nil)
		gtk.Main()
	} else {
		app := newApplication()
		app.Connect("activate", func() { start(app) })
		app.Run(nil)
	}
	report := g.Finish()
	screentest.Say("host gone: %v, panicked: %v", errors.Is(report.Err, guest.ErrHostGone), errors.As(report.Err, new(*guest.PanicError)))
	return exitCode
}

func TestLoopQuitsWithItsGuest(t *testing.T) {
	for _, env := range []string{"WHEN_DONE=", "WHEN_DONE=1"} {
		for _, loop := range []string{"LOOP=gtk.Main", "LOOP=Application.Run"} {
			for how, act := range map[string]func(p *screentest.Player){
				"menu":         func(p *screentest.Player) { p.ClickUntil("clicked", screentest.Window(t, "outlive"), "50", "50") },
				"panic":        func(*screentest.Player) {},
				"context":      func(*screentest.Player) {},
				"main returns": func(*screentest.Player) {},
				"close button": func(p *screentest.Player) {
					p.Hear("ready")
					screentest.CloseWindow(t, screentest.Window(t, "outlive"))
				},
			} {
				if how == "close button" && env == "WHEN_DONE=1" && loop == "LOOP=gtk.Main" {
					continue // it takes no close button, and gtk.Main goes on without windows
				}
				t.Run(how+"/"+loop+"/"+env, func(t *testing.T) {
					p := screentest.Start(t, "outlive", "HOW="+how, loop, env)
					act(p)
					<-p.End
					text := p.Text()
					require.NotContains(t, text, "CRITICAL")
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
}

// nextLoop runs gtk.Main again and again. What quits one must not be left to the next.
func nextLoop() int {
	if gtk.InitCheck(nil) != nil {
		panic("no display")
	}
	for _, end := range []func(g *guest.Guest){
		func(*guest.Guest) { gtk.MainQuit() },
		func(g *guest.Guest) { gtk.MainQuit(); g.Cancel(guest.ErrQuit) },
		func(g *guest.Guest) { g.Cancel(guest.ErrQuit); gtk.MainQuit() },
		func(g *guest.Guest) { g.Cancel(guest.ErrQuit) },
	} {
		g := must(guest.Start(must(gtkui.New()), nil, nil))
		gtkui.QuitWhenDone(g)
		g.Go(func(ctx context.Context) error { end(g); return guest.Park(ctx) })
		gtk.Main()
		if err := g.Finish().Err; err != nil {
			panic(err)
		}
		gtkui.QuitWhenDone(g)
		begun := time.Now()
		next := must(guest.Start(must(gtkui.New()), func(ctx context.Context) error {
			return guest.Sleep(ctx, 50*time.Millisecond)
		}, nil))
		gtkui.QuitWhenDone(next)
		gtk.Main()
		screentest.Say("%v, by itself: %v", next.Finish().Err, time.Since(begun) >= 50*time.Millisecond)
	}
	return exitCode
}

func TestTheNextLoopIsLeftAlone(t *testing.T) {
	const good = "<nil>, by itself: true\n"
	require.Equal(t, good+good+good+good, screentest.Start(t, "next loop").Ended(exitCode))
}

// twoGuests has a second guest in the loop that Run runs for the first: the end of the second
// ends the loop, too, as it was told to; and a guest that has ended already does so at once.
func twoGuests() int {
	err := gtkui.Run(func(ctx context.Context) error {
		g := must(guest.Start(must(gtkui.New()), func(ctx context.Context) error {
			return guest.Sleep(ctx, 10*time.Millisecond)
		}, nil))
		if os.Getenv("LATE") != "" {
			if err := g.Wait(ctx); err != nil {
				return err
			}
		}
		gtkui.QuitWhenDone(g)
		err := guest.Park(ctx)
		screentest.Say("%v", context.Cause(ctx))
		return err
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

func TestASecondGuestQuitsTheLoopOfTheFirst(t *testing.T) {
	for _, env := range []string{"LATE=", "LATE=1"} {
		require.Equal(t, "guest: the host's loop has ended\n<nil>\n", screentest.Start(t, "two guests", env).Ended(exitCode))
	}
}
