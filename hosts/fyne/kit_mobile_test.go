//go:build mobile

package fynehost_test

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

// Programs for phones can't quit: the system ends them. On X11 that is a message to the window.
// So each of the kit's children has a screen of its own (.ci/phone), with that window alone.
type ended struct{ *fynehost.Host }

func (e ended) Mainloop(startGuest func() error) error {
	return e.Host.Mainloop(func() error {
		err := startGuest()
		if err != nil {
			endApp()
		}
		return err
	})
}

func (e ended) DoneCallback(o host.Outcome) {
	e.Host.DoneCallback(o)
	endApp()
}

func endApp() {
	go func() {
		if err := screentest.CloseOnly("App"); err != nil {
			screentest.Say("%v", err)
		}
	}()
}

func openForKit() (host.Mainloop, error) {
	h, err := fynehost.New(app.NewWithID("test"))
	if err != nil {
		return nil, err
	}
	return ended{h}, nil
}

// A program that runs the loop itself does so as any: but the kit's case would look whether the
// loop goes on after DoneCallback, which here ends it.
var kitOptions = hosttest.Options[host.Mainloop]{
	Quit:         func(host.Mainloop) { endApp() },
	Event:        func(_ host.Mainloop, fn func()) { fyne.Do(fn) },
	OwnGoroutine: true,
}
