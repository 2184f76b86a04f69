package fynetest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// A whole program; with app.New in place of NewApp it has a window on the screen.
func Example_fyneRun() {
	runtime.LockOSThread() // Fyne does so by itself, in its init
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp()
	err := fynehost.Run(a, func(ctx context.Context) error {
		status := widget.NewLabel("searching…")
		w := a.NewWindow("search")
		w.SetContent(status)
		w.Show()
		hits, err := guest.Background(ctx, func(context.Context) (int, error) { return 3, nil })
		if err != nil {
			return err
		}
		status.SetText(fmt.Sprint(hits, " hits")) // no fyne.Do: this is the UI thread
		fmt.Println(status.Text)
		return nil // the app quits
	}, nil)
	fmt.Println(err)
	// Output:
	// 3 hits
	// <nil>
}

// A goroutine, and a handler, of which one doesn't know how far it is to a guest.
func TestFyneDo(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		label := widget.NewLabel("")
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			if err := guest.RunOnMain(ctx, func() { label.SetText("half") }); err != nil {
				return nil, err
			}
			return guest.CallOnMain(ctx, func(context.Context) (any, error) {
				label.SetText(label.Text + " done")
				return nil, nil
			})
		})
		require.NoError(t, err)
		require.Equal(t, "half done", label.Text)
	}, nil)
}

func TestFyneHandlers(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		g, _ := guest.FromContext(ctx)
		w := app.NewWindow("notes")
		status, save, entry := widget.NewLabel(""), widget.NewButton("Save", nil), widget.NewEntry()
		entry.SetPlaceHolder("Your text")
		w.SetContent(container.NewVBox(status, save, entry))
		w.Show()
		user := fynetest.NewUser(ctx, t, w)

		save.OnTapped = func() { // a handler starts a task
			g.Go(func(ctx context.Context) error {
				ok, err := fynehost.Confirm(ctx, w, "Save", "Overwrite the file?")
				status.SetText(fmt.Sprint("overwrite: ", ok))
				return err
			})
		}
		user.Tap("Save")
		user.Answer("Yes")
		user.See("overwrite: true")

		// or the task waits for the handler
		typed := guest.Async(ctx, func(ctx context.Context) (string, error) {
			for text := range fynehost.Changes(ctx, &entry.OnChanged) {
				if len(text) == 3 {
					return text, nil
				}
			}
			return "", ctx.Err()
		})
		user.Type("Your text", "abc")
		text, err := typed.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, "abc", text)

		name := binding.NewString()
		require.NoError(t, name.Set("gopher"))
		for v := range fynehost.Values(ctx, name) {
			require.Equal(t, "gopher", v)
			break
		}
	}, nil)
}

// What was a goroutine with a ticker is a task that sleeps.
func TestFyneTimers(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		clock := widget.NewLabel("")
		ticks := guest.Every(ctx, time.Millisecond, func(context.Context) error {
			clock.SetText(clock.Text + ".")
			return nil
		}, nil)
		stop := guest.After(ctx, 50*time.Millisecond, func(context.Context) error {
			ticks.Cancel(nil)
			return nil
		})
		require.NoError(t, stop.Wait(ctx))
		require.GreaterOrEqual(t, len(clock.Text), 49)
	}, nil)
}

// What works for a window ends with it.
func TestFyneWindow(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("preview")
		app.NewWindow("the last one quits the app").Show()
		w.Show()
		guest.After(ctx, time.Millisecond, func(context.Context) error { w.Close(); return nil })
		err := fynehost.WithWindow(ctx, w, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		require.ErrorIs(t, err, guest.ErrWindowClosed)
		require.NoError(t, ctx.Err())
	}, nil)
}

// The close button is a request: the task saves, and then the app quits.
func TestFyneClose(t *testing.T) {
	saved := false
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		g, _ := guest.FromContext(ctx)
		w := app.NewWindow("notes")
		fynehost.QuitOnClose(g, w, nil)
		w.Show()
		guest.Go(ctx, func(ctx context.Context) error {
			fynetest.NewUser(ctx, t, w).Close()
			return nil
		})
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
		saved = guest.Sleep(context.WithoutCancel(ctx), time.Millisecond) == nil
	}, nil)
	require.True(t, saved)
}
