package fynehost_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories["apart"] = apart
	stories["last window"] = lastWindow
	stories["shielded"] = shielded
}

// apart has a button whose handler fails, and a poll that fails at its third time, in main of
// Run.
func apart() int {
	failed, polls := 0, 0
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("apart")
		w.SetContent(widget.NewButton("save", func() {
			screentest.Say("tapped")
			guest.Go(ctx, func(context.Context) error { return errors.New("network down") })
		}))
		w.Resize(fyne.NewSize(100, 100))
		w.Show()
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
		fynehost.QuitOnClose(g, w, nil)
		return guest.Park(ctx)
	}, &guest.Options{OnError: func(err error) {
		failed++
		screentest.Say("heard %d", failed)
	}})
	screentest.Say("%v", err)
	return exitCode
}

func TestMainOfRunKeepsFailuresApart(t *testing.T) {
	p := screentest.Start(t, "apart")
	w := screentest.Window(t, "apart")
	p.Hear("heard 1") // the poll
	p.ClickUntil("heard 2", w, "50", "50")
	p.ClickUntil("heard 3", w, "50", "50")
	p.Hear("it goes on")
	screentest.CloseWindow(t, w)
	require.Contains(t, p.Ended(exitCode), "<nil>\n")
}

// lastWindow closes its only window before it opens the next one.
func lastWindow() int {
	a, log := app.NewWithID("test"), new(screentest.Log)
	err := fynehost.Run(a, func(ctx context.Context) error {
		login := a.NewWindow("login")
		login.Show()
		if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
		login.Close()
		if err := guest.Sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		a.NewWindow("main").Show()
		return guest.Park(ctx)
	}, &guest.Options{Logger: log.Logger()})
	screentest.Say("%v; log: %s", err, log.Text())
	return exitCode
}

func TestLoopThatEndsInTheMiddleOfMainIsLogged(t *testing.T) {
	require.Contains(t, screentest.Start(t, "last window").Ended(exitCode), "the host's loop has ended")
}

// shielded cleans up after the loop's end with calls that can't be made any more.
func shielded() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("shielded")
		w.Show()
		defer func() {
			ctx, begun := context.WithoutCancel(ctx), time.Now()
			err := guest.Modal(ctx, func() { screentest.Say("it ran") })
			screentest.Say("Modal: %v %v", errors.Is(err, guest.ErrHostGone), errors.Is(err, guest.ErrNotBegun))
			_, err = fynehost.Confirm(ctx, w, "Save?", "Really?")
			screentest.Say("Confirm: %v %v", errors.Is(err, guest.ErrHostGone), errors.Is(err, guest.ErrNotBegun))
			screentest.Say("at once: %v", time.Since(begun) < time.Second)
		}()
		a.Driver().Quit() // which leaves the windows as they are
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

func TestShieldedCallsAfterTheLoopReturnAtOnce(t *testing.T) {
	text := screentest.Start(t, "shielded").Ended(exitCode)
	require.Contains(t, text, "Modal: true true\nConfirm: true true\nat once: true\n<nil>\n")
}
