package fynetest

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (host.Mainloop, error) { return fynehost.New(NewApp()) }, &hosttest.Options[host.Mainloop]{
		Loop:  func(host.Mainloop) error { fyne.CurrentApp().Run(); return nil },
		Quit:  func(host.Mainloop) { fyne.CurrentApp().Quit() },
		Event: func(_ host.Mainloop, fn func()) { fyne.Do(fn) },
	})
}

// The headless app keeps all the rules that the real one keeps.
func TestHost(t *testing.T) { hosttest.Run(t) }

func TestWidgetsAndTasks(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("search")
		entry, status := widget.NewEntry(), widget.NewLabel("")
		button := widget.NewButton("Search", func() {
			guest.Go(ctx, func(ctx context.Context) error {
				status.SetText("searching " + entry.Text)
				hits, err := guest.Background(ctx, func(context.Context) (string, error) { return "3 hits", nil })
				status.SetText(hits)
				return err
			})
		})
		w.SetContent(widget.NewForm(widget.NewFormItem("", entry), widget.NewFormItem("", button), widget.NewFormItem("", status)))
		w.Show()
		test.Type(entry, "gopher")
		test.Tap(button)
		require.Empty(t, status.Text, "a handler only starts the task")
		require.NoError(t, guest.Yield(ctx))
		require.Equal(t, "searching gopher", status.Text)
		require.NoError(t, guest.Join(ctx))
		require.Equal(t, "3 hits", status.Text)
	}, nil)
}

func TestDoQueuesAndDoAndWaitWaits(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		ran := false
		fyne.Do(func() { ran = true })
		require.False(t, ran)
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			there := false
			fyne.DoAndWait(func() { there = app.Driver().(host.Threader).OnThread() })
			require.True(t, there)
			return 0, nil
		})
		require.NoError(t, err)
		require.True(t, ran)
	}, nil)
}

// The thread goes back to Go, which lets any goroutine run there: one that comes late must not
// be taken for the UI's.
func TestAfterRunTheThreadIsNobodys(t *testing.T) {
	var ui host.Threader
	Run(t, func(ctx context.Context, app fyne.App) {
		ui = app.Driver().(host.Threader)
		require.True(t, ui.OnThread())
	}, nil)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	require.False(t, ui.OnThread())
}

func TestLifecycleHooks(t *testing.T) {
	for _, quits := range []bool{false, true} {
		t.Run(fmt.Sprint("Quit ", quits), func(t *testing.T) {
			var calls []string
			Run(t, func(ctx context.Context, app fyne.App) {
				app.Lifecycle().SetOnStopped(func() { calls = append(calls, "first stopped") })
				app.Lifecycle().SetOnStopped(func() { calls = append(calls, "stopped") })
				defer func() { calls = append(calls, "deferred") }()
				if quits {
					app.Quit()
					_ = guest.Park(ctx)
				}
			}, nil)
			require.Equal(t, []string{"deferred", "stopped"}, calls)
		})
	}
}

func TestOnStartedIsCalledByTheLoop(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer fyne.SetCurrentApp(fyne.CurrentApp())
	app := NewApp()
	var calls []string
	app.Lifecycle().SetOnStarted(func() {
		calls = append(calls, "started")
		fyne.Do(func() { calls = append(calls, "done"); app.Quit() })
	})
	app.Lifecycle().SetOnStopped(func() { calls = append(calls, "stopped") })
	app.Run()
	require.Equal(t, []string{"started", "done", "stopped"}, calls)
}

func TestClosingTheLastWindowQuits(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		one, two := app.NewWindow("one"), app.NewWindow("two")
		one.Close()
		one.Close()
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		two.Close()
		err := guest.Park(ctx)
		require.ErrorIs(t, err, guest.ErrHostGone)
	}, nil)
}

// As in a program: the task of a window answers its closing, and the others go on.
func TestTaskThatEndsWithItsWindowCancelsNoOther(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		one, two := app.NewWindow("one"), app.NewWindow("two")
		task := guest.Go(ctx, func(ctx context.Context) error { return fynehost.WithWindow(ctx, one, guest.Park) })
		two.Show()
		require.NoError(t, guest.Yield(ctx))
		one.Close()
		require.ErrorIs(t, task.Wait(ctx), guest.ErrWindowClosed)
		require.NoError(t, ctx.Err())
	}, nil)
}

func TestCloseButtonIsARequest(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		plain, asked := app.NewWindow("plain"), app.NewWindow("asked")
		plain.Show()
		asked.Show()
		err := fynehost.WithWindow(ctx, plain, func(ctx context.Context) error {
			NewUser(ctx, t, plain).Close()
			return guest.Park(ctx)
		})
		require.ErrorIs(t, err, guest.ErrWindowClosed)
		closing := false
		g, _ := guest.FromContext(ctx)
		fynehost.QuitOnClose(g, asked, func(context.Context) (bool, error) { closing = true; return true, nil })
		NewUser(ctx, t, asked).Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
		require.True(t, closing)
		asked.SetTitle("still there")
	}, nil)
}

func TestUserOfAForeignWindowIsRefused(t *testing.T) {
	require.Panics(t, func() { NewUser(t.Context(), t, test.NewTempWindow(t, nil)) })
}
