//go:build cgo

package gtkui_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

// stories run in GTK's loop, each in a process of its own; the files that need them register them.
var stories = screentest.Stories{}

func TestMain(m *testing.M) {
	// No settings and no accessibility bus: a test has no session.
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("NO_AT_BRIDGE", "1")
	screentest.Main(stories)
	hosttest.Main(m, func() (host.Mainloop, error) {
		h, err := gtkui.New()
		if err != nil {
			return nil, err
		}
		return h, nil
	}, &hosttest.Options[host.Mainloop]{
		Loop:  func(host.Mainloop) error { gtk.Main(); return nil },
		Quit:  func(host.Mainloop) { gtk.MainQuit() },
		Event: func(_ host.Mainloop, fn func()) { glib.TimeoutAdd(1, func() bool { fn(); return false }) },
	})
}

func TestHost(t *testing.T) {
	screentest.NeedDisplay(t)
	hosttest.Run(t)
}

func BenchmarkHost(b *testing.B) {
	screentest.NeedDisplay(b)
	hosttest.Benchmark(b)
}

// must is for what GTK never refuses.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// newWindow shows a window with this title and content.
func newWindow(title string, content gtk.IWidget) *gtk.Window {
	w := must(gtk.WindowNew(gtk.WINDOW_TOPLEVEL))
	w.SetTitle(title)
	w.SetDefaultSize(200, 100)
	w.Add(content)
	w.ShowAll()
	return w
}

// counters are ten tasks that count.
type counters [10]int

func (c *counters) start(ctx context.Context) {
	for i := range c {
		guest.Go(ctx, func(ctx context.Context) error {
			for {
				c[i]++
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
		})
	}
}

// grow waits until each has grown.
func (c *counters) grow(ctx context.Context) error {
	for before, i := *c, 0; i < len(c); {
		if c[i] > before[i]+3 {
			i++
		} else if err := guest.Sleep(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}
