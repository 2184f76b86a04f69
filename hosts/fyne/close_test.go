package fynehost_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

var errFull = errors.New("disk full")

// yields lets tasks run that others have started.
func yields(t *testing.T, ctx context.Context) {
	for range 5 {
		require.NoError(t, guest.Yield(ctx))
	}
}

func TestQuitOnCloseAsks(t *testing.T) {
	for name, click := range map[string]bool{"close button": true, "quit": false} {
		t.Run(name, func(t *testing.T) {
			fynetest.Run(t, func(ctx context.Context, app fyne.App) {
				w, asked := app.NewWindow("notes"), 0
				w.Show()
				g, _ := guest.FromContext(ctx)
				quit := fynehost.QuitOnClose(g, w, func(ctx context.Context) (bool, error) {
					asked++
					return fynehost.Confirm(ctx, w, "Quit?", "Really?")
				})
				if click {
					quit = func() { fynetest.NewUser(ctx, t, w).Close() }
				}
				quit()
				quit() // while it is asked
				require.True(t, click || asked == 0, "it is asked in a task, later")
				yields(t, ctx)
				require.Equal(t, 1, asked)
				test.Tap(buttons(w)["No"])
				yields(t, ctx)
				require.NoError(t, ctx.Err())
				require.Contains(t, app.Driver().AllWindows(), w)
				quit()
				yields(t, ctx)
				require.Equal(t, 2, asked)
				test.Tap(buttons(w)["Yes"])
				require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
				require.Contains(t, app.Driver().AllWindows(), w, "it stays until all has unwound")
			}, nil)
		})
	}
}

func TestQuitOnCloseWithoutAnAskQuits(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		g, _ := guest.FromContext(ctx)
		fynehost.QuitOnClose(g, app.NewWindow(""), nil)()
		require.ErrorIs(t, guest.Yield(ctx), guest.ErrQuit)
	}, nil)
}

func TestAskOnCloseAsksBeforeTheWindowCloses(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w, asked := app.NewWindow("document"), 0
		w.Show()
		err := fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
			request := fynehost.AskOnClose(ctx, w, func(ctx context.Context) (bool, error) {
				asked++
				n, err := fynehost.Choose(ctx, w, "Notes", "Save?", "Save", "Discard", "Cancel")
				return n == 1, err
			})
			for i, name := range []string{"Cancel", "Discard"} {
				if i == 0 {
					fynetest.NewUser(ctx, t, w).Close()
				} else {
					request()
				}
				yields(t, ctx)
				require.Equal(t, i+1, asked)
				test.Tap(buttons(w)[name])
				yields := func() { _ = guest.Yield(ctx); _ = guest.Yield(ctx) }
				yields()
				require.Equal(t, i == 0, ctx.Err() == nil)
			}
			return guest.Park(ctx)
		})
		require.ErrorIs(t, err, guest.ErrWindowClosed)
		require.NoError(t, ctx.Err())
	}, nil)
}

// Neither a task that ask has left behind, nor the end of the scope, makes it deaf.
func TestWindowCanAlwaysBeAskedToClose(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w, asked := app.NewWindow("document"), 0
		w.Show()
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
			request := fynehost.AskOnClose(ctx, w, func(ctx context.Context) (bool, error) {
				asked++
				guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, 50*time.Millisecond) })
				return false, nil
			})
			for i := range 2 {
				request()
				yields(t, ctx)
				require.Equal(t, i+1, asked)
			}
			return nil
		}))
		fynetest.NewUser(ctx, t, w).Close()
		for slices.Contains(app.Driver().AllWindows(), w) {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		require.Equal(t, 2, asked)
	}, nil)
}

// The end of an earlier call leaves the hook of a later one, and the program's, alone.
func TestAskOnCloseGivesBackOnlyItsOwnHook(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w, asked, own := app.NewWindow("document"), 0, 0
		w.Show()
		first, cancel := context.WithCancel(ctx)
		never := func(context.Context) (bool, error) { t.Error("the first was asked"); return false, nil }
		fynehost.AskOnClose(first, w, never)
		second, cancel2 := context.WithCancel(ctx)
		fynehost.AskOnClose(second, w, func(context.Context) (bool, error) { asked++; return false, nil })
		cancel()
		require.NoError(t, guest.Sleep(ctx, 20*time.Millisecond))
		fynetest.NewUser(ctx, t, w).Close()
		yields(t, ctx)
		require.Equal(t, 1, asked)
		w.SetCloseIntercept(func() { own++ })
		cancel2()
		require.NoError(t, guest.Sleep(ctx, 20*time.Millisecond))
		fynetest.NewUser(ctx, t, w).Close()
		require.Equal(t, 1, own)
	}, nil)
}

// Otherwise the close button would end the program without a question, and without its order.
func TestQuitOnCloseCountsAgainAfterAnAskOnClose(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w, quits, asks := app.NewWindow("main"), 0, 0
		w.Show()
		g, _ := guest.FromContext(ctx)
		quit := fynehost.QuitOnClose(g, w, func(context.Context) (bool, error) { quits++; return false, nil })
		for range 2 { // an AskOnClose that another has replaced does not count again
			short, cancel := context.WithCancel(ctx)
			fynehost.AskOnClose(short, w, func(context.Context) (bool, error) { asks++; return false, nil })
			defer cancel()
		}
		last, cancel := context.WithCancel(ctx)
		fynehost.AskOnClose(last, w, func(context.Context) (bool, error) { asks++; return false, nil })
		fynetest.NewUser(ctx, t, w).Close()
		yields(t, ctx)
		require.Equal(t, []int{0, 1}, []int{quits, asks})
		cancel()
		require.NoError(t, guest.Sleep(ctx, 20*time.Millisecond))
		fynetest.NewUser(ctx, t, w).Close()
		yields(t, ctx)
		require.Equal(t, []int{1, 1}, []int{quits, asks})
		quit()
		yields(t, ctx)
		require.Equal(t, []int{2, 1}, []int{quits, asks})
	}, nil)
}

func TestAskOnCloseRefusesWhatItCanNotUse(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		yes := func(context.Context) (bool, error) { return true, nil }
		for text, call := range map[string]func(){
			"called with a nil window":                   func() { fynehost.AskOnClose(ctx, nil, yes) },
			"called with a nil function":                 func() { fynehost.AskOnClose(ctx, w, nil) },
			"called with a context without a guest":      func() { fynehost.AskOnClose(context.Background(), w, yes) },
			"Choose called without options":              func() { _, _ = fynehost.Choose(ctx, w, "", "") },
			"Busy called with a nil function":            func() { _, _, _ = fynehost.Busy[int](ctx, w, "", nil) },
			"Tap called with a nil handler; pass the":    func() { _, _ = fynehost.Tap(ctx) },
			"Tap called with a nil handler; pass the ad": func() { _, _ = fynehost.Tap(ctx, &widget.NewButton("", nil).OnTapped, nil) },
		} {
			func() {
				defer func() { require.Contains(t, recover(), text) }()
				call()
			}()
		}
	})
}

// Of several the last one counts, also if that is a quit.
func TestEarlierRequestAsksAsALaterQuitDoes(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("notes")
		w.Show()
		g, _ := guest.FromContext(ctx)
		never := func(context.Context) (bool, error) { t.Error("it was asked"); return false, nil }
		fynehost.QuitOnClose(g, w, never)
		short, cancel := context.WithCancel(ctx)
		request := fynehost.AskOnClose(short, w, never)
		fynehost.QuitOnClose(g, w, nil)
		cancel()
		yields(t, ctx)
		request()
		require.ErrorIs(t, guest.Yield(ctx), guest.ErrQuit)
	}, nil)
}
