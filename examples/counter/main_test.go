package main

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(screentest.Stories{"counter": func() int {
		go watch()
		main()
		return 0
	}})
	m.Run()
}

// watch says what the label shows, and how the window lies, whenever that has changed.
func watch() {
	shown, lies := "", ""
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
			if now := lie(windows[0].Canvas().Size()); now != lies {
				lies = now
				screentest.Say("%s", lies)
			}
		})
	}
}

func lie(size fyne.Size) string {
	switch {
	case size.IsZero():
		return ""
	case size.Width > size.Height:
		return "landscape"
	}
	return "portrait"
}

// A real click, in GLFW's callback, starts a task; it sleeps and is resumed from the loop, at
// another depth of callbacks.
func TestClicksCountAndClosingEndsIt(t *testing.T) {
	p := screentest.Start(t, "counter")
	w := screentest.Window(t, title)
	p.Hear("0")
	p.ClickUntil("counting…", w, buttonX, buttonY)
	p.Hear("1")
	for _, want := range []string{"2", "3"} {
		screentest.Click(t, w, buttonX, buttonY)
		p.Hear(want)
	}
	screentest.CloseWindow(t, w)
	ended(p)
}

func TestClosingInTheMiddleOfATask(t *testing.T) {
	p := screentest.Start(t, "counter")
	w := screentest.Window(t, title)
	p.ClickUntil("counting…", w, buttonX, buttonY)
	screentest.CloseWindow(t, w)
	ended(p)
}
