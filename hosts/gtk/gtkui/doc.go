// Package gtkui is what package gtkhost has for programs with windows. It needs GTK 3 and, to
// build, minutes the first time. Without cgo it is empty.
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
// A program with a loop of its own calls gtkhost.New, guest.Start, and Finish after the loop;
// see package gtkhost. Such a loop does not notice that its guest has ended, by a panic or a
// menu's g.Cancel, unless [QuitOnClose] or [QuitWhenDone] was called: call one of them.
//
// main of Run and RunApplication and fn of [WithWindow] keep failures apart: a task that a
// handler starts with their ctx, and which fails, cancels no other. Its error goes to
// Options.OnError. guest.Run with a host of New is for those who want a failure to end the
// program.
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
//	a dialog of my own                               Ask; RunDialog for GTK's own way
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
// A close button, Alt+F4 and a menu's "Quit" are requests, and [QuitOnClose] and [AskOnClose]
// answer them. They ask in a task, which may show dialogs and save; once at a time. An error
// keeps the window, since what was not saved would be lost. While the program ends, its window
// says so, and can't be used: it looked idle otherwise.
//
// # Dialogs
//
// Dialogs are calls that return what was chosen ([Confirm], [OpenFile], [Ask], …). They spin no
// loop, and a cancelled task takes its dialog away. A dialog that goes with its window, or
// belongs to one that has gone, answers with an error that matches guest.ErrWindowClosed, which
// is no failure of main's. Their own words ("Cancel", "Closing…") go through gettext: they are
// English unless the program's domain (glib.InitI18n) has them.
//
// What waits (the dialogs, Busy, WithWindow, Frames) belongs in a task. Elsewhere, as in a
// handler, it panics before anything is shown, and says what to do: in a handler start a task with
// Go, on another goroutine use guest.CallOnMain. So it differs from the waits of package guest,
// such as Sleep, which are refused there with an error.
//
// For code that wants Dialog.Run there is [RunDialog], or guest.Modal: never Run in a task
// itself, which holds all tasks up. In a handler Dialog.Run is as good as ever, and tasks go on.
package gtkui
