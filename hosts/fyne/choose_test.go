package fynehost_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("dialogs", dialogStory) }

// press presses a key in w.
func press(w fyne.Window, key fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key}) }

func TestChooseReturnsWhatWasChosen(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		options := []string{"Save", "Discard", "Cancel", "Help"}
		for _, options := range [][]string{options, options[:3], options[:1]} {
			ask := func(ctx context.Context) (int, error) {
				return fynehost.Choose(ctx, w, "Notes", "Save the changes?", options...)
			}
			chosen := func(f *guest.Future[int]) int {
				n, err := f.Wait(ctx)
				require.NoError(t, err)
				return n
			}
			for i, option := range options {
				f := asking(t, ctx, ask)
				require.Equal(t, i == 0, buttons(w)[option].Importance == widget.HighImportance)
				test.Tap(buttons(w)[option])
				require.Equal(t, i, chosen(f))
			}
			f := asking(t, ctx, ask)
			press(w, fyne.KeySpace) // which is for buttons
			press(w, fyne.KeyReturn)
			require.Zero(t, chosen(f))
			f = asking(t, ctx, ask)
			press(w, fyne.KeyEscape)
			require.Equal(t, -1, chosen(f))
		}
	})
}

func TestFirstOptionStandsOnTheRight(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		f := asking(t, ctx, func(ctx context.Context) (int, error) { return fynehost.Choose(ctx, w, "", "", "a", "b", "c") })
		x := func(name string) float32 { return buttons(w)[name].Position().X }
		require.Greater(t, x("a"), x("b"))
		require.Greater(t, x("b"), x("c"))
		press(w, fyne.KeyEscape)
		_, err := f.Wait(ctx)
		require.NoError(t, err)
	})
}

func TestLongQuestionStaysInTheWindow(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		f := asking(t, ctx, func(ctx context.Context) (int, error) {
			return fynehost.Choose(ctx, w, "", strings.Repeat("a long question ", 20), "Yes")
		})
		top := w.Canvas().Overlays().Top()
		require.LessOrEqual(t, top.MinSize().Width, w.Canvas().Size().Width)
		require.Greater(t, buttons(w)["Yes"].Size().Height, float32(10))
		press(w, fyne.KeyReturn)
		_, err := f.Wait(ctx)
		require.NoError(t, err)
	})
}

// A focusEntry says when it has the focus.
type focusEntry struct{ widget.Entry }

func (e *focusEntry) FocusGained() {
	e.Entry.FocusGained()
	screentest.Say("focused")
}

// dialogStory shows the dialogs one after the other.
func dialogStory() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("dialogs")
		ready := widget.NewButton("", nil)
		w.SetContent(ready)
		w.Resize(fyne.NewSize(500, 300))
		w.Show()
		if _, err := fynehost.Tap(ctx, &ready.OnTapped); err != nil {
			return err
		}
		screentest.Say("ready")
		n, err := fynehost.Choose(ctx, w, "Notes", "Save?", "Save", "Discard", "Cancel")
		screentest.Say("chosen %d %v", n, err)
		n, err = fynehost.Choose(ctx, w, "Notes", "Save?", "Save", "Discard", "Cancel")
		screentest.Say("chosen then %d %v", n, err)
		entry, checks := new(focusEntry), 0
		entry.ExtendBaseWidget(entry)
		entry.OnChanged = func(text string) { screentest.Say("typed %s", text) }
		ok, err := fynehost.Custom(ctx, w, "Sign in", "OK", "Cancel", entry, func(ctx context.Context) error {
			checks++
			screentest.Say("check %d", checks)
			return guest.Park(ctx)
		})
		screentest.Say("custom %v %v %q", ok, err, entry.Text)
		_, ok, err = fynehost.Busy(ctx, w, "Copying", func(ctx context.Context, report func(float64, string)) (int, error) {
			report(0.5, "half")
			screentest.Say("busy")
			<-ctx.Done()
			return 0, ctx.Err()
		})
		screentest.Say("busy %v %v", ok, err)
		return nil
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

func TestDialogsTakeRealKeysAndClicks(t *testing.T) {
	p := screentest.Start(t, "dialogs")
	w := screentest.Window(t, "dialogs")
	p.ClickUntil("ready", w, "10", "10")
	// to the window below the pointer
	key := func(name string) { screentest.Xdotool(t, "key", name) }
	key("Escape")
	p.Hear("chosen -1 <nil>")
	key("Return")
	p.Hear("chosen then 0 <nil>")
	p.ClickUntil("focused", w, "250", "125")
	key("a")
	p.Hear("typed a")
	p.ClickUntil("check 1", w, "294", "205")
	key("Tab")
	key("x") // which is not entered during a check
	screentest.Click(t, w, "250", "125")
	key("y")
	key("Escape")
	p.Hear(`custom false <nil> "a"`)
	p.Hear("busy")
	key("Escape")
	p.Hear("busy false <nil>")
	require.Contains(t, p.Ended(exitCode), "\n<nil>\n")
}

func TestManyOptionsStayInTheWindow(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		for _, size := range []fyne.Size{fyne.NewSize(400, 300), fyne.NewSize(800, 600)} {
			w.Resize(size)
			var options []string
			for i := range 20 {
				options = append(options, fmt.Sprint("option ", i))
			}
			f := asking(t, ctx, func(ctx context.Context) (int, error) {
				return fynehost.Choose(ctx, w, "Which one?", "There are many.", options...)
			})
			require.LessOrEqual(t, w.Canvas().Overlays().Top().MinSize().Height, size.Height)
			scrolls := shown[*container.Scroll](w)
			require.Len(t, scrolls, 1)
			scroll := scrolls[0]
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject
			first := buttons(w)["option 0"]
			require.GreaterOrEqual(t, at(first).Y, at(scroll).Y)
			require.LessOrEqual(t, at(first).Y+first.Size().Height, at(scroll).Y+scroll.Size().Height)
			require.LessOrEqual(t, at(scroll).Y+scroll.Size().Height, size.Height)
			require.Greater(t, scroll.Size().Height, size.Height/3, "it takes the room that there is")
			test.Tap(buttons(w)["option 19"])
			n, err := f.Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, 19, n)
		}
	})
}
