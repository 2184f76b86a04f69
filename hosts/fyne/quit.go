package fynehost

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// QuitWhenDone makes the app quit when g has ended, for whatever reason: main has returned, a
// menu has called g.Cancel, a panic has ended g, or its context is done. Without it, a loop that
// the program runs itself would go on, with windows whose buttons do nothing. If the loop has
// ended before, nothing happens. UI thread only, or before the loop. Never waits.
//
// It is for guests of guest.Start, since Run and guest.Run quit the app by themselves. One call
// for each guest is enough; a second call does no harm.
func QuitWhenDone(g *guest.Guest) {
	needGuest("QuitWhenDone", g)
	quitWhenDone(g)
}

// QuitOnClose lets the user end g's program by closing w, if ask agrees. A click on the close
// button calls ask, and so does quit, which you call from a menu or a shortcut. ask is called in
// a task of g itself, and never twice at the same time. If it answers yes, g is cancelled with
// the cause guest.ErrQuit, w stays until all tasks have unwound, and then the app quits. If it
// answers no, w stays. A nil ask means yes. UI thread only, or before the loop; quit is for the
// UI thread. Neither of them waits.
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
// If ask returns an error, w also stays, so that unsaved work is not lost. The error goes to
// guest.Options.OnError, or to the log, where the user does not see it. So let ask show the
// error and offer a way out, such as "Discard". The same holds for a panic in ask if there is
// an OnError; without one it ends g and the program, as the panic of any task does. When g ends
// for another reason, ask is not called.
//
// If g takes longer than 0.3 s to end, for whatever reason, w shows that: "Closing…" with a
// moving sign lies above the content, which can't be used any more. The text is translated if
// the program has a translation of it (package lang). Dialogs that wait for the user, in
// clean-up for example, stay in front. For this, QuitOnClose uses a parked task of g, which does
// not delay the end. A task that ignores its cancellation keeps the program, and w, from ending.
// After Options.Grace the log names it. After 5 s in which nothing was asked, the sign gets a
// button for the user, "Quit now". It can be pressed a second later, and ends the loop at once.
// What is not saved yet may be lost: the tasks unwind as [guest.Guest.Finish] says. A signal such
// as SIGTERM ends the program, too.
//
// QuitOnClose includes [QuitWhenDone]. It uses w's SetCloseIntercept. Fyne has only one and
// does not let us read it, so a function that was set there before is never called again. The
// log says so. If you call QuitOnClose or AskOnClose several times for w, the last call counts;
// the functions that earlier calls returned then ask the same question. When the context of the
// last AskOnClose is done, the last QuitOnClose counts again. Fyne neither asks nor cancels g
// when the program calls w.Close or App.Quit. Call quit instead, or g.Cancel(guest.ErrQuit) to
// quit in order without a question.
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
	h.quits = h
	h.put("QuitOnClose")
	return h.wish
}

// A watched guest is one whose end makes an app quit.
type watched struct {
	driver fyne.Driver
	guest  *guest.Guest
}

// watches has the watched guests, each once.
var watches sync.Map

// quitWhenDone waits for the end of g in a goroutine. A task would have to end before the app
// may quit. DoneCallback is not the place either: a loop that the program runs itself must end
// only if the program asks for that, as here.
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
		panic("fynehost: " + verb + " called with a nil guest; pass the one from guest.Start or guest.FromContext")
	}
}
