package fynehost_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("two guests", twoGuests)
	stories.Add("replaced hook", replacedHook)
}

// said are the lines of a story that begin with "says: "; Fyne says things, too.
func said(text string) (lines string) {
	for line := range strings.Lines(text) {
		if line, ours := strings.CutPrefix(line, "says: "); ours {
			lines += line
		}
	}
	return lines
}

// twoGuests are two in one loop, and a host that never has one. ORDER is that in which they
// end.
func twoGuests() int {
	a := keptApp()
	a.Lifecycle().SetOnStopped(func() { screentest.Say("says: stopped") })
	host := func() *fynehost.Host {
		h, err := fynehost.New(a)
		if err != nil {
			panic(err)
		}
		return h
	}
	both := guest.NewFuture[struct{}]() // both mains have begun
	mains := 0
	main := func(name string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			defer func() {
				a.Preferences().SetString(name, "x")
				screentest.Say("says: %s", name)
			}()
			if mains++; mains == 2 {
				both.Resolve(struct{}{})
			}
			if _, err := both.Wait(ctx); err != nil {
				return err
			}
			a.Preferences().SetString("zero", "x")
			a.Quit()
			return guest.Park(ctx)
		}
	}
	start := func(name string) *guest.Guest {
		g, err := guest.Start(host(), main(name), nil)
		if err != nil {
			panic(err)
		}
		return g
	}
	_ = host()
	one := start("one")
	switch os.Getenv("ORDER") {
	case "one two":
		two := start("two")
		a.Run()
		one.Finish()
		two.Finish()
	case "two one":
		two := start("two")
		a.Run()
		two.Finish()
		one.Finish()
	case "Run one":
		screentest.Say("says: %v", guest.RunTask(host(), main("two"), nil))
		one.Finish()
	}
	return 0
}

func TestOnStoppedComesOnceWhenTheLastOfSeveralGuestsHasEnded(t *testing.T) {
	for order, want := range map[string]string{
		"one two": "one\ntwo\nstopped\n",
		"two one": "two\none\nstopped\n",
		"Run one": "two\n<nil>\none\nstopped\n",
	} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			p := screentest.Start(t, "two guests", home(t), "ORDER="+order)
			require.Equal(t, want, said(p.Ended(0)))
			require.Equal(t, map[string]any{"zero": "x", "one": "x", "two": "x"}, kept(t, p))
		})
	}
}

// replacedHook sets one hook before New and another later, and asks Fyne for its app.
func replacedHook() int {
	a := app.NewWithID("test")
	a.Lifecycle().SetOnStopped(func() { screentest.Say("says: first") })
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	err = guest.RunTask(h, func(ctx context.Context) error {
		life := fyne.CurrentApp().Lifecycle()
		if os.Getenv("NONE") != "" {
			life.SetOnStopped(nil)
		} else {
			life.SetOnStopped(func() { screentest.Say("says: second") })
		}
		_, tray := fyne.CurrentApp().(desktop.App)
		screentest.Say("says: tray: %v", tray)
		_, err := fynehost.New(fyne.CurrentApp())
		refused := err != nil && strings.Contains(err.Error(), "while the app's loop runs")
		screentest.Say("says: refused: %v", refused) // not for being another app
		return nil
	}, nil)
	screentest.Say("says: %v", err)
	return 0
}

func TestOnStoppedIsTheHookThatWasSetLast(t *testing.T) {
	for none, want := range map[string]string{"NONE=": "second\n", "NONE=1": ""} {
		want = "tray: true\nrefused: true\n" + want + "<nil>\n"
		require.Equal(t, want, said(screentest.Start(t, "replaced hook", home(t), none).Ended(0)))
	}
}
