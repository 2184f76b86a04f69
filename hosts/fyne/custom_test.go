package fynehost_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func TestCustomStaysUntilTheCheckHasNoObjection(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		answer := guest.NewFuture[int]()
		content := widget.NewEntry()
		f := asking(t, ctx, func(ctx context.Context) (bool, error) {
			return fynehost.Custom(ctx, w, "Sign in", "OK", "Cancel", content, func(ctx context.Context) error {
				_, err := answer.Wait(ctx)
				return err
			})
		})
		w.Canvas().Focus(content)
		buttons(w)["OK"].OnTapped() // by a shortcut, say; a click takes the focus
		yields(t, ctx)
		require.True(t, buttons(w)["OK"].Disabled())
		require.Len(t, shown[*widget.ProgressBarInfinite](w), 1)
		w.Canvas().Focused().TypedRune('x')
		require.Empty(t, content.Text, "nothing is entered during a check")

		answer.Reject(errors.New("the password is wrong"))
		yields(t, ctx)
		require.Contains(t, texts(w), "the password is wrong")
		require.False(t, buttons(w)["OK"].Disabled())
		require.Empty(t, shown[*widget.ProgressBarInfinite](w))
		w.Canvas().Focused().TypedRune('x')
		require.Equal(t, "x", content.Text, "it has the focus again")

		answer = guest.NewFuture[int]()
		test.Tap(buttons(w)["OK"])
		yields(t, ctx)
		require.NotContains(t, texts(w), "the password is wrong")
		answer.Resolve(0)
		ok, err := f.Wait(ctx)
		require.NoError(t, err)
		require.True(t, ok)
	})
}

func TestCustomGrowsWithALongObjection(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		long := ""
		f := asking(t, ctx, func(ctx context.Context) (bool, error) {
			return fynehost.Custom(ctx, w, "", "OK", "Cancel", widget.NewEntry(), func(context.Context) error { return errors.New(long) })
		})
		y := func() float32 {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject
			return at(buttons(w)["OK"]).Y - at(shown[*widget.Entry](w)[0]).Y
		}
		low := y()
		for range 40 {
			long += "a long objection "
		}
		test.Tap(buttons(w)["OK"])
		yields(t, ctx)
		require.Greater(t, y(), low+40)
		test.Tap(buttons(w)["Cancel"])
		ok, err := f.Wait(ctx)
		require.NoError(t, err)
		require.False(t, ok)
	})
}

// Without a button to dismiss it, the dialog has to be confirmed.
func TestCustomWithOneButtonIsNotDismissed(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		answer := guest.NewFuture[int]()
		f := asking(t, ctx, func(ctx context.Context) (bool, error) {
			return fynehost.Custom(ctx, w, "", "OK", "", widget.NewEntry(), func(ctx context.Context) error {
				_, err := answer.Wait(ctx)
				return err
			})
		})
		test.Tap(buttons(w)["OK"])
		yields(t, ctx)
		press(w, fyne.KeyEscape)
		yields(t, ctx)
		answer.Resolve(0)
		ok, err := f.Wait(ctx)
		require.NoError(t, err)
		require.True(t, ok)
	})
}

// A click beside the content takes the focus away, and Tab would lead into it. That holds for what
// can't be disabled, too.
func TestNothingIsEnteredDuringTheCheck(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		entry, off, unseen := widget.NewEntry(), widget.NewEntry(), widget.NewEntry()
		off.Disable()
		form := widget.NewForm(widget.NewFormItem("Name", entry), widget.NewFormItem("Off", off))
		tabs := container.NewAppTabs(
			container.NewTabItem("first", container.NewVScroll(container.NewVBox(form))),
			container.NewTabItem("other", widget.NewForm(widget.NewFormItem("Unseen", unseen))))
		list := widget.NewList(func() int { return 1 }, func() fyne.CanvasObject { return widget.NewLabel("row") },
			func(widget.ListItemID, fyne.CanvasObject) {})
		selected := 0
		list.OnSelected = func(widget.ListItemID) { selected++ }
		split := container.NewHSplit(container.NewStack(tabs), list)
		answer := guest.NewFuture[int]()
		f := asking(t, ctx, func(ctx context.Context) (bool, error) {
			return fynehost.Custom(ctx, w, "", "OK", "Cancel", split, func(ctx context.Context) error {
				_, err := answer.Wait(ctx)
				return err
			})
		})
		w.Canvas().Focus(entry)
		buttons(w)["OK"].OnTapped()
		yields(t, ctx)
		for _, move := range []func(){w.Canvas().Unfocus, w.Canvas().FocusNext, w.Canvas().FocusPrevious, func() { w.Canvas().Focus(list) }} {
			move()
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
			tab, ok := w.Canvas().Focused().(fyne.Tabbable)
			require.True(t, ok && tab.AcceptsTab(), "it leads nowhere")
			w.Canvas().Focused().TypedRune('x')
			w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		}
		require.Empty(t, entry.Text)
		require.Zero(t, selected)
		require.True(t, buttons(w)["OK"].Disabled())

		answer.Reject(errors.New("no"))
		yields(t, ctx)
		require.False(t, entry.Disabled() || unseen.Disabled() || form.Disabled())
		require.True(t, off.Disabled(), "as before")
		require.Same(t, entry, w.Canvas().Focused())
		test.Tap(buttons(w)["Cancel"])
		_, err := f.Wait(ctx)
		require.NoError(t, err)
	})
}

// The program's own check may decide what can be used, also at its end.
func TestWhatTheCheckDisablesStaysDisabled(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		early, late, never := widget.NewButton("early", nil), widget.NewButton("late", nil), widget.NewButton("never", nil)
		f := asking(t, ctx, func(ctx context.Context) (bool, error) {
			return fynehost.Custom(ctx, w, "", "OK", "Cancel", container.NewVBox(early, late, never), func(ctx context.Context) error {
				early.Disable()
				_ = guest.Sleep(ctx, time.Second)
				late.Disable()
				return errors.New("no")
			})
		})
		test.Tap(buttons(w)["OK"])
		require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		require.Contains(t, texts(w), "no")
		require.True(t, early.Disabled())
		require.True(t, late.Disabled())
		require.False(t, never.Disabled())
		test.Tap(buttons(w)["Cancel"])
		_, err := f.Wait(ctx)
		require.NoError(t, err)
	})
}
