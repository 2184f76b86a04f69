package main

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(map[string]func() int{"counter": func() int {
		go watch()
		main()
		return 0
	}})
	m.Run()
}

// watch says what the label shows, whenever it has changed.
func watch() {
	shown := ""
	for range time.Tick(time.Millisecond) {
		if fyne.CurrentApp() == nil {
			continue // main has not come so far
		}
		fyne.Do(func() {
			windows := fyne.CurrentApp().Driver().AllWindows()
			if len(windows) == 0 || windows[0].Content() == nil {
				return
			}
			label, ok := windows[0].Content().(*fyne.Container).Objects[0].(*widget.Label)
			if ok && label.Text != shown {
				shown = label.Text
				screentest.Say("%s", shown)
			}
		})
	}
}

// A real click, in GLFW's callback, starts a task; it sleeps and is resumed from the loop, at
// another depth of callbacks.
func TestClicksCountAndClosingEndsIt(t *testing.T) {
	p := screentest.Start(t, "counter")
	w := screentest.Window(t, "Counter")
	p.Hear("0")
	p.ClickUntil("counting…", w, "120", "60")
	p.Hear("1")
	for _, want := range []string{"2", "3"} {
		screentest.Click(t, w, "120", "60")
		p.Hear(want)
	}
	screentest.CloseWindow(t, w)
	p.Ended(0)
}

func TestClosingInTheMiddleOfATask(t *testing.T) {
	p := screentest.Start(t, "counter")
	w := screentest.Window(t, "Counter")
	p.ClickUntil("counting…", w, "120", "60")
	screentest.CloseWindow(t, w)
	p.Ended(0)
}
