package fynehost_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/looptest"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("closing", closing) }

// closing closes real windows: under dialogs, and before, and looks in the frame in which they
// are still listed.
func closing() int {
	a := app.NewWithID("test")
	failed := 0
	same := func(name string, want, got any) {
		if want != got {
			failed++
			screentest.Say("%s: %v instead of %v", name, got, want)
		}
	}
	err := fynehost.Run(a, func(ctx context.Context) error {
		stays := a.NewWindow("stays")
		stays.Resize(fyne.NewSize(100, 100))
		stays.Show()
		for name, ask := range dialogs {
			w := a.NewWindow("asks")
			w.SetContent(widget.NewLabel(name))
			w.Resize(fyne.NewSize(600, 400))
			w.Show()
			f := guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, ask(ctx, w) })
			if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
				return err
			}
			same(name+" is open", true, w.Canvas().Overlays().Top() != nil)
			w.Close()
			same("is listed", true, slices.Contains(a.Driver().AllWindows(), w))
			same(name+" while it closes", guest.ErrWindowClosed, ask(ctx, w))
			same("WithWindow while it closes", guest.ErrWindowClosed, fynehost.WithWindow(ctx, w, func(context.Context) error { panic("it runs") }))
			_, err := f.Wait(ctx)
			same(name+" whose window was closed", guest.ErrWindowClosed, err)
			for slices.Contains(a.Driver().AllWindows(), w) {
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			same(name+" later", guest.ErrWindowClosed, ask(ctx, w))
		}
		hooked, button := a.NewWindow("hooked"), widget.NewButton("ok", nil)
		hooked.SetContent(button)
		hooked.SetOnClosed(func() { screentest.Say("it was called") })
		hooked.SetCloseIntercept(hooked.Close)
		hooked.Show()
		g, _ := guest.FromContext(ctx)
		fynehost.QuitOnClose(g, hooked, nil)
		return fynehost.WithWindow(ctx, hooked, func(ctx context.Context) error {
			defer button.Enable() // of no effect, and without harm
			button.Disable()
			_, _, err := fynehost.Prompt(ctx, hooked, "Name", "Your name", "")
			g.Go(func(context.Context) error { hooked.Close(); return nil })
			return err
		})
	}, nil)
	screentest.Say("%v, failed %d", err, failed)
	return exitCode
}

func TestClosedWindowsOnTheRealDriver(t *testing.T) {
	p := screentest.Start(t, "closing")
	screentest.CloseWindow(t, screentest.Window(t, "hooked"))
	text := p.Ended(exitCode)
	require.Contains(t, text, "<nil>, failed 0\n")
	require.Contains(t, text, "QuitOnClose replaces the window's SetCloseIntercept")
	require.Contains(t, text, "WithWindow replaces the window's SetOnClosed")
}

func TestTasksEndWithTheirWindow(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("main")
		w := app.NewWindow("second")
		var causes []error
		bound := func() *guest.Future[int] {
			return guest.Async(ctx, func(ctx context.Context) (int, error) {
				return 0, fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
					guest.Go(ctx, func(ctx context.Context) error {
						err := guest.Park(ctx)
						causes = append(causes, context.Cause(ctx))
						return err
					})
					return guest.Park(ctx)
				})
			})
		}
		one, two := bound(), bound()
		require.NoError(t, guest.Yield(ctx))
		require.NoError(t, guest.Yield(ctx))
		w.Close()
		for _, f := range []*guest.Future[int]{one, two} {
			_, err := f.Wait(ctx)
			require.ErrorIs(t, err, guest.ErrWindowClosed)
		}
		require.Equal(t, []error{guest.ErrWindowClosed, guest.ErrWindowClosed}, causes)
	}, nil)
}

func TestWithWindowReturnsWhatFnReturns(t *testing.T) {
	wrong := errors.New("wrong")
	closing := func(w fyne.Window, fn func(ctx context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error { w.Close(); return fn(ctx) }
	}
	for name, c := range map[string]struct {
		fn   func(w fyne.Window) func(ctx context.Context) error
		want error // nil: none
		quit bool  // and whether it is no failure
	}{
		"nil": {fn: func(fyne.Window) func(context.Context) error { return func(context.Context) error { return nil } }},
		"a failure": {fn: func(fyne.Window) func(context.Context) error { return func(context.Context) error { return wrong } },
			want: wrong},
		"a panic": {fn: func(fyne.Window) func(context.Context) error { return func(context.Context) error { panic(wrong) } },
			want: wrong},
		"nil in a closed window": {fn: func(w fyne.Window) func(context.Context) error {
			return closing(w, func(ctx context.Context) error { _ = guest.Park(ctx); return nil })
		}},
		"a wait's answer": {fn: func(w fyne.Window) func(context.Context) error { return closing(w, guest.Park) },
			want: guest.ErrWindowClosed, quit: true},
		"the context's error": {fn: func(w fyne.Window) func(context.Context) error { return closing(w, context.Context.Err) },
			want: guest.ErrWindowClosed, quit: true},
		"an answer in other words": {fn: func(w fyne.Window) func(context.Context) error {
			return closing(w, func(ctx context.Context) error { return fmt.Errorf("asking: %w", guest.Park(ctx)) })
		}, want: guest.ErrWindowClosed, quit: true},
		"a failure in a closed window": {fn: func(w fyne.Window) func(context.Context) error {
			return closing(w, func(ctx context.Context) error { _ = guest.Park(ctx); return wrong })
		}, want: wrong},
		"a panic in a closed window": {fn: func(w fyne.Window) func(context.Context) error {
			return closing(w, func(ctx context.Context) error { _ = guest.Park(ctx); panic(wrong) })
		}, want: wrong},
	} {
		t.Run(name, func(t *testing.T) {
			fynetest.Run(t, func(ctx context.Context, app fyne.App) {
				app.NewWindow("stays").Show()
				w := app.NewWindow("main")
				g, _ := guest.FromContext(ctx)
				err := g.Go(func(ctx context.Context) error { return fynehost.WithWindow(ctx, w, c.fn(w)) }).Wait(ctx)
				require.ErrorIs(t, err, c.want)
				require.Equal(t, c.quit, guest.IsQuit(err))
				if !c.quit {
					require.NotErrorIs(t, err, guest.ErrWindowClosed)
				}
			}, nil)
		})
	}
}

// A handler of the window that fails ends neither its siblings nor the window.
func TestWithWindowKeepsFailuresApart(t *testing.T) {
	wrong, heard := errors.New("wrong"), 0
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w := app.NewWindow("main")
		save, polls, sibling := widget.NewButton("Save", nil), 0, false
		err := fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
			save.OnTapped = func() { guest.Go(ctx, func(context.Context) error { return wrong }) }
			guest.Every(ctx, time.Millisecond, func(context.Context) error {
				if polls++; polls == 3 {
					return wrong
				}
				return nil
			}, nil)
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Park(ctx)
				sibling = errors.Is(err, guest.ErrWindowClosed)
				return err
			})
			test.Tap(save)
			test.Tap(save)
			require.NoError(t, guest.Sleep(ctx, time.Second))
			require.Equal(t, 3, heard)
			w.Close()
			return guest.Park(ctx)
		})
		require.ErrorIs(t, err, guest.ErrWindowClosed)
		require.True(t, sibling)
	}, &guesttest.Options{Guest: &guest.Options{OnError: func(err error) {
		require.ErrorIs(t, err, wrong)
		heard++
	}}})
}

// The program's own cancellation counts when both have come.
func TestWithWindowSaysThatTheProgramQuits(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w := app.NewWindow("main")
		task := guest.Go(context.WithoutCancel(ctx), func(ctx context.Context) error {
			return fynehost.WithWindow(ctx, w, guest.Park)
		})
		require.NoError(t, guest.Yield(ctx))
		w.Close()
		task.Cancel(guest.ErrQuit)
		err := task.Wait(ctx)
		require.ErrorIs(t, err, guest.ErrQuit)
		require.True(t, guest.IsQuit(err))
	}, nil)
}

// A hook that the program set before can't be called, and the log says so.
func TestHooksThatAreTakenAreNamed(t *testing.T) {
	log := new(screentest.Log)
	looptest.DefaultLog(t, log.Logger())
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w, quiet := app.NewWindow("hooked"), app.NewWindow("quiet")
		g, _ := guest.FromContext(ctx)
		for range 2 { // ours are no hooks of the program's
			fynehost.QuitOnClose(g, quiet, nil)
			require.NoError(t, fynehost.WithWindow(ctx, quiet, func(context.Context) error { return nil }))
		}
		require.Empty(t, log.Text())
		w.SetOnClosed(func() { t.Error("it was called") })
		w.SetCloseIntercept(func() { t.Error("it was called") })
		fynehost.QuitOnClose(g, w, nil)
		require.Contains(t, log.Text(), "QuitOnClose replaces the window's SetCloseIntercept")
		err := fynehost.WithWindow(ctx, w, func(ctx context.Context) error { w.Close(); return guest.Park(ctx) })
		require.ErrorIs(t, err, guest.ErrWindowClosed)
		require.Contains(t, log.Text(), "WithWindow replaces the window's SetOnClosed")
		require.Contains(t, log.Text(), "window=hooked")
	}, nil)
}

func TestWithWindowEndsWithItsTask(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w, why := app.NewWindow("main"), errors.New("why")
		task := guest.Go(context.WithoutCancel(ctx), func(ctx context.Context) error {
			err := fynehost.WithWindow(ctx, w, guest.Park)
			require.ErrorIs(t, err, why)
			return nil
		})
		require.NoError(t, guest.Yield(ctx))
		task.Cancel(why)
		require.NoError(t, task.Wait(ctx))
	}, nil)
}
