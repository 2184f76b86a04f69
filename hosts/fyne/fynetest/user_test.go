package fynetest

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

// inWindow runs body with a user of a window that shows content.
func inWindow(t *testing.T, content func(w fyne.Window) fyne.CanvasObject, body func(ctx context.Context, u *User)) {
	t.Helper()
	Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("main")
		w.SetContent(content(w))
		w.Resize(fyne.NewSize(640, 480))
		w.Show()
		body(ctx, NewUser(ctx, t, w))
	}, nil)
}

// A log of what was done.
type log []string

func (l *log) add(text string) func() { return func() { *l = append(*l, text) } }

func (l *log) take() string {
	text := strings.Join(*l, " ")
	*l = nil
	return text
}

func TestUserWaitsUntilItIsThere(t *testing.T) {
	var l log
	inWindow(t, func(fyne.Window) fyne.CanvasObject {
		b := widget.NewButton("Later", l.add("tapped"))
		b.Disable()
		return container.NewVBox(b)
	}, func(ctx context.Context, u *User) {
		began := time.Now()
		later := func(d time.Duration, fn func()) {
			guest.After(ctx, d, func(context.Context) error { fn(); return nil })
		}
		b := Find[*widget.Button](u, "Later")
		later(3*time.Second, b.Enable)
		u.Tap("Later")
		require.Equal(t, 3*time.Second, time.Since(began))
		require.Equal(t, "tapped", l.take())
		later(time.Second, func() { b.SetText("Changed now") })
		u.See("now")
		u.Gone("hanged") // no whole word
		later(time.Second, b.Hide)
		u.Gone("Changed")
		require.Equal(t, 5*time.Second, time.Since(began))
		var done atomic.Bool
		go func() { time.Sleep(time.Second); done.Store(true) }()
		u.WaitUntil("a goroutine has done it", done.Load)
		require.InDelta(t, 6, time.Since(began).Seconds(), 0.02)
		u.Within(2*time.Hour).WaitUntil("an hour has gone", func() bool { return time.Since(began) > time.Hour })
		require.InDelta(t, 3600, time.Since(began).Seconds(), 2)
		b.Show()
		u.window.Hide()
		u.Gone("Changed")
		later(time.Second, u.window.Show)
		u.Tap("Changed now")
		require.Equal(t, "tapped", l.take())
	})
}

// What can happen now has happened when a call returns, whoever had to run for it.
func TestUserLetsTheProgramComeToRest(t *testing.T) {
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("") }, func(ctx context.Context, u *User) {
		status := widget.NewLabel("")
		g, _ := guest.FromContext(ctx)
		u.window.SetContent(container.NewVBox(status, widget.NewButton("Go", func() {
			g.Go(func(ctx context.Context) error {
				for i := range 100 {
					if _, err := guest.Background(ctx, func(context.Context) (int, error) { return i, nil }); err != nil {
						return err
					}
				}
				status.SetText("hundred")
				go func() { fyne.Do(func() { status.SetText(status.Text + " and one") }) }()
				if err := guest.Sleep(ctx, time.Nanosecond); err != nil {
					return err
				}
				status.SetText("too late")
				return nil
			})
		})))
		u.Tap("Go")
		require.Equal(t, "hundred and one", status.Text)
	})
}

func TestUserLooksOnlyWhenSomethingHasHappened(t *testing.T) {
	looks := 0
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("") }, func(ctx context.Context, u *User) {
		guest.After(ctx, 9*time.Second, func(context.Context) error { return nil })
		_, err := u.await("test", func() string { looks++; return "never" }, false)
		require.Error(t, err)
	})
	require.LessOrEqual(t, looks, 4)
}

func TestCallsOfTheUserAreNoTasks(t *testing.T) {
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("") }, func(ctx context.Context, u *User) {
		var err error
		u.window.SetContent(widget.NewButton("Wait", func() { err = guest.Sleep(ctx, time.Second) }))
		u.Tap("Wait")
		require.Error(t, err, "as in a handler that Fyne calls")
	})
}

func TestUserOutsideATaskIsRefused(t *testing.T) {
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("text") }, func(ctx context.Context, u *User) {
		want := `fynetest: See("text") called outside a task; call it in the test's body or in one of its tasks`
		require.NoError(t, guest.RunOnMain(ctx, func() { require.PanicsWithValue(t, want, func() { u.See("text") }) }))
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			require.PanicsWithValue(t, want, func() { u.See("text") })
			return 0, nil
		})
		require.NoError(t, err)
		require.NoError(t, guest.Yield(ctx))
		require.Panics(t, func() { NewUser(context.Background(), t, u.window) })
	})
}

// A handler that panics is called once, and the User goes on.
func TestActsHappenOnceAlsoWithAPanic(t *testing.T) {
	var l log
	hurts := func(name string) { l.add(name)(); panic(name) }
	var heard []string
	listen := func(err error) { heard = append(heard, err.Error()) }
	acts := map[string]func(u *User, w fyne.Window){
		"Tap":    func(u *User, _ fyne.Window) { u.Tap("Tap") },
		"menu":   func(u *User, _ fyne.Window) { u.Tap("menu") },
		"Type":   func(u *User, _ fyne.Window) { u.Type("Name", "x") },
		"Press":  func(u *User, w fyne.Window) { w.Canvas().Unfocus(); u.Press(fyne.KeyEscape) },
		"Choose": func(u *User, _ fyne.Window) { u.Choose("Size", "M") },
		"radio":  func(u *User, _ fyne.Window) { u.Choose("Colour", "red") },
		"Answer": func(u *User, w fyne.Window) {
			dialog.ShowConfirm("", "?", func(bool) { hurts("Answer") }, w)
			u.Answer("Yes")
		},
		"Close": func(u *User, w fyne.Window) {
			w.SetCloseIntercept(func() { hurts("Close") })
			u.Close()
		},
	}
	Run(t, func(ctx context.Context, app fyne.App) {
		for name, act := range acts {
			w := app.NewWindow(name)
			entry := widget.NewEntry()
			entry.OnChanged = func(string) { hurts("Type") }
			w.SetContent(container.NewVBox(widget.NewButton("Tap", func() { hurts("Tap") }), widget.NewForm(
				widget.NewFormItem("Name", entry),
				widget.NewFormItem("Size", widget.NewSelect([]string{"S", "M"}, func(string) { hurts("Choose") })),
				widget.NewFormItem("Colour", widget.NewRadioGroup([]string{"red"}, func(string) { hurts("radio") })),
			)))
			w.SetMainMenu(fyne.NewMainMenu(fyne.NewMenu("File", fyne.NewMenuItem("menu", func() { hurts("menu") }))))
			w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { hurts("Press") })
			w.Show()
			began := time.Now()
			act(NewUser(ctx, t, w), w)
			require.Equal(t, name, l.take())
			require.Len(t, heard, 1)
			require.Contains(t, heard[0], name)
			require.Zero(t, time.Since(began))
			heard = nil
		}
	}, &guesttest.Options{Guest: &guest.Options{OnError: listen}})
}
