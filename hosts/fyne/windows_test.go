package fynehost_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("two windows", twoWindows) }

// Several windows: each is a task of main, and the program ends with the last of them.
func ExampleWithWindow() {
	runtime.LockOSThread() // a program's main goroutine is locked by Fyne
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp() // in a program: app.NewWithID

	// open opens a document in a window, and returns when it is closed.
	open := func(ctx context.Context, name string) error {
		w := a.NewWindow(name)
		return fynehost.WithWindow(ctx, w, func(ctx context.Context) error { // ends with w
			changed := false
			fynehost.AskOnClose(ctx, w, func(ctx context.Context) (bool, error) {
				if !changed {
					return true, nil
				}
				return fynehost.Confirm(ctx, w, name, "Close without saving?")
			})
			entry := widget.NewMultiLineEntry()
			entry.OnChanged = func(string) { changed = true }
			w.SetContent(entry)
			w.Show()
			fynetest.NewUser(ctx, nil, w).Close()
			return guest.Park(ctx)
		})
	}
	err := fynehost.Run(a, func(ctx context.Context) error {
		for _, name := range []string{"a letter", "a list"} {
			guest.Go(ctx, func(ctx context.Context) error {
				defer fmt.Println(name, "is closed")
				return open(ctx, name)
			})
		}
		return nil // Run returns when the tasks have ended, too
	}, nil)
	fmt.Println(err)
	// Unordered output:
	// a letter is closed
	// a list is closed
	// <nil>
}

// twoWindows opens two windows, each in a task of main.
func twoWindows() int {
	a := app.NewWithID("test")
	open := func(ctx context.Context, name string) error {
		w := a.NewWindow(name)
		return fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
			fynehost.AskOnClose(ctx, w, func(context.Context) (bool, error) { screentest.Say("%s asks", name); return true, nil })
			w.SetContent(widget.NewButton("press", func() {
				guest.Go(ctx, func(context.Context) error { screentest.Say("%s pressed", name); return nil })
			}))
			w.Resize(fyne.NewSize(100, 100))
			w.Show()
			return guest.Park(ctx)
		})
	}
	err := fynehost.Run(a, func(ctx context.Context) error {
		for _, name := range []string{"one", "two"} {
			guest.Go(ctx, func(ctx context.Context) error {
				err := open(ctx, name)
				screentest.Say("%s: %v", name, guest.IsQuit(err))
				return err
			})
		}
		return nil
	}, &guest.Options{OnError: func(err error) { screentest.Say("failed: %v", err) }, SlowTurn: -1})
	screentest.Say("%v", err)
	return exitCode
}

func TestProgramEndsWithItsLastWindow(t *testing.T) {
	p := screentest.Start(t, "two windows")
	one, two := screentest.Window(t, "one"), screentest.Window(t, "two")
	screentest.CloseWindow(t, one)
	p.Hear("one asks")
	p.Hear("one: true")
	p.ClickUntil("two pressed", two, "50", "50")
	screentest.CloseWindow(t, two)
	text := p.Ended(exitCode)
	require.Contains(t, text, "two asks\ntwo: true\n<nil>\n")
	require.NotContains(t, text, "\nfailed: ")
	require.NotContains(t, text, "WARN")
}
