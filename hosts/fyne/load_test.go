package fynehost_test

import (
	"bufio"
	"context"
	"fmt"
	"image/color"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("click", click)
	stories.Add("posts", posts)
	stories.Add("after", after)
	stories.Add("waits for itself", waitsForItself)
}

// realWindow runs main in an app that has a window of that title.
func realWindow(title string, main func(ctx context.Context, w fyne.Window) error) int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow(title)
		w.Resize(fyne.NewSize(200, 120))
		return main(ctx, w)
	}, nil)
	if err != nil {
		screentest.Say("error: %v", err)
		return 1
	}
	return 0
}

// click clicks at a button while 100 000 tasks are always ready, and counts the frames between
// the click and its handler.
func click() int {
	const tasks, clicks = 100_000, 10
	return realWindow("click", func(ctx context.Context, w fyne.Window) error {
		var drawn atomic.Int64
		picture := canvas.NewRasterWithPixels(func(x, y, _, _ int) color.Color {
			if x == 0 && y == 0 {
				drawn.Add(1)
			}
			return color.Black
		})
		picture.SetMinSize(fyne.NewSize(10, 10))
		tapped := make(chan int64, clicks*10)
		w.SetContent(container.NewBorder(nil, picture, nil, nil, widget.NewButton("here", func() { tapped <- drawn.Load() })))
		w.Show()
		moving := fyne.NewAnimation(time.Second, func(float32) { picture.Refresh() })
		moving.RepeatCount = fyne.AnimationRepeatForever
		moving.Start()
		crowd := guest.Go(ctx, func(ctx context.Context) error {
			for range tasks {
				guest.Go(ctx, func(ctx context.Context) error {
					for guest.Yield(ctx) == nil {
					}
					return nil
				})
			}
			return nil
		})
		worst, err := guest.Background(ctx, func(ctx context.Context) (worst int64, err error) {
			// One xdotool all the time, fed by a pipe: to start a program takes frames. Its
			// answers come line by line: on a busy machine xdotool and the X server may take
			// frames, too.
			cmd := exec.CommandContext(ctx, "stdbuf", "-oL", "xdotool", "-")
			say, err := cmd.StdinPipe()
			if err != nil {
				return 0, err
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				return 0, err
			}
			answers := bufio.NewScanner(out)
			cmd.Stderr = os.Stderr
			if err := cmd.Start(); err != nil {
				return 0, err
			}
			fmt.Fprintln(say, "search --sync --onlyvisible --name ^click$")
			// once a click has been heard, the window is there and has the pointer
			for heard := false; !heard; {
				fmt.Fprintln(say, "mousemove --window %1 5 5 mousemove --window %1 100 40 click --delay 0 1")
				select {
				case <-tapped:
					heard = true
				case <-time.After(2 * time.Second):
				}
			}
			for range clicks {
				fmt.Fprintln(say, "click --delay 0 1 getmouselocation")
				for answers.Scan() && !strings.HasPrefix(answers.Text(), "x:") {
				} // the X server has sent the click
				sent := drawn.Load()
				worst = max(worst, <-tapped-sent)
			}
			if err := say.Close(); err != nil {
				return 0, err
			}
			if err := cmd.Wait(); err != nil {
				return 0, err
			}
			return worst, nil
		})
		crowd.Cancel(nil)
		screentest.Say("frames/click %d", worst)
		return err
	})
}

func TestClickIsAnsweredWithinThreeFramesWhile100000TasksAreReady(t *testing.T) {
	screentest.NeedDisplay(t)
	screentest.Program(t, "xdotool")
	require.LessOrEqual(t, screentest.Figure(t, screentest.Start(t, "click").Ended(0), "frames/click"), 3.0)
}

// posts looks at the memory while ten million posts go through, from four goroutines that each
// have at most UNDER on the way.
func posts() int {
	const all, posters = 10_000_000, 4
	under, err := strconv.Atoi(os.Getenv("UNDER"))
	if err != nil {
		panic(err)
	}
	return realWindow("posts", func(ctx context.Context, w fyne.Window) error {
		w.Show()
		g, _ := guest.FromContext(ctx)
		ran := 0
		most, err := guest.Background(ctx, func(context.Context) (most uint64, err error) {
			var wg sync.WaitGroup
			for range posters {
				wg.Go(func() {
					places := make(chan struct{}, under)
					one := func() { ran++; <-places }
					for range all / posters {
						places <- struct{}{}
						_ = g.Post(one)
					}
				})
			}
			done := make(chan struct{})
			go func() { wg.Wait(); close(done) }()
			var m runtime.MemStats
			for tick := time.Tick(20 * time.Millisecond); ; {
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
				select {
				case <-done:
					return most, nil
				case <-tick:
				}
			}
		})
		screentest.Say("posts %d\nMB %d", ran, most>>20)
		return err
	})
}

func TestTenMillionPostsTakeNoMemory(t *testing.T) {
	text := screentest.Start(t, "posts", "UNDER=1000").Ended(0)
	require.Equal(t, 10_000_000.0, screentest.Figure(t, text, "posts"))
	require.Less(t, screentest.Figure(t, text, "MB"), 64.0, "a queue that keeps them would take 160 MB at least")
}

// after quits, and then touches all that a program might in its deferred calls.
func after() int {
	return realWindow("after", func(ctx context.Context, w fyne.Window) error {
		a := fyne.CurrentApp()
		label, list := widget.NewLabel(""), widget.NewList(
			func() int { return 3 }, func() fyne.CanvasObject { return widget.NewLabel("") }, func(int, fyne.CanvasObject) {})
		text := binding.NewString()
		label.Bind(text)
		w.SetContent(container.NewBorder(label, nil, nil, nil, list))
		w.Show()
		question := dialog.NewConfirm("really?", "", func(bool) {}, w)
		question.Show()
		for name, touch := range map[string]func(){
			"label":   func() { label.SetText("late") },
			"binding": func() { _ = text.Set("late") },
			"refresh": list.Refresh,
			"content": func() { w.SetContent(widget.NewLabel("late")) },
			"title":   func() { w.SetTitle("late") },
			"resize":  func() { w.Resize(fyne.NewSize(50, 50)) },
			"hide":    question.Hide,
			"ask":     func() { dialog.ShowInformation("late", "", w) },
			"do":      func() { fyne.Do(label.Refresh) },
			"note":    func() { a.SendNotification(fyne.NewNotification("late", "")) },
			"close":   w.Close,
			"quit":    a.Quit,
		} {
			guest.Go(ctx, func(ctx context.Context) error {
				defer screentest.Say("touched %s", name)
				defer touch()
				_ = guest.Park(ctx)
				return nil
			})
		}
		_ = guest.Sleep(ctx, 100*time.Millisecond)
		a.Quit()
		_ = guest.Park(ctx)
		// this Fyne can't; it is the task's own failure
		defer func() { screentest.Say("a new window: %v", recover()) }()
		a.NewWindow("late").Show()
		return nil
	})
}

func TestDeferredCallsMayTouchWidgetsAfterTheLoop(t *testing.T) {
	text := screentest.Start(t, "after").Ended(0)
	require.Equal(t, 12, strings.Count(text, "touched"), text)
	require.Contains(t, text, "a new window: NotInitialized")
}

// waitsForItself does in a task what never returns.
func waitsForItself() int {
	log := slog.New(slog.NewJSONHandler(heard{}, nil))
	err := fynehost.Run(app.NewWithID("test"), func(context.Context) error {
		fyne.DoAndWait(func() {})
		return nil
	}, &guest.Options{Logger: log})
	screentest.Say("%v", err)
	return 1
}

// A heard log says what it names of the stall.
type heard struct{}

func (heard) Write(line []byte) (int, error) {
	screentest.Say("held: %t, by: %t", strings.Contains(string(line), "the UI thread has been held"),
		strings.Contains(string(line), "waitsForItself"))
	return len(line), nil
}

func TestTaskThatWaitsForItsOwnThreadIsReported(t *testing.T) {
	p := screentest.Start(t, "waits for itself")
	p.Hear("held: true, by: true")
	require.NoError(t, p.Signal(os.Kill))
}
