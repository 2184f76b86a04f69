package fynetest

import (
	"context"
	"fmt"
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

// quickly fails a test of hours that takes more than a minute of real time, on a busy machine.
func quickly(t *testing.T) {
	began := time.Now()
	t.Cleanup(func() { require.Less(t, time.Since(began), time.Minute) })
}

func TestTimeIsVirtual(t *testing.T) {
	quickly(t)
	Run(t, func(ctx context.Context, app fyne.App) {
		began := time.Now()
		require.NoError(t, guest.Sleep(ctx, time.Hour))
		require.Equal(t, time.Hour, time.Since(began))
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			time.Sleep(time.Hour)
			fyne.DoAndWait(func() {})
			return 0, nil
		})
		require.NoError(t, err)
		require.Equal(t, 2*time.Hour, time.Since(began))
	}, nil)
}

func TestTimeIsRealWhenAsked(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		require.Greater(t, time.Now().Year(), 2001, "a bubble's begins in 2000")
		w := app.NewWindow("real")
		label, looked := widget.NewLabel(""), make(chan struct{})
		w.SetContent(container.NewVBox(label, widget.NewButton("Save", func() {
			go func() {
				<-looked
				time.Sleep(20 * time.Millisecond)
				fyne.Do(func() { label.SetText("saved") })
			}()
		})))
		w.Show()
		u := NewUser(ctx, t, w)
		u.Tap("Save")
		require.Empty(t, label.Text)
		close(looked)
		u.See("saved")
	}, &guesttest.Options{RealTime: true})
}

// autosave is a program that saves what was typed every minute.
func autosave(ctx context.Context, app fyne.App) (w fyne.Window, saved *[]string) {
	w, saved = app.NewWindow("notes"), new([]string)
	entry, status := widget.NewMultiLineEntry(), widget.NewLabel("not saved")
	entry.SetPlaceHolder("Your text")
	w.SetContent(container.NewBorder(nil, status, nil, nil, entry))
	w.Show()
	guest.Every(ctx, time.Minute, func(ctx context.Context) error {
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			time.Sleep(time.Second) // a slow disk
			return 0, nil
		})
		*saved = append(*saved, entry.Text)
		status.SetText(fmt.Sprint("saved ", len(*saved)))
		return err
	}, nil)
	return w, saved
}

func TestAMinuteOfAutoSaveTakesNoTime(t *testing.T) {
	quickly(t)
	Run(t, func(ctx context.Context, app fyne.App) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		began := time.Now()
		w, saved := autosave(ctx, app)
		u := NewUser(ctx, t, w)
		u.Type("Your text", "one\ntwo") // and its cursor blinks from now on
		u.See("not saved")
		u.Within(2 * time.Minute).See("saved 1")
		require.Equal(t, 61*time.Second, time.Since(began), "a user sees it when it is there, and no later")
		require.Equal(t, []string{"one\ntwo"}, *saved)
		u.Type("Your text", "three")
		u.Within(time.Hour).See("saved 10")
		require.Equal(t, 10*time.Minute+time.Second, time.Since(began))
		require.Equal(t, "three", (*saved)[9])
	}, nil)
}

// What Fyne starts by itself must neither end the test with a deadlock nor keep it going.
func TestNothingIsLeftBehind(t *testing.T) {
	quickly(t)
	for name, show := range map[string]func(ctx context.Context, app fyne.App, w fyne.Window){
		"a focused entry": func(_ context.Context, _ fyne.App, w fyne.Window) {
			entry := widget.NewEntry()
			w.SetContent(entry)
			w.Canvas().Focus(entry)
			entry.TypedRune('a')
		},
		"a bar without an end": func(_ context.Context, _ fyne.App, w fyne.Window) {
			w.SetContent(container.NewVBox(widget.NewProgressBarInfinite(), widget.NewActivity()))
		},
		"a dialog": func(_ context.Context, _ fyne.App, w fyne.Window) {
			dialog.ShowConfirm("Sure?", "Really?", func(bool) {}, w)
		},
		"an animation": func(_ context.Context, _ fyne.App, w fyne.Window) {
			a := fyne.NewAnimation(time.Second, func(float32) {})
			a.RepeatCount = fyne.AnimationRepeatForever
			a.Start()
		},
		"a scrolled list": func(_ context.Context, _ fyne.App, w fyne.Window) {
			list := widget.NewList(func() int { return 1000 }, func() fyne.CanvasObject { return widget.NewLabel("") },
				func(i widget.ListItemID, o fyne.CanvasObject) { o.(*widget.Label).SetText(fmt.Sprint(i)) })
			w.SetContent(list)
			w.Resize(fyne.NewSize(200, 200))
			list.ScrollTo(500)
		},
		"another theme": func(_ context.Context, app fyne.App, _ fyne.Window) {
			changed := 0
			app.Settings().AddListener(func(fyne.Settings) { changed++ })
			app.Settings().SetTheme(app.Settings().Theme())
			require.Equal(t, 1, changed)
		},
		"the clipboard and the preferences": func(_ context.Context, app fyne.App, _ fyne.Window) {
			app.Clipboard().SetContent("copied")
			app.Preferences().SetString("key", "value")
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, open := range []bool{true, false} {
				Run(t, func(ctx context.Context, app fyne.App) {
					w := app.NewWindow("left")
					w.SetContent(widget.NewLabel(""))
					w.Show()
					show(ctx, app, w)
					require.NoError(t, guest.Sleep(ctx, time.Hour))
					if !open {
						w.Close()
					}
				}, nil)
			}
		})
	}
}

func TestAnimationsAdvanceInVirtualTime(t *testing.T) {
	quickly(t)
	Run(t, func(ctx context.Context, app fyne.App) {
		type tick struct {
			at   time.Duration
			done float32
		}
		var ticks []tick
		began := time.Now()
		a := fyne.NewAnimation(time.Second, func(done float32) { ticks = append(ticks, tick{time.Since(began), done}) })
		a.Curve, a.AutoReverse, a.RepeatCount = fyne.AnimationLinear, true, 1
		a.Start()
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		require.InDelta(t, 240, len(ticks), 8, "four seconds, at sixty frames in each")
		require.Contains(t, ticks, tick{time.Second, 1})
		require.Contains(t, ticks, tick{2 * time.Second, 0})
		require.Contains(t, ticks, tick{3 * time.Second, 1})
		require.Equal(t, tick{4 * time.Second, 0}, ticks[len(ticks)-1])
		for _, x := range ticks {
			if x.at < time.Second {
				require.InDelta(t, x.at.Seconds(), x.done, 1e-5)
			}
		}
	}, nil)
}

func TestAnimationEndsWhenItIsDueAlsoWithFewFrames(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		ticks, last, began := 0, time.Duration(0), time.Now()
		fyne.NewAnimation(time.Hour+time.Millisecond, func(float32) { ticks, last = ticks+1, time.Since(began) }).Start()
		require.NoError(t, guest.Sleep(ctx, 2*time.Hour))
		require.Equal(t, time.Hour+time.Millisecond, last)
		require.InDelta(t, 600+3590, ticks, 10)
	}, nil)
}

func TestStoppedAnimationTicksNoMore(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		ticks := [2]int{}
		var both [2]*fyne.Animation
		for i := range both {
			both[i] = fyne.NewAnimation(time.Second, func(float32) {
				ticks[i]++
				both[1-i].Stop() // in the midst of a frame
			})
			both[i].RepeatCount = fyne.AnimationRepeatForever
		}
		both[0].Start()
		both[1].Start()
		require.NoError(t, guest.Sleep(ctx, time.Second/2))
		require.Zero(t, ticks[1])
		require.InDelta(t, 30, ticks[0], 2)
		both[0].Stop()
		seen := ticks
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		require.Equal(t, seen, ticks)
	}, nil)
}

// In real time Fyne hangs.
func TestDoAndWaitOnTheUIThreadIsRefused(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		require.PanicsWithValue(t, "fynetest: fyne.DoAndWait called on the UI thread, where it hangs the program; "+
			"call the function itself", func() { fyne.DoAndWait(func() {}) })
	}, nil)
}

// After the loop nothing changes any more, so a user need not wait until the guest's grace is
// over.
func TestUserWaitsNoLongerThanTheLoop(t *testing.T) {
	for name, opts := range map[string]*guesttest.Options{"virtual": nil, "real": {RealTime: true}} {
		t.Run(name, func(t *testing.T) {
			Run(t, func(ctx context.Context, app fyne.App) {
				w := app.NewWindow("main")
				w.Show()
				u, began := NewUser(ctx, t, w), time.Now()
				guest.Go(ctx, func(ctx context.Context) error {
					_ = guest.Park(ctx)
					_ = guest.Sleep(context.WithoutCancel(ctx), 50*time.Millisecond)
					app.Quit()
					return nil
				})
				require.NoError(t, guest.Yield(ctx))
				g, _ := guest.FromContext(ctx)
				g.Cancel(guest.ErrQuit)
				why, err := u.await("See", func() string { return "it is not there" }, false)
				require.ErrorIs(t, err, guest.ErrHostGone)
				require.Equal(t, "it is not there", why)
				u.settle("Tap")
				require.Less(t, time.Since(began), 4*time.Second, "the grace is five")
			}, opts)
		})
	}
}
