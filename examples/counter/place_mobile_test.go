//go:build mobile

package main

import (
	"strings"
	"testing"

	"github.com/golodger/lodger/internal/screentest"
)

// On X11 Fyne's driver for phones has one window, which fills the screen of a phone.
const title, buttonX, buttonY = "App", "200", "80"

// The phone is turned while a task waits.
func TestRotationInTheMiddleOfATask(t *testing.T) {
	p := screentest.Start(t, "counter")
	w := screentest.Window(t, title)
	p.Hear("0")
	p.Hear("portrait")
	p.ClickUntil("counting…", w, buttonX, buttonY)
	screentest.Xdotool(t, "windowsize", w, "1000", "500")
	p.Hear("landscape")
	p.Hear("1")
	p.ClickUntil("2", w, buttonX, buttonY)
	screentest.CloseWindow(t, w)
	ended(p)
}

// ended says how a program must end whose window was closed. Fyne closes its channel of events on
// one goroutine while another may be asking for the next frame, which panics. Only on X11: a
// phone never closes it.
func ended(p *screentest.Player) {
	<-p.End
	if !strings.Contains(p.Text(), "panic: send on closed channel") || !strings.Contains(p.Text(), "sendPaintEvent") {
		p.Ended(0)
	}
}
