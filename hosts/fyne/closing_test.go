package fynehost_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("cover", coverStory) }

// covered reports whether w says that the program is closing.
func covered(w fyne.Window) bool {
	top := w.Canvas().Overlays().Top()
	if top == nil {
		return false
	}
	for _, o := range test.LaidOutObjects(top) {
		if l, ok := o.(*widget.Label); ok && l.Text == "Closing…" {
			return true
		}
	}
	return false
}

// closingWindow calls body, with a context that is shielded, when the program is closing.
func closingWindow(t *testing.T, before, body func(t *testing.T, ctx context.Context, w fyne.Window)) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("main")
		w.Resize(fyne.NewSize(400, 300))
		w.Show()
		g, _ := guest.FromContext(ctx)
		quit := fynehost.QuitOnClose(g, w, nil)
		if before != nil {
			before(t, ctx, w)
		}
		require.NoError(t, guest.Yield(ctx))
		quit()
		body(t, context.WithoutCancel(ctx), w)
	}, nil)
}

const aWhile = 700 * time.Millisecond // until a cover is there for sure

func TestWindowSaysThatTheProgramIsClosing(t *testing.T) {
	closingWindow(t, nil, func(t *testing.T, ctx context.Context, w fyne.Window) {
		require.NoError(t, guest.Yield(ctx))
		require.False(t, covered(w), "what ends at once need not say so")
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.True(t, covered(w))
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.Len(t, w.Canvas().Overlays().List(), 1)
	})
}

// A menu's g.Cancel, or the end of main, is as good a reason as a click.
func TestWindowSaysSoWhateverEndsTheProgram(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("main")
		w.Show()
		g, _ := guest.FromContext(ctx)
		fynehost.QuitOnClose(g, w, func(context.Context) (bool, error) { t.Error("it was asked"); return true, nil })
		fynehost.QuitOnClose(g, w, nil) // and one cover is enough
		require.NoError(t, guest.Yield(ctx))
		g.Cancel(errors.New("logged out"))
		require.NoError(t, guest.Sleep(context.WithoutCancel(ctx), aWhile))
		require.True(t, covered(w))
		require.Len(t, w.Canvas().Overlays().List(), 1)
	}, nil)
}

// Or neither would ever end.
func TestCoverLeavesWhatHasToBeAnswered(t *testing.T) {
	var shielded *guest.Future[bool]
	for name, show := range map[string]func(t *testing.T, ctx context.Context, w fyne.Window){
		"a question": func(t *testing.T, ctx context.Context, w fyne.Window) {
			shielded = asking(t, context.WithoutCancel(ctx), func(ctx context.Context) (bool, error) {
				return fynehost.Confirm(ctx, w, "Save?", "Really?")
			})
		},
		"the program's own dialog": func(t *testing.T, ctx context.Context, w fyne.Window) {
			shielded = guest.NewFuture[bool]()
			dialog.ShowConfirm("Save?", "Really?", func(yes bool) { shielded.Resolve(yes) }, w)
		},
	} {
		t.Run(name, func(t *testing.T) {
			closingWindow(t, nil, func(t *testing.T, ctx context.Context, w fyne.Window) {
				require.NoError(t, guest.Yield(ctx))
				show(t, ctx, w)
				require.NoError(t, guest.Sleep(ctx, aWhile))
				require.False(t, covered(w))
				test.Tap(buttons(w)["Yes"])
				yes, err := shielded.Wait(ctx)
				require.NoError(t, err)
				require.True(t, yes)
				require.NoError(t, guest.Sleep(ctx, aWhile))
				require.True(t, covered(w))
				show(t, ctx, w) // above it
				test.Tap(buttons(w)["Yes"])
				_, err = shielded.Wait(ctx)
				require.NoError(t, err)
				require.True(t, covered(w), "it is still there")
			})
		})
	}
}

// Tasks unwind in their order, and may be the first to hear of the end.
func TestCoverLeavesWhatAnUnwindingTaskAsks(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w, answer := app.NewWindow("main"), guest.NewFuture[bool]()
		w.Resize(fyne.NewSize(400, 300))
		w.Show()
		g, _ := guest.FromContext(ctx)
		g.Go(func(ctx context.Context) error { // before that of QuitOnClose
			err := guest.Park(ctx)
			dialog.ShowConfirm("Save?", "Really?", func(yes bool) { answer.Resolve(yes) }, w)
			_, _ = answer.Wait(context.WithoutCancel(ctx))
			return err
		})
		quit := fynehost.QuitOnClose(g, w, nil)
		require.NoError(t, guest.Yield(ctx))
		quit()
		ctx = context.WithoutCancel(ctx)
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.False(t, covered(w))
		test.Tap(buttons(w)["Yes"])
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.True(t, covered(w))
	}, nil)
}

// Also if it was asked before, by a task that is shielded from the end.
func TestCoverLeavesWhatWasAskedBefore(t *testing.T) {
	var f *guest.Future[bool]
	closingWindow(t, func(t *testing.T, ctx context.Context, w fyne.Window) {
		f = asking(t, context.WithoutCancel(ctx), func(ctx context.Context) (bool, error) {
			return fynehost.Confirm(ctx, w, "Save?", "Really?")
		})
	}, func(t *testing.T, ctx context.Context, w fyne.Window) {
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.False(t, covered(w))
		test.Tap(buttons(w)["No"])
		yes, err := f.Wait(ctx)
		require.NoError(t, err)
		require.False(t, yes)
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.True(t, covered(w))
	})
}

// Fyne takes away with a dialog all that lies above it.
func TestCoverOutlivesTheDialogsBelowIt(t *testing.T) {
	var own dialog.Dialog
	unwound := false
	closingWindow(t, func(t *testing.T, ctx context.Context, w fyne.Window) {
		own = dialog.NewInformation("own", "of the program", w)
		own.Show()
		begun := make(chan bool)
		guest.Go(ctx, func(ctx context.Context) error {
			_, _, err := fynehost.Busy(ctx, w, "Copying", func(ctx context.Context, _ func(float64, string)) (int, error) {
				close(begun)
				<-ctx.Done()
				time.Sleep(aWhile)
				return 0, ctx.Err()
			})
			unwound = true
			return err
		})
		_, _, err := flow.Recv(ctx, begun)
		require.NoError(t, err)
	}, func(t *testing.T, ctx context.Context, w fyne.Window) {
		for !covered(w) {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		require.False(t, unwound)
		for !unwound {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		require.True(t, covered(w), "the dialog below has ended, and stays")
		own.Hide()
		require.False(t, covered(w))
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.True(t, covered(w), "and it comes again")
	})
}

func TestCoverLeavesAClosedWindowAlone(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		var windows []fyne.Window
		g, _ := guest.FromContext(ctx)
		for range 2 {
			w := app.NewWindow("main")
			w.Show()
			fynehost.QuitOnClose(g, w, nil)
			windows = append(windows, w)
		}
		require.NoError(t, guest.Yield(ctx))
		windows[0].Close()
		g.Cancel(guest.ErrQuit)
		ctx = context.WithoutCancel(ctx)
		require.NoError(t, guest.Yield(ctx))
		windows[1].Close()
		require.NoError(t, guest.Sleep(ctx, aWhile))
		for _, w := range windows {
			require.Nil(t, w.Canvas().Overlays().Top())
		}
	}, nil)
}

// A question takes its time, and a click that follows its answer may be meant for it.
func TestQuitNowComesOnlyWhileNothingIsAsked(t *testing.T) {
	const long = 7 * time.Second
	closingWindow(t, nil, func(t *testing.T, ctx context.Context, w fyne.Window) {
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.True(t, covered(w))
		require.NoError(t, guest.Sleep(ctx, long))
		quit := buttons(w)["Quit now"]
		require.True(t, quit.Visible() && !quit.Disabled())

		f := asking(t, ctx, func(ctx context.Context) (bool, error) { return fynehost.Confirm(ctx, w, "Save?", "Really?") })
		test.Tap(buttons(w)["Yes"])
		_, err := f.Wait(ctx)
		require.NoError(t, err)
		test.Tap(quit)
		require.NoError(t, guest.Sleep(ctx, aWhile))
		require.False(t, quit.Visible())

		other := fyne.CurrentApp().NewWindow("other")
		other.Show()
		own := dialog.NewInformation("own", "of the program", other)
		own.Show()
		require.NoError(t, guest.Sleep(ctx, long))
		require.False(t, quit.Visible())
		own.Hide()
		require.NoError(t, guest.Sleep(ctx, long))
		require.True(t, quit.Visible())
		test.Tap(quit)
		require.ErrorIs(t, guest.Sleep(ctx, long), guest.ErrHostGone)
	})
}

// The user can do no more than dismiss it.
func TestQuitNowComesWhileADismissedFormIsChecked(t *testing.T) {
	var end context.CancelFunc
	closingWindow(t, func(t *testing.T, ctx context.Context, w fyne.Window) {
		var stuck context.Context
		stuck, end = context.WithCancel(context.WithoutCancel(ctx))
		shielded := context.WithoutCancel(ctx)
		asking(t, shielded, func(ctx context.Context) (bool, error) {
			return fynehost.Custom(ctx, w, "Form", "OK", "Cancel", widget.NewLabel("text"), func(context.Context) error {
				return guest.Park(stuck)
			})
		})
		test.Tap(buttons(w)["OK"])
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		test.Tap(buttons(w)["Cancel"])
	}, func(t *testing.T, ctx context.Context, w fyne.Window) {
		require.NoError(t, guest.Sleep(ctx, 8*time.Second))
		require.True(t, covered(w))
		require.False(t, buttons(w)["Quit now"].Disabled())
		end()
	})
}

// coverStory closes its window while it works for a second more, and has a button that must not
// be pressed then.
func coverStory() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("cover")
		w.SetContent(widget.NewButton("press", func() { screentest.Say("pressed") }))
		w.Resize(fyne.NewSize(300, 200))
		g, _ := guest.FromContext(ctx)
		fynehost.QuitOnClose(g, w, nil)
		w.Show()
		err := guest.Park(ctx)
		shielded := context.WithoutCancel(ctx)
		for !covered(w) {
			_ = guest.Sleep(shielded, time.Millisecond)
		}
		_ = guest.Sleep(shielded, 100*time.Millisecond) // it is drawn
		screentest.Say("covered")
		_ = guest.Sleep(shielded, time.Second)
		return err
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

func TestCoverOnTheRealDriver(t *testing.T) {
	p := screentest.Start(t, "cover")
	w := screentest.Window(t, "cover")
	p.ClickUntil("pressed", w, "40", "40")
	screentest.CloseWindow(t, w)
	p.Hear("covered")
	screentest.Click(t, w, "40", "40")
	screentest.CloseWindow(t, w) // once more, which changes nothing
	text := p.Ended(exitCode)
	_, after, _ := strings.Cut(text, "covered\n")
	require.NotContains(t, after, "pressed")
	require.Contains(t, after, "<nil>\n")
}
