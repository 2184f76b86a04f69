package fynehost

import (
	"sync"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

// QuitWhenDone makes the app quit when g has ended, however that came: main has returned,
// g.Cancel was called from a menu, a panic has ended g, its context is done. A loop that the
// program runs itself would go on with windows whose buttons do nothing. If the loop has ended
// before, nothing happens. UI thread only, or before the loop. Never waits.
//
// Run and guest.Run quit the app by themselves; so it is for guests of guest.Start. Once is
// enough for a guest, and a second call does no harm.
func QuitWhenDone(g *guest.Guest) {
	needGuest("QuitWhenDone", g)
	quitWhenDone(g)
}

// QuitOnClose makes a click on the close button of w a request to g: the window stays, g is
// cancelled with the cause guest.ErrQuit, and when all its tasks have unwound, the app quits.
// closing, if not nil, is called at the first click, in w's close handler; it may show that the
// program is on its way out. It includes [QuitWhenDone]: from now on the app also quits when g
// ends for another reason. UI thread only, or before the loop. Never waits.
//
// It takes w's SetCloseIntercept, of which Fyne has one, without a way to get what was set
// before: that is never called any more, which the log says; closing is for it. Fyne does not
// ask it when the program itself calls w.Close or App.Quit: to quit in order from code, call
// g.Cancel(guest.ErrQuit).
func QuitOnClose(g *guest.Guest, w fyne.Window, closing func()) {
	needGuest("QuitOnClose", g)
	needWindow("QuitOnClose", w)
	quitWhenDone(g)
	takesHook("QuitOnClose", w, interceptField, "SetCloseIntercept", "pass its function as closing")
	w.SetCloseIntercept((&closeRequest{guest: g, closing: closing}).ask)
}

// A closeRequest is what QuitOnClose puts into a window's hook. UI thread only.
type closeRequest struct {
	guest   *guest.Guest
	closing func()
	asked   bool
}

// ask asks the guest to quit, at the first click.
func (r *closeRequest) ask() {
	if r.asked {
		return
	}
	r.asked = true
	if r.closing != nil {
		r.closing()
	}
	r.guest.Cancel(guest.ErrQuit)
}

// A watched guest is one whose end an app's loop waits for.
type watched struct {
	driver fyne.Driver
	guest  *guest.Guest
}

// watches has the guests that are watched, each once.
var watches sync.Map

// quitWhenDone waits in a goroutine for the end of g. Not in a task, which would have to end
// before the app may quit; and not in DoneCallback, since a loop that the program runs itself
// is ended only where it asked for that: here.
func quitWhenDone(g *guest.Guest) {
	app := fyne.CurrentApp()
	driver := app.Driver()
	if s, ok := standsIn(app); ok {
		driver = s.ending.driver
	}
	key := watched{driver, g}
	if _, known := watches.LoadOrStore(key, true); known {
		return
	}
	thread, _ := driver.(host.Threader)
	go func() {
		<-g.Done()
		watches.Delete(key)
		send(driver, func() {
			if onUI(thread) { // else the loop has ended already
				app.Quit()
			}
		})
	}()
}

func needGuest(verb string, g *guest.Guest) {
	if g == nil {
		panic("fynehost: " + verb + " called with a nil guest; pass the one of Start, or of guest.FromContext")
	}
}
