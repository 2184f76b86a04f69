package fynehost

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

// ErrWindowClosed is the cause with which the tasks of [WithWindow] are cancelled.
var ErrWindowClosed = errors.New("fynehost: the window was closed")

// QuitOnClose makes a click on the close button of w a request to g: the window stays, g is
// cancelled with the cause guest.ErrQuit, and when all its tasks have unwound, the app quits.
// closing, if not nil, is called at the first click, in w's close handler; it may show that the
// program is on its way out. UI thread only, or before the loop. Never waits.
//
// It takes w's SetCloseIntercept, of which Fyne has one. Fyne does not ask it when the program
// itself calls w.Close or App.Quit: to quit in order from code, call g.Cancel(guest.ErrQuit).
func QuitOnClose(g *guest.Guest, w fyne.Window, closing func()) {
	if g == nil {
		panic("fynehost: QuitOnClose called with a nil guest; pass the one of Start, or of guest.FromContext")
	}
	needWindow("QuitOnClose", w)
	app := fyne.CurrentApp()
	driver := app.Driver()
	thread, _ := driver.(host.Threader)
	asked := false
	w.SetCloseIntercept(func() {
		if asked {
			return
		}
		asked = true
		if closing != nil {
			closing()
		}
		g.Cancel(guest.ErrQuit)
		// Not a task, which would have to end before the app may quit; and not DoneCallback,
		// since a loop that the program runs itself is ended only where it asked for that:
		// here.
		go func() {
			<-g.Done()
			quit := func() {
				if !onUI(thread) {
					return // the loop has ended already
				}
				app.Quit()
			}
			send(driver, quit)
		}()
	})
}

// WithWindow calls fn as a task that ends with w: once w is closed, fn and all tasks that it
// has started are cancelled with the cause [ErrWindowClosed], from the next batch on, so that
// none of their waits ends as if the window were still there. In a task. Waits until they have
// ended.
//
// It returns fn's error, or nil when fn answered the closing of w with the cancellation: a
// closed window is no failure. If w is closed already, fn is not called. Calls for one window
// may be nested or follow each other. They take w's SetOnClosed, of which Fyne has one: a hook
// that was set before is never called, and one that is set meanwhile keeps WithWindow from
// hearing of the closing. What the program wants to do after it, it does after WithWindow.
func WithWindow(ctx context.Context, w fyne.Window, fn func(ctx context.Context) error) error {
	needTask("WithWindow")
	needWindow("WithWindow", w)
	if !isOpen(w) {
		return ctx.Err()
	}
	err := guest.Supervise(ctx, func(ctx context.Context) error {
		t := guest.Go(ctx, fn)
		unbind := onClosed(w, func() { t.Cancel(ErrWindowClosed) })
		defer unbind()
		return t.Wait(context.WithoutCancel(ctx)) // ctx cancels t, and t's answer counts
	})
	if errors.Is(err, ErrWindowClosed) && ctx.Err() == nil {
		return nil
	}
	return err
}

// closers are what to call when a window is closed. SetOnClosed has one slot and no getter, so
// its users share one table. UI thread only.
var closers = map[fyne.Window][]*func(){}

func onClosed(w fyne.Window, fn func()) (remove func()) {
	if closers[w] == nil {
		w.SetOnClosed(func() {
			list := closers[w]
			delete(closers, w)
			for _, fn := range list {
				(*fn)()
			}
		})
	}
	entry := &fn
	closers[w] = append(closers[w], entry)
	return func() {
		list := closers[w]
		if i := slices.Index(list, entry); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
		if len(list) == 0 {
			delete(closers, w)
		} else {
			closers[w] = list
		}
	}
}
