package fynehost_test

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("late", late)
	stories.Add("embedded", embedded)
	stories.Add("widgets", widgets)
	stories.Add("plain", plain)
	stories.Add("flood", flood)
	stories.Add("again", again)
	stories.Add("parked", parked)
	stories.Add("finish in a handler", finishInAHandler)
	stories.Add("panic in a handler", panicInAHandler)
}

// A window made before New is too late, and New says so instead of hanging in the first task.
func late() int {
	a := app.NewWithID("test")
	a.NewWindow("too early")
	_, err := fynehost.New(a)
	screentest.Say("%v", err)
	return 0
}

func TestNewAfterAWindowIsRefused(t *testing.T) {
	p := screentest.Start(t, "late")
	<-p.End
	require.Contains(t, p.Text(), "call fynehost.New right after app.New")
}

func plain() int {
	err := fynehost.Run(app.NewWithID("test"), func(context.Context) error { return errors.New("from main") }, nil)
	screentest.Say("%v", err)
	return 0
}

func TestRunReturnsMainsError(t *testing.T) {
	require.Contains(t, screentest.Start(t, "plain").Ended(0), "from main")
}

func TestWithoutADisplayThereIsAnError(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows always has a display")
	}
	text := screentest.Start(t, "plain", "DISPLAY=", "WAYLAND_DISPLAY=", "WAYLAND_SOCKET=").Ended(0)
	require.Contains(t, text, "fynehost: no display")
}

// A program that has its own ShowAndRun and its own hooks keeps them all.
func embedded() int {
	a := app.NewWithID("test")
	stopped := make(chan struct{})
	a.Lifecycle().SetOnStopped(func() { screentest.Say("own hook: stopped"); close(stopped) })
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	a.Lifecycle().SetOnStarted(func() { screentest.Say("own hook: started") })
	steps := 0
	step := func(want int) {
		if steps++; steps != want {
			panic(fmt.Sprintf("step %d came as number %d", want, steps))
		}
		if !h.OnThread() {
			panic("off the UI thread")
		}
	}
	g, err := guest.Start(h, func(ctx context.Context) error {
		defer step(4)
		step(1)
		if current, ok := host.Current(); !ok || current != host.Host(h) {
			panic("not the current host")
		}
		if _, err := guest.Background(ctx, func(context.Context) (int, error) {
			if h.OnThread() {
				panic("Background on the UI thread")
			}
			return 0, nil
		}); err != nil {
			return err
		}
		step(2)
		if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
			return err
		}
		step(3)
		a.Quit()
		return guest.Park(ctx)
	}, nil)
	if err != nil {
		panic(err)
	}
	if _, err := guest.Start(h, nil, nil); err == nil || !strings.Contains(err.Error(), "already served a guest") {
		panic(err)
	}
	w := a.NewWindow("embedded")
	w.SetContent(widget.NewLabel("hello"))
	w.ShowAndRun()
	report := g.Finish()
	<-stopped
	screentest.Say("%v", errors.Is(report.Err, guest.ErrHostGone))
	step(5)
	return 0
}

func TestGuestMovesIntoAProgramWithItsOwnLoop(t *testing.T) {
	text := screentest.Start(t, "embedded").Ended(0)
	require.Contains(t, text, "own hook: started")
	require.Contains(t, text, "own hook: stopped")
	require.Contains(t, text, "true")
}

// widgets calls all kinds of widgets from many tasks at once.
func widgets() int {
	err := fynehost.Run(app.NewWithID("test"), func(ctx context.Context) error {
		a := fyne.CurrentApp()
		w := a.NewWindow("widgets")
		label, entry, bar := widget.NewLabel("label"), widget.NewMultiLineEntry(), widget.NewProgressBar()
		text := binding.NewString()
		bound := widget.NewLabelWithData(text)
		items := 0
		list := widget.NewList(func() int { return items },
			func() fyne.CanvasObject { return widget.NewLabel("row") },
			func(i widget.ListItemID, o fyne.CanvasObject) { o.(*widget.Label).SetText(fmt.Sprint("row ", i)) })
		check, slider := widget.NewCheck("check", nil), widget.NewSlider(0, 100)
		choose := widget.NewSelect([]string{"a", "b"}, nil)
		tree := widget.NewTreeWithStrings(map[string][]string{"": {"a"}, "a": {"b", "c"}})
		rect := canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))
		tabs := container.NewAppTabs(container.NewTabItem("one", tree), container.NewTabItem("two", rect))
		box := container.NewVBox(label, entry, bar, bound, check, slider, choose)
		w.SetContent(container.NewBorder(box, nil, nil, nil, container.NewGridWithColumns(2, list, tabs)))
		w.Show()
		themeDue := false
		calls := []func(i int){
			func(i int) { label.SetText(fmt.Sprint("label ", i)) },
			func(i int) { entry.SetText(fmt.Sprint("entry\n", i)) },
			func(i int) { bar.SetValue(float64(i%100) / 100) },
			func(i int) { _ = text.Set(fmt.Sprint("bound ", i)) },
			func(i int) { items++; list.Refresh(); list.ScrollToBottom() },
			func(i int) { check.SetChecked(i%2 == 0) },
			func(i int) { slider.SetValue(float64(i % 100)) },
			func(i int) { choose.SetSelectedIndex(i % 2) },
			func(i int) { tree.OpenBranch("a"); tree.Refresh(); tree.CloseBranch("a") },
			func(i int) { rect.FillColor = theme.Color(theme.ColorNameError); rect.Refresh() },
			func(i int) { tabs.SelectIndex(i % 2) },
			func(i int) { box.Add(widget.NewSeparator()); box.Remove(box.Objects[len(box.Objects)-1]) },
			func(i int) { w.SetTitle(fmt.Sprint("title ", i)) },
			func(i int) { label.Hide(); label.Show() },
			func(i int) { w.Canvas().Focus(entry); w.Canvas().Unfocus() },
			func(i int) { a.Clipboard().SetContent(fmt.Sprint(i)) },
			func(i int) { fyne.Do(func() { label.Refresh() }) },
			func(i int) {
				d := dialog.NewInformation("title", "text", w)
				d.Show()
				d.Hide()
			},
			func(i int) {
				if i%20 == 0 { // a window is dear
					other := a.NewWindow("other")
					other.SetContent(widget.NewLabel("other"))
					other.Show()
					other.Resize(fyne.NewSize(100, 100))
					other.Close()
				}
			},
			func(i int) {
				canvas.NewColorRGBAAnimation(color.Black, color.White, 50*time.Millisecond, func(c color.Color) {
					rect.FillColor = c
					rect.Refresh()
				}).Start()
			},
			func(i int) {
				themeDue = themeDue || i%50 == 0
				// In Fyne 2.8.1 on Windows, SetTheme panics while a window is closing.
				if themeDue && (runtime.GOOS != "windows" || len(a.Driver().AllWindows()) == 1) {
					a.Settings().SetTheme(theme.DefaultTheme())
					themeDue = false
				}
			},
		}
		return guest.Scope(ctx, func(ctx context.Context) error {
			for _, call := range calls {
				guest.Go(ctx, func(ctx context.Context) error {
					for i := range 100 {
						call(i)
						if err := guest.Sleep(ctx, time.Millisecond); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return nil
		})
	}, nil)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

func TestEveryWidgetCallFromTasks(t *testing.T) { screentest.Start(t, "widgets").Ended(0) }

// flood posts by the million, from a goroutine, and sees that the memory comes back.
func flood() int {
	h, err := fynehost.New(app.NewWithID("test"))
	if err != nil {
		panic(err)
	}
	const n = 1_000_000
	ran := 0
	_, err = guest.Run(h, func(ctx context.Context) (int, error) {
		g, _ := guest.FromContext(ctx)
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			for range n {
				if err := g.Post(func() { ran++ }); err != nil {
					return 0, err
				}
			}
			return 0, nil
		})
		return 0, err
	}, nil)
	if err != nil || ran != n {
		screentest.Say("%d ran; %v", ran, err)
		return 1
	}
	return 0
}

func TestFloodOfPosts(t *testing.T) { screentest.Start(t, "flood").Ended(0) }

func TestNewWithoutAnApp(t *testing.T) {
	require.PanicsWithValue(t, "fynehost: New called with a nil app; make one with app.New", func() { _, _ = fynehost.New(nil) })
}

// again makes hosts where none can be made any more.
func again() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		_, err := fynehost.New(a)
		screentest.Say("in a task: %v", err)
		g, _ := guest.FromContext(ctx)
		done := guest.NewFuture[int]()
		_ = g.Post(func() {
			_, err := fynehost.New(a)
			screentest.Say("in a handler: %v", err)
			done.Resolve(0)
		})
		_, err = done.Wait(ctx)
		return err
	}, nil)
	if err != nil {
		panic(err)
	}
	screentest.Say("again: %v", fynehost.Run(app.NewWithID("test"), func(context.Context) error { return nil }, nil))
	return 0
}

func TestHostInTheLoopOrAfterItIsRefused(t *testing.T) {
	text := screentest.Start(t, "again").Ended(0)
	require.Contains(t, text, "in a task: fynehost: New called while the app's loop runs")
	require.Contains(t, text, "in a handler: fynehost: New called while the app's loop runs")
	require.Contains(t, text, "again: fynehost: Mainloop called twice; a process can run Fyne's loop only once")
}

// parked is the simplest main: it waits, and returns what the wait returns.
func parked() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("parked")
		w.Resize(fyne.NewSize(100, 100))
		w.Show()
		if os.Getenv("REQUEST") != "" {
			g, _ := guest.FromContext(ctx)
			fynehost.QuitOnClose(g, w, nil)
		}
		screentest.Say("open")
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestClosedWindowIsNoFailure(t *testing.T) {
	for _, env := range []string{"REQUEST=", "REQUEST=1"} {
		p := screentest.Start(t, "parked", env)
		p.Hear("open")
		screentest.CloseWindow(t, screentest.Window(t, "parked"))
		require.Contains(t, p.Ended(0), "<nil>")
	}
}

// inAHandler shows a window with a button, whose handler is called by GLFW's C code.
func inAHandler(a fyne.App, tapped func()) {
	w := a.NewWindow("handler")
	w.SetContent(widget.NewButton("here", func() { screentest.Say("tapped"); tapped() }))
	w.Resize(fyne.NewSize(100, 100))
	w.Show()
}

func finishInAHandler() int {
	a := app.NewWithID("test")
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		panic(err)
	}
	g.Go(func(ctx context.Context) error {
		defer screentest.Say("unwound")
		return guest.Park(ctx)
	})
	inAHandler(a, func() {
		defer a.Quit()
		defer func() { screentest.Say("said: %v", recover()) }()
		g.Finish()
	})
	a.Run()
	screentest.Say("finished: %v", g.Finish())
	return 0
}

func TestFinishInAHandlerIsRefused(t *testing.T) {
	p := screentest.Start(t, "finish in a handler")
	p.ClickUntil("tapped", screentest.Window(t, "handler"), "50", "50")
	text := p.Ended(0)
	require.Regexp(t, `(?s)said: guest: Finish called while the host's loop runs.*unwound.*finished: err: <nil>`, text)
}

func panicInAHandler() int {
	a := app.NewWithID("test")
	_ = fynehost.Run(a, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			defer screentest.Say("unwound")
			_ = guest.Park(ctx)
			return guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
		})
		inAHandler(a, func() { panic("mine") })
		return guest.Park(ctx)
	}, nil)
	return 0
}

func TestPanicInAHandlerEndsTheProgramAfterItsTasksHaveUnwound(t *testing.T) {
	p := screentest.Start(t, "panic in a handler")
	p.ClickUntil("tapped", screentest.Window(t, "handler"), "50", "50")
	<-p.End
	require.Error(t, p.Err)
	require.Regexp(t, `(?s)unwound.*panic: mine`, p.Text())
	require.NotContains(t, p.Text(), "broke its contract")
}
