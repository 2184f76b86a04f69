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
// # Dialogs
//
// Dialogs are calls that return what was chosen ([Confirm], [OpenFile], [Ask], …). They spin no
// loop, and a cancelled task takes its dialog away. A dialog that goes with its window, or
// belongs to one that has gone, answers with an error that matches guest.ErrWindowClosed, which
// is no failure of main's. For code that wants Dialog.Run there is
// [RunDialog], or guest.Modal: never Run in a task itself, which holds all tasks up. In a
// handler Dialog.Run is as good as ever, and tasks go on.
package gtkui
