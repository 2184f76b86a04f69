//go:build cgo

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("NO_AT_BRIDGE", "1")
	screentest.Main(screentest.Stories{"clock": func() int {
		glib.TimeoutAdd(10, watch())
		main()
		return 0
	}})
	m.Run()
}

// watch says that the clock goes, and whether the dialog is open meanwhile.
func watch() func() bool {
	shown, ticks := "", 0
	return func() bool {
		text, windows := "", 0
		gtk.WindowListToplevels().Foreach(func(item any) {
			w := item.(*gtk.Window)
			if !w.IsVisible() {
				return
			}
			windows++
			if child, err := w.GetChild(); err == nil {
				if button, ok := child.(*gtk.Button); ok {
					text, _ = button.GetLabel()
				}
			}
		})
		if text != shown && text != "" {
			shown = text
			if ticks++; ticks%3 == 0 {
				screentest.Say("%s", strings.Repeat("it goes ", windows))
			}
		}
		return true
	}
}

// A real click opens GTK's own modal dialog. The task keeps running in its nested loop.
func TestClockGoesOnWhileTheDialogIsOpen(t *testing.T) {
	p := screentest.Start(t, "clock")
	w := screentest.Window(t, "Clock")
	p.Hear("it goes ")
	p.ClickUntil("it goes it goes ", w, "20", "15")
	screentest.CloseWindow(t, w)
	p.Hear("it goes ") // the guest ends, and the program when the dialog is closed
}
