package fynehost

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
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

// QuitOnClose lets the user end g's program by closing w, and ask decides. A click on the close
// button and quit, which is for a menu or a shortcut, do the same: ask is called in a task of g
// itself, once at a time. If it answers yes, g is cancelled with the cause guest.ErrQuit, w
// stays until all tasks have unwound, and then the app quits. If it answers no, w stays. A nil
// ask means yes. UI thread only, or before the loop. Never waits, and neither does quit, which is
// for the UI thread.
//
//	quit := fynehost.QuitOnClose(g, w, func(ctx context.Context) (bool, error) {
//		if !doc.changed {
//			return true, nil
//		}
//		n, err := fynehost.Choose(ctx, w, "Notes", "Save it?", "Save", "Discard", "Cancel")
//		if n == 0 {
//			if err := doc.save(ctx); err != nil {
//				return false, fynehost.ShowError(ctx, w, err) // and w stays
//			}
//			return true, nil
//		}
//		return n == 1, err
//	})
//
// If ask fails or panics, w stays, too, since what could not be saved would be lost; the error
// goes to guest.Options.OnError, or to the log, where the user does not see it: so let ask show
// it, and offer a way out, such as "Discard".
// Once g ends anyway, ask is not called any more.
//
// While g ends, for whatever reason, and w is still there, w says so after 0.3 s: "Closing…",
// with a moving sign, lies above the content, which can't be used any more. The text is
// translated if the program has a translation of it (package lang). Dialogs that wait for the user
// to answer, in clean-up for example, stay in front. A parked task of g's waits for that, and
// holds nothing up.
//
// It includes [QuitWhenDone]. It takes w's SetCloseIntercept, of which Fyne has one, without a
// way to get what was set before: that is never called any more, which the log says. Of several
// calls for w, of AskOnClose too, the last one counts, and what the earlier ones have returned
// asks as it does. Fyne does not ask when the program calls w.Close or App.Quit:
// call quit instead, or g.Cancel(guest.ErrQuit) to quit in order unasked.
func QuitOnClose(g *guest.Guest, w fyne.Window, ask func(ctx context.Context) (bool, error)) (quit func()) {
	needGuest("QuitOnClose", g)
	needWindow("QuitOnClose", w)
	quitWhenDone(g)
	c := coverWhenClosing(g, w)
	h := &closeHook{window: w, question: windows.Question{
		Ask:    ask,
		Start:  windows.InGuest(g, ask),
		Over:   g.Ending,
		Agreed: func() { c.begin(); g.Cancel(guest.ErrQuit) },
	}}
	h.put("QuitOnClose")
	return h.wish
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
	app, loop := fyne.CurrentApp(), currentLoop()
	key := watched{loop.driver, g}
	if _, known := watches.LoadOrStore(key, true); known {
		return
	}
	go func() {
		<-g.Done()
		watches.Delete(key)
		loop.do(app.Quit)
	}()
}

func needGuest(verb string, g *guest.Guest) {
	if g == nil {
		panic("fynehost: " + verb + " called with a nil guest; pass the one of Start, or of guest.FromContext")
	}
}
