// Package gtkhost runs a guest in GLib's main loop, and so in GTK's. Tasks call widgets
// directly, wait without blocking the window, and go on while a modal dialog is open. The
// package needs cgo and GLib, but neither GTK nor a display. Package gtkui has the calls for
// windows. Without cgo the package is empty.
//
// # Usage
//
// [Run] runs the loop and a main task (use gtkui.Run for windows):
//
//	err := gtkhost.Run(func(ctx context.Context) error { … }, nil)
//
// Or your program keeps its loop (gtk.Main, an Application's loop, or a GMainLoop):
//
//	h, err := gtkhost.New()                  // on the UI thread
//	g, err := guest.Start(h, nil, nil)
//	defer g.Finish()                         // also after a panic, to report what is left
//	button.Connect("clicked", func() { g.Go(task) })
//	gtkui.QuitWhenDone(g)                    // else the loop goes on without its guest
//	gtk.Main()
//	if r := g.Finish(); r.Err != nil {       // all tasks unwind here, whatever ended the loop
//		log.Fatal(r.Err)                     // a task's panic, but never a normal quit
//	}
//
// # Nested loops
//
// Some calls, such as a modal dialog's Run or a nested gtk.Main, run a nested loop until they
// return. Tasks go on meanwhile if the nested loop is started
//
//   - by a handler, or a function of glib.IdleAdd,
//   - by a task through guest.Modal,
//   - by [Host.RunSyncSoonNative].
//
// This also holds for loops inside one another, at least four dialogs deep, even if Go code
// emits the signals whose handlers open them. Deeper than that, tasks wait until a dialog is
// closed. guest.Modal and RunSyncSoonNative never go that deep themselves: they wait until
// there is room.
//
// Do not start a nested loop directly in a task, or in a function given to Post: it blocks all
// tasks until it returns. Both run in a coroutine, and Go can't resume another coroutine from
// there. After a second the log says which code is at fault.
//
// # Rules
//
//   - Lock the goroutine that runs the loop to its thread, from before [New] until after the
//     loop. This package locks main's goroutine in its init, and Run locks its own. For any
//     other goroutine call runtime.LockOSThread. Without the lock Go may move the goroutine to
//     another thread before the loop. Then no task runs, and the log says so.
//   - A busy guest starves neither redraws nor idle functions. Its source has the priority of
//     GDK's redraws (120). It leaves a turn to sources of lower priority after the guest's
//     budget (4 ms), or after a series of shorter turns of 0.2 ms in all.
//   - While a plain dialog.Run is open, gtk.MainQuit and the guest's Cancel take effect only
//     after the user answers it. This is GTK's behavior. In a task, open dialogs with the calls
//     of gtkui: cancelling the task closes them.
//   - gtk.MainQuit and Application.Quit end the loop at once. Tasks then unwind after the loop,
//     in Run or in Finish, with the cause guest.ErrHostGone. The widgets still exist, but
//     nothing is drawn. An application's "shutdown" signal comes in its loop, so before the
//     tasks unwind. Writes to GSettings are not lost: Run waits for them when the loop has
//     ended, and again when all tasks have unwound; Finish waits when all tasks have unwound.
//   - The log reports a task that holds the UI thread for 100 ms, and a handler that holds it
//     for 500 ms, with the line and the stack. But the guest sees a handler only while it waits
//     for a turn itself. In an idle program it logs nothing; see package guest, "Rules on the
//     UI thread".
//   - A panic in a posted function is logged, and the loop goes on. A panic in a gotk3 handler
//     passes through GLib and ends the program; under Run the tasks unwind first. A
//     runtime.Goexit on the UI thread outside a task ends the loop's goroutine. Lodger can't
//     prevent that, so don't use require in handlers.
//   - If the connection to X or Wayland breaks, GDK ends the process with exit code 1. No task
//     can unwind then.
//
// # Signals
//
// [Signal], [First], [Signals] and [Values] only observe. For a signal whose handler returns an
// answer, such as "delete-event", connect a handler. Call all four in a task. Elsewhere, such as
// in a handler, they panic, and the message names the remedy. A destroyed object emits no
// signals, so a wait for it lasts until its context is done. In a task of gtkui.WithWindow that
// happens when the window closes.
//
// # Finalizers
//
// gotk3 releases objects in Go's finalizers, off the UI thread, which makes programs crash at
// random. From the first New on, this package releases them on the UI thread instead, in slices
// of 4 ms. Objects that are dropped after the loop are not released. To opt out, set
// glib.FinalizerStrategy in main. It is gotk3's only hook, and this package sets it once, in
// its init.
//
// GTK may warn "instance … has no handler with id" four times. It does so for a menu, or
// another widget outside the window, that got the window's actions with InsertActionGroup and
// is released after the window. No finalizer strategy avoids that, since the window's handlers
// use the menu until then. Destroy both together, with window.Connect("destroy", menu.Destroy).
//
// # Platforms
//
// The package is verified on Linux under X11. GLib has what it needs on all platforms, but it
// is untested on Windows and macOS.
package gtkhost
