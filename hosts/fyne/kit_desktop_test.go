//go:build !mobile

package fynehost_test

import (
	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
)

func openForKit() (host.Mainloop, error) { return host.Open("fyne") }

var kitOptions = hosttest.Options[host.Mainloop]{
	Loop:  func(host.Mainloop) error { fyne.CurrentApp().Run(); return nil },
	Quit:  func(host.Mainloop) { fyne.CurrentApp().Quit() },
	Event: func(_ host.Mainloop, fn func()) { fyne.Do(fn) },
}
