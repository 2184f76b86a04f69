package fynehost_test

import (
	"context"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("modal", modal) }

var (
	user32            = syscall.NewLazyDLL("user32.dll")
	currentThread     = syscall.NewLazyDLL("kernel32.dll").NewProc("GetCurrentThreadId")
	enumThreadWindows = user32.NewProc("EnumThreadWindows")
	isWindowVisible   = user32.NewProc("IsWindowVisible")
	postMessage       = user32.NewProc("PostMessageW")
)

// shownWindow returns the one that is seen. UI thread only.
func shownWindow() (window uintptr) {
	look := syscall.NewCallback(func(w, _ uintptr) uintptr {
		if visible, _, _ := isWindowVisible.Call(w); visible != 0 {
			window = w
		}
		return 1
	})
	thread, _, _ := currentThread.Call()
	enumThreadWindows.Call(thread, look, 0)
	return window
}

// modal moves a window by the keyboard, and says how long tasks and Fyne's loop stood still.
func modal() int {
	const command, move, keyDown, escape = 0x112, 0xF010, 0x100, 0x1B
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("modal")
		w.SetContent(widget.NewLabel("held"))
		w.Show()
		if err := guest.Sleep(ctx, time.Second); err != nil {
			return err
		}
		window := shownWindow()
		postMessage.Call(window, command, move, 0) // as the menu of its title bar does
		var tasks, loop time.Duration
		answered := true
		asked, last, begin := time.Now(), time.Now(), time.Now()
		for time.Since(begin) < 2*time.Second {
			if answered {
				answered, asked = false, time.Now()
				go fyne.Do(func() { answered = true })
			}
			if err := guest.Sleep(ctx, 20*time.Millisecond); err != nil {
				return err
			}
			tasks, last = max(tasks, time.Since(last)), time.Now()
			loop = max(loop, time.Since(asked))
		}
		postMessage.Call(window, keyDown, escape, 0)
		screentest.Say("tasks %d loop %d", tasks.Milliseconds(), loop.Milliseconds())
		w.Close()
		return nil
	}, nil)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

// TestTasksGoOnWhileAWindowIsMoved: Windows moves it in a loop of its own.
func TestTasksGoOnWhileAWindowIsMoved(t *testing.T) {
	p := screentest.Start(t, "modal")
	<-p.End
	_, figures, ok := strings.Cut(p.Text(), "tasks ")
	require.True(t, ok, p.Text())
	fields := strings.Fields(figures)
	tasks, err := strconv.Atoi(fields[0])
	require.NoError(t, err)
	loop, err := strconv.Atoi(fields[2])
	require.NoError(t, err)
	t.Logf("tasks stood still for %d ms at most, Fyne's loop for %d ms", tasks, loop)
	require.Greater(t, loop, 1500, "the window was not held")
	require.Less(t, tasks, loop/2)
	p.Ended(0)
}
