// Package gtkhost lets a guest live in GLib's main loop, and so in GTK's: tasks call widgets in
// plain lines, wait without holding the window up, and go on while a modal dialog is open. It
// needs cgo and GLib, but neither GTK nor a display; package gtkui beside it has what needs
// windows. Without cgo the package is empty.
//
// # Usage
//
// A program of tasks, with a loop of its own ([Run]; gtkui.Run for windows):
//
//	err := gtkhost.Run(func(ctx context.Context) error { … }, nil)
//
// Or the program keeps its loop, be it gtk.Main, an Application's or a GMainLoop, and the guest
// moves in:
//
//	h, err := gtkhost.New()                  // on the UI thread
//	g, err := guest.Start(h, nil, nil)
//	button.Connect("clicked", func() { g.Go(task) })
//	gtkui.QuitWhenDone(g)                    // else the loop goes on without its guest
//	gtk.Main()
//	report := g.Finish()                     // whatever ended the loop, all unwinds here
//
// # Nested loops
//
// A modal dialog's Run, a nested gtk.Main and the like spin a loop of their own until they
// return. Tasks go on meanwhile when the loop is started
//
//   - by a handler, or a function of glib.IdleAdd's,
//   - by a task through guest.Modal,
//   - by [Host.RunSyncSoonNative],
//
// also when it is started inside another: four dialogs deep at least, even if Go code raises
// the signals whose handlers open them. Deeper than that tasks wait until a dialog is closed;
// guest.Modal and RunSyncSoonNative do not open one that would be the first so deep, but wait
// until there is room.
//
// Started straight in a task, or in a function given to Post, it holds all tasks up until it
// returns: both run in a coroutine, and Go lets no other be resumed from there. The guest then
// says in the log whose fault it is, after a second.
//
// # Rules
//
//   - The goroutine that runs the loop is locked to its thread, from before [New] until after
//     the loop. This package locks main's goroutine in its init, and Run locks its own;
//     elsewhere call runtime.LockOSThread. Without it Go may move the goroutine to another
//     thread before the loop; then no task runs, and the log says so.
//   - The source has the priority of GDK's redraws (120), gives way after the guest's budget
//     (4 ms), and leaves a turn to sources of any lower priority then, or after shorter turns
//     that have followed one another for 0.2 ms. So a guest that always works starves neither
//     redraws nor idle functions.
//   - While a plain dialog.Run is open, neither gtk.MainQuit nor the guest's Cancel ends
//     anything before it is answered: that is GTK's. A task opens its dialogs with gtkui's
//     calls, which its cancellation takes away.
//   - gtk.MainQuit and Application.Quit end the loop at once; tasks then unwind after it, with
//     the cause guest.ErrHostGone, in Run or in Finish. The widgets are still there, but
//     nothing is drawn any more. What is written to GSettings is waited for when the loop has
//     ended, and again when all has unwound. An application's "shutdown" comes in between,
//     before the tasks unwind.
//   - A panic in a posted function is logged, and the loop goes on. A panic in a handler of
//     gotk3's goes through GLib and ends the program; below Run the tasks unwind first. A
//     runtime.Goexit on the UI thread, outside tasks, ends the loop's thread: nothing can stop
//     that, so don't use require in handlers.
//   - If X or Wayland breaks off, GDK ends the process, with exit code 1. Nothing can be
//     unwound then.
//
// # Signals
//
// [Signal], [First], [Signals] and [Values] only look on: a signal whose handler answers, as
// that of "delete-event" does, needs a handler of its own. An object that is destroyed emits
// nothing any more, and a wait for it lasts until its context is done: in a task of
// gtkui.WithWindow that is when the window goes.
//
// # Finalizers
//
// gotk3 lets go of objects in Go's finalizers, off the UI thread, and programs crash of that at
// random. With this package they are let go on the UI thread, in slices of 4 ms, from the first
// New on; what is dropped after the loop stays. To opt out, set glib.FinalizerStrategy in main:
// it is gotk3's one hook, and this package takes it in its init and never again.
//
// GTK warns "instance … has no handler with id", four times, when a menu, or another widget that
// is no part of the window, was given the window's actions with InsertActionGroup and is let go
// after the window's end. No order and no strategy of finalizers avoids that, since the window's
// handlers use the menu until then: destroy both together, with
// window.Connect("destroy", menu.Destroy).
//
// # Platforms
//
// Verified on Linux under X11. What it needs, GLib has everywhere, but it was not run on
// Windows or macOS.
package gtkhost
