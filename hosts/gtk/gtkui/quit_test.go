//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories["quit"] = quit }

const exitCode = 7 // of a program that ended as it wanted to

func newApplication() *gtk.Application {
	return must(gtk.ApplicationNew("org.golodger.test", glib.APPLICATION_NON_UNIQUE))
}

// loops are the ways to run GTK, with a guest whose main function is body: LOOP says which.
// They return the guest's error.
var loops = map[string]func(app *gtk.Application, body func(ctx context.Context) error) error{
	"Run": func(_ *gtk.Application, body func(ctx context.Context) error) error { return gtkui.Run(body, nil) },
	"gtk.Main": func(_ *gtk.Application, body func(ctx context.Context) error) error {
		g := must(guest.Start(must(gtkui.New()), body, nil))
		gtk.Main()
		return finished(g)
	},
	"RunApplication": func(app *gtk.Application, body func(ctx context.Context) error) error {
		return gtkui.RunApplication(app, nil, body, nil)
	},
	"Application.Run": func(app *gtk.Application, body func(ctx context.Context) error) error {
		var g *guest.Guest
		app.Connect("activate", func() {
			g = must(guest.Start(must(gtkui.New()), body, nil))
			gtkui.Hold(g, app)
		})
		app.Run(nil)
		return finished(g)
	},
	"GMainLoop": func(_ *gtk.Application, body func(ctx context.Context) error) error {
		if err := gtk.InitCheck(nil); err != nil {
			return err
		}
		return gtkhost.Run(body, nil)
	},
}

func finished(g *guest.Guest) error {
	report := g.Finish()
	if len(report.Leaked) > 0 || report.Dropped > 0 {
		return errors.New(report.String())
	}
	return report.Err
}

// ways to quit, by the loops that they end.
var ways = map[string][]string{
	"close button":     {"Run", "gtk.Main", "RunApplication", "Application.Run", "GMainLoop"},
	"Cancel":           {"Run", "RunApplication", "Application.Run", "GMainLoop"},
	"gtk.MainQuit":     {"Run", "gtk.Main"},
	"from IdleAdd":     {"Run", "gtk.Main"},
	"Application.Quit": {"RunApplication", "Application.Run"},
	"destroyed":        {"Run", "gtk.Main", "RunApplication", "Application.Run", "GMainLoop"},
	"nested gtk.Main":  {"Run"},
}

// quit ends a loop in the way that WAY names, while 8 goroutines post and 100 tasks wait, and
// then looks whether everything that was accepted has run, once and on the UI thread, and
// whether all deferred calls have.
func quit() int {
	way, loop := os.Getenv("WAY"), os.Getenv("LOOP")
	if gtk.InitCheck(nil) != nil {
		panic("no display")
	}
	app := newApplication()
	thread := host.CurrentThread()
	const posters, tasks = 8, 100
	var (
		accepted, ran, wrong atomic.Int64
		deferred             int // UI thread only
		wg                   sync.WaitGroup
	)
	look := func() {
		if host.CurrentThread() != thread {
			wrong.Add(1)
		}
	}
	code := 1
	body := func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		label := must(gtk.LabelNew("running"))
		w := newWindow("quit", label)
		if loop == "RunApplication" || loop == "Application.Run" {
			app.AddWindow(w)
		}
		gtkui.QuitOnClose(g, w, func(context.Context) (bool, error) {
			screentest.Say("closing")
			return true, nil
		})
		for range tasks {
			guest.Go(ctx, func(ctx context.Context) error {
				defer func() { look(); deferred++ }()
				for guest.Sleep(ctx, time.Millisecond) == nil {
					label.SetText("working")
				}
				// a clean-up that takes its time
				_ = guest.Sleep(context.WithoutCancel(ctx), 10*time.Millisecond)
				return nil
			})
		}
		for range posters {
			wg.Go(func() {
				for n := 0; ; n++ {
					err := g.Post(func() { look(); ran.Add(1) })
					if err != nil {
						return
					}
					accepted.Add(1)
					if n%100 == 0 {
						// else the flood is all that the machine does
						time.Sleep(100 * time.Microsecond)
					}
				}
			})
		}
		if err := guest.Sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
		switch way {
		case "gtk.MainQuit":
			gtk.MainQuit()
		case "from IdleAdd":
			go glib.IdleAdd(gtk.MainQuit)
		case "Application.Quit":
			app.Quit()
		case "destroyed":
			w.Destroy()
		case "nested gtk.Main":
			glib.IdleAdd(gtk.Main)
			if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
				return err
			}
			g.Cancel(guest.ErrQuit)
		case "Cancel":
			if loop == "Application.Run" {
				w.Destroy() // else the application lives on with it
			}
			g.Cancel(guest.ErrQuit)
		default:
			screentest.Say("ready")
		}
		err := guest.Park(ctx)
		screentest.Say("cause: %v", context.Cause(ctx))
		if !errors.Is(err, guest.ErrQuit) && !errors.Is(err, guest.ErrHostGone) {
			return fmt.Errorf("parked main ended by %w", err)
		}
		code = exitCode
		return nil
	}
	err := loops[loop](app, body)
	wg.Wait()
	screentest.Say("accepted %d", accepted.Load())
	if err != nil || accepted.Load() != ran.Load() || wrong.Load() != 0 || deferred != tasks {
		screentest.Say("%v; ran %d, on a wrong thread %d, deferred %d of %d", err, ran.Load(), wrong.Load(), deferred, tasks)
		return 1
	}
	return code
}

func TestQuit(t *testing.T) {
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("QUIT_ROUNDS")); err == nil {
		rounds = n
	}
	for way, loops := range ways {
		for _, loop := range loops {
			t.Run(way+"/"+loop, func(t *testing.T) {
				for range rounds {
					p := screentest.Start(t, "quit", "WAY="+way, "LOOP="+loop)
					if way == "close button" {
						p.Hear("ready")
						screentest.CloseWindow(t, screentest.Window(t, "quit"))
						p.Hear("closing")
						p.Hear("cause: guest: quit")
					}
					text := p.Ended(exitCode)
					require.NotContains(t, text, "\naccepted 0\n")
					require.NotContains(t, text, "CRITICAL")
				}
			})
		}
	}
}
