package twins

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// apart runs a button whose handler fails, and a poll that fails the third time, in main of a
// Run.
func (kit *Toolkit[W]) apart() int {
	failed, polls := 0, 0
	err := kit.run(func(ctx context.Context) error {
		w, _ := kit.Window("apart", "save", func() {
			screentest.Say("clicked")
			guest.Go(ctx, func(context.Context) error { return errors.New("network down") })
		})
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
		kit.QuitOnClose(g, w, nil)
		return guest.Park(ctx)
	}, &guest.Options{OnError: func(error) {
		failed++
		screentest.Say("heard %d", failed)
	}})
	screentest.Say("%v", err)
	return ExitCode
}

func (kit *Toolkit[W]) testApart(t *testing.T, name string) {
	eachLoop(t, kit.Runs, func(t *testing.T, loop string) {
		p := start(t, name, loop)
		w := screentest.Window(t, "apart")
		p.Hear("heard 1") // from the poll
		p.ClickUntil("heard 2", w, "50", "50")
		p.ClickUntil("heard 3", w, "50", "50")
		p.Hear("it goes on")
		screentest.CloseWindow(t, w)
		require.Contains(t, ended(t, p), "<nil>\n")
	})
}

// In cutOff the loop ends before main opens its second window.
func (kit *Toolkit[W]) cutOff() int {
	log := new(screentest.Log)
	err := kit.run(func(ctx context.Context) error {
		login, _ := kit.Window("login", "log in", func() {})
		if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
		kit.CutOff[os.Getenv("LOOP")](login)
		if err := guest.Sleep(ctx, 10*time.Second); err != nil { // for example it loads something
			return err
		}
		kit.Window("main", "work", func() {})
		return guest.Park(ctx)
	}, &guest.Options{Logger: log.Logger()})
	screentest.Say("%v; log: %s", err, log.Text())
	return ExitCode
}

func (kit *Toolkit[W]) testCutOff(t *testing.T, name string) {
	eachLoop(t, kit.CutOff, func(t *testing.T, loop string) {
		require.Contains(t, ended(t, start(t, name, loop)), "the host's loop has ended")
	})
}

// shielded cleans up after the loop's end with calls that are impossible by then.
func (kit *Toolkit[W]) shielded() int {
	err := kit.run(func(ctx context.Context) error {
		w, _ := kit.Window("shielded", "nothing", func() {})
		defer func() {
			ctx, begun := context.WithoutCancel(ctx), time.Now()
			refused("Modal", guest.Modal(ctx, func() { screentest.Say("it ran") }))
			for name, prompt := range kit.Prompts {
				refused(name, prompt(ctx, w))
			}
			screentest.Say("at once: %v", time.Since(begun) < time.Second)
		}()
		kit.EndLoop()
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v", err)
	return ExitCode
}

// refused says whether a call was refused because the loop had ended before the call began.
func refused(name string, err error) {
	screentest.Say("%s: %v %v", name, errors.Is(err, guest.ErrHostGone), errors.Is(err, guest.ErrNotBegun))
}

func (kit *Toolkit[W]) testShielded(t *testing.T, name string) {
	text := ended(t, start(t, name, "Run"))
	require.NotContains(t, text, "it ran")
	require.Contains(t, text, "Modal: true true\n")
	for prompt := range kit.Prompts {
		require.Contains(t, text, prompt+": true true\n")
	}
	require.True(t, strings.HasSuffix(text, "at once: true\n<nil>\n"), text)
}
