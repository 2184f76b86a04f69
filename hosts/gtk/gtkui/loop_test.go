//go:build cgo

package gtkui_test

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("plain", plain)
	stories.Add("alive", alive)
	stories.Add("drop", drop)
}

func plain() int {
	screentest.Say("%v", gtkui.Run(func(context.Context) error { return errors.New("from main") }, nil))
	screentest.Say("%v", gtkui.RunApplication(newApplication(), nil, func(context.Context) error { return errors.New("again") }, nil))
	return 0
}

func TestRunReturnsMainsError(t *testing.T) {
	require.Equal(t, "from main\nagain\n", screentest.Start(t, "plain").Ended(0))
}

func TestWithoutADisplayThereIsAnError(t *testing.T) {
	for _, display := range []string{"", ":987"} {
		text := screentest.Start(t, "plain", "DISPLAY="+display, "WAYLAND_DISPLAY=", "WAYLAND_SOCKET=").Ended(0)
		require.Equal(t, 2, strings.Count(text, "gtkui: no display; set DISPLAY"), text)
	}
}

// alive has a window, and tasks that work, until its display goes.
func alive() int {
	err := gtkui.Run(func(ctx context.Context) error {
		label := must(gtk.LabelNew("alive"))
		newWindow("alive", label)
		guest.Go(ctx, func(ctx context.Context) error {
			for i := 0; ; i++ {
				label.SetText(strings.Repeat("alive ", i%10))
				if i == 10 {
					screentest.Say("ready")
				}
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
		})
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v", err)
	return 0
}

// GDK ends the process when the X server has gone; nobody can ask it not to.
func TestWhenTheDisplayGoesTheProcessEnds(t *testing.T) {
	screentest.NeedDisplay(t)
	server := exec.Command(screentest.Program(t, "Xvfb"), "-displayfd", "1", "-screen", "0", "640x480x24", "-noreset")
	out, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	t.Cleanup(func() { _ = server.Process.Kill() })
	number, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	p := screentest.Start(t, "alive", "DISPLAY=:"+strings.TrimSpace(number), "WAYLAND_DISPLAY=")
	p.Hear("ready")
	require.NoError(t, server.Process.Kill())
	_ = server.Wait()
	select {
	case <-p.End:
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on without a display")
	}
	p.Ended(1)
}

// drop makes widgets in tasks and drops them, while the collector works all the time.
func drop() int {
	const widgets, tasks = 100_000, 10
	gone, wrong := 0, 0
	thread := host.CurrentThread()
	ours := glib.FinalizerStrategy
	glib.FinalizerStrategy = func(f glib.Finalizer) {
		ours(func() {
			if host.CurrentThread() != thread {
				wrong++
			}
			gone++
			f()
		})
	}
	err := gtkui.Run(func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			storm := guest.Go(ctx, func(ctx context.Context) error {
				_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
					for ctx.Err() == nil {
						runtime.GC()
					}
					return 0, ctx.Err()
				})
				return err
			})
			err := guest.Scope(ctx, func(ctx context.Context) error {
				for range tasks {
					guest.Go(ctx, func(ctx context.Context) error {
						for i := range widgets / tasks {
							label := must(gtk.LabelNew("to be dropped"))
							label.SetText("dropped")
							if i%100 == 0 {
								if err := guest.Yield(ctx); err != nil {
									return err
								}
							}
						}
						return nil
					})
				}
				return nil
			})
			for gone < widgets && err == nil {
				err = guest.Sleep(ctx, time.Millisecond)
			}
			storm.Cancel(nil)
			return err
		})
	}, nil)
	screentest.Say("%v; wrong %d, all gone: %v", err, wrong, gone >= widgets)
	return 0
}

func TestDroppedWidgetsAreLetGoOnTheUIThread(t *testing.T) {
	require.Contains(t, screentest.Start(t, "drop").Ended(0), "<nil>; wrong 0, all gone: true\n")
}
