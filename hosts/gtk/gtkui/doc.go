// Package gtkui extends package gtkhost for programs with windows. It needs GTK 3, and the
// first build takes minutes. Without cgo it is empty.
//
// # Usage
//
// One call owns everything ([RunApplication] does the same for a GtkApplication):
//
//	err := gtkui.Run(func(ctx context.Context) error {
//		w, err := gtk.WindowNew(gtk.WINDOW_TOPLEVEL)
//		…
//		g, _ := guest.FromContext(ctx)
//		gtkui.QuitOnClose(g, w, nil) // closing the window is a request
//		w.ShowAll()
//		return guest.Park(ctx)       // until then
//	}, nil)
//
// If your program runs the loop itself, call gtkhost.New, guest.Start, and Finish after the
// loop, and look at the error in its report; see package gtkhost. Also call [QuitOnClose] or
// [QuitWhenDone]. Otherwise the loop goes on after its guest has ended, through a panic or a
// menu's g.Cancel.
//
// The contexts of main (in Run and RunApplication) and of [WithWindow]'s fn keep failures
// apart: if a task that a handler starts with them fails, it cancels no other task. Its error
// goes to Options.OnError. If you want a failure to end the program, use guest.Run with a host
// from gtkhost.New.
//
// # Which call do I want?
//
//	the close button ends the program, in order      QuitOnClose(g, w, nil)
//	… and asks before                                QuitOnClose(g, w, ask)
//	it closes one window of several, and asks        AskOnClose
//	tasks that end with their window                 WithWindow
//	several windows; the program ends with the last  the example of WithWindow
//	a question with two answers, or with several     Confirm, Choose
//	a line of text, a form, a form that is checked   Prompt, Custom
//	a file, a folder                                 OpenFile, SaveFile, OpenFolder
//	work under a dialog with Cancel                  Busy
//	a message, an error                              Inform, ShowError
//	your own dialog                                  Ask; RunDialog for GTK's own way
//	a button that is off while an action runs        DisableWhen(ctx, action.Busy(), button)
//	a widget that comes and goes                     ShowWhen
//	a label that shows a value                       v.Bind(ctx, label.SetText) of package flow
//	an entry, a switch, an adjustment, both ways     BindWidget
//	an animation                                     Frames
//	the next click, or all of them                   gtkhost.Signal, gtkhost.Signals
//	a click or Return, whichever comes first         gtkhost.First
//
// # Closing
//
// The close button, Alt+F4 and a menu's "Quit" are requests, and [QuitOnClose] and [AskOnClose]
// answer them. They run your ask function in a task, which may show dialogs and save. Each
// window is asked about only once at a time. If ask returns an error, the window stays open, so
// that unsaved work is not lost. While the program shuts down, its window says so and is disabled.
//
// # Dialogs
//
// Dialogs are calls that return what was chosen ([Confirm], [OpenFile], [Ask], …). They run no
// nested loop, and cancelling the task closes its dialog. If the dialog's window is closed, or
// was closed before, the dialog returns an error that matches guest.ErrWindowClosed. If main
// returns it, that is not a failure. The package's own texts ("Cancel", "Closing…") go through
// gettext. They are in English unless your program's domain (glib.InitI18n) translates them.
//
// Call everything that waits (the dialogs, Busy, WithWindow, Frames) in a task. Elsewhere, such
// as in a handler, it panics before it shows anything, and the message names the remedy: in a
// handler start a task with Go, on another goroutine use guest.CallOnMain. The waits of package
// guest, such as Sleep, return an error there instead.
//
// For code that needs Dialog.Run, use [RunDialog] or guest.Modal. Never call Dialog.Run
// directly in a task, since it blocks all tasks. In a handler you may call it, and tasks go on.
package gtkui
