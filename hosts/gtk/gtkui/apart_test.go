//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories["apart"] = apart
	stories["quit in the middle"] = quitInTheMiddle
	stories["shielded"] = shielded
}

// runs are the calls that run a loop with a main function.
var runs = map[string]func(app *gtk.Application, main func(ctx context.Context) error, opts *guest.Options) error{
	"Run": func(_ *gtk.Application, main func(ctx context.Context) error, opts *guest.Options) error {
		return gtkui.Run(main, opts)
	},
	"RunApplication": func(app *gtk.Application, main func(ctx context.Context) error, opts *guest.Options) error {
		return gtkui.RunApplication(app, nil, main, opts)
	},
	"GMainLoop": func(_ *gtk.Application, main func(ctx context.Context) error, opts *guest.Options) error {
		if err := gtk.InitCheck(nil); err != nil {
			return err
		}
		return gtkhost.Run(main, opts)
	},
}

// apart has a button whose handler fails, and a poll that fails at its third time, in main of
// LOOP.
func apart() int {
	failed, polls := 0, 0
	if gtk.InitCheck(nil) != nil {
		panic("no display")
	}
	err := runs[os.Getenv("LOOP")](newApplication(), func(ctx context.Context) error {
		button := must(gtk.ButtonNewWithLabel("save"))
		button.Connect("clicked", func() {
			screentest.Say("clicked")
			guest.Go(ctx, func(context.Context) error { return errors.New("network down") })
		})
		w := newWindow("apart", button)
		guest.Every(ctx, 10*time.Millisecond, func(context.Context) error {
			if polls++; polls == 3 {
				return errors.New("poll failed")
			}
			return nil
		}, nil)
		for failed < 3 {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		screentest.Say("it goes on")
		g, _ := guest.FromContext(ctx)
		gtkui.QuitOnClose(g, w, nil)
		return guest.Park(ctx)
	}, &guest.Options{OnError: func(err error) {
		failed++
		screentest.Say("heard %d", failed)
	}})
	screentest.Say("%v", err)
	return exitCode
}

func TestMainKeepsFailuresApart(t *testing.T) {
	for loop := range runs {
		t.Run(loop, func(t *testing.T) {
			p := screentest.Start(t, "apart", "LOOP="+loop)
			w := screentest.Window(t, "apart")
			p.Hear("heard 1") // the poll
			p.ClickUntil("heard 2", w, "50", "50")
			p.ClickUntil("heard 3", w, "50", "50")
			p.Hear("it goes on")
			screentest.CloseWindow(t, w)
			require.Contains(t, p.Ended(exitCode), "<nil>\n")
		})
	}
}

// quitInTheMiddle has a handler that quits the loop while main is in the middle of something.
func quitInTheMiddle() int {
	log, app := new(screentest.Log), newApplication()
	quit := map[string]func(){"Run": gtk.MainQuit, "RunApplication": app.Quit}[os.Getenv("LOOP")]
	err := runs[os.Getenv("LOOP")](app, func(ctx context.Context) error {
		newWindow("login", must(gtk.LabelNew("login")))
		glib.IdleAdd(quit)
		if err := guest.Sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		newWindow("main", must(gtk.LabelNew("main")))
		return guest.Park(ctx)
	}, &guest.Options{Logger: log.Logger()})
	screentest.Say("%v; log: %s", err, log.Text())
	return exitCode
}

func TestLoopThatEndsInTheMiddleOfMainIsLogged(t *testing.T) {
	for _, loop := range []string{"Run", "RunApplication"} {
		require.Contains(t, screentest.Start(t, "quit in the middle", "LOOP="+loop).Ended(exitCode), "the host's loop has ended")
	}
}

// shielded cleans up after the loop's end with calls that can't be made any more.
func shielded() int {
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("shielded", must(gtk.LabelNew("shielded")))
		defer func() {
			ctx, begun := context.WithoutCancel(ctx), time.Now()
			for name, call := range map[string]func() error{
				"Modal":     func() error { return guest.Modal(ctx, func() { screentest.Say("it ran") }) },
				"Confirm":   func() error { _, err := gtkui.Confirm(ctx, w, "Save?", "Really?"); return err },
				"RunDialog": func() error { _, err := gtkui.RunDialog(ctx, must(gtk.DialogNew())); return err },
			} {
				if err := call(); !errors.Is(err, guest.ErrHostGone) || !errors.Is(err, guest.ErrNotBegun) {
					screentest.Say("%s: %v", name, err)
				}
			}
			screentest.Say("at once: %v", time.Since(begun) < time.Second)
		}()
		gtk.MainQuit()
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

func TestShieldedCallsAfterTheLoopReturnAtOnce(t *testing.T) {
	require.Equal(t, "at once: true\n<nil>\n", screentest.Start(t, "shielded").Ended(exitCode))
}
