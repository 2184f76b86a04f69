package fynehost

import (
	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
)

// A loop is the loop of Fyne's current app. Goroutines use it to run functions on its thread.
type loop struct {
	driver fyne.Driver
	thread host.Threader // asks the driver; nil: the main thread
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
		if onUI(l.thread) { // if not, the loop has ended and Fyne has called this inline
			fn()
		}
	})
}
