package fynehost

import (
	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
)

// A loop is that of Fyne's current app, for goroutines with something to do on its thread.
type loop struct {
	driver fyne.Driver
	thread host.Threader // the driver's own opinion; nil: the main thread
}

func currentLoop() loop {
	app := fyne.CurrentApp()
	driver := app.Driver()
	if s, ok := standsIn(app); ok {
		driver = s.ending.driver
	}
	thread, _ := driver.(host.Threader)
	return loop{driver, thread}
}

// do runs fn on the UI thread, unless the loop has ended. Any goroutine. Never waits.
func (l loop) do(fn func()) {
	send(l.driver, func() {
		if onUI(l.thread) { // else Fyne has called us on the spot, since the loop has ended
			fn()
		}
	})
}
