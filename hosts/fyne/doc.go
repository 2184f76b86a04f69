// Package fynehost runs a guest in Fyne's main loop. Tasks call widgets directly, and wait
// without blocking the window.
//
// # Usage
//
// One call owns everything:
//
//	a := app.NewWithID("org.example.notes")
//	err := fynehost.Run(a, func(ctx context.Context) error {
//		w := a.NewWindow("Notes")
//		w.Show()
//		return guest.Park(ctx) // until the program quits
//	}, nil)
//	if err != nil {
//		log.Fatal(err) // not after a normal quit
//	}
//
// Or your program keeps its own loop:
//
//	a := app.NewWithID("org.example.notes")
//	h, err := fynehost.New(a)                // right after the app, before any window
//	g, err := guest.Start(h, nil, nil)
//	defer g.Finish()                         // also after a panic, to report what is left
//	w := a.NewWindow("Notes")
//	fynehost.QuitOnClose(g, w, nil)          // closing is a request; no loop without its guest
//	button.OnTapped = func() { g.Go(task) }  // any handler
//	w.ShowAndRun()
//	if r := g.Finish(); r.Err != nil {       // all tasks unwind here, whatever ended the loop
//		log.Fatal(r.Err)                     // a task's panic, but never a normal quit
//	}
//
// Your program can use the app's lifecycle hooks as before. Run and Finish shut down in their
// own order, since Fyne's shutdown can drop work or hang. The preferences are saved when the
// loop ends, and again when all tasks have unwound. Then the OnStopped hook is called, once, on
// the UI thread. What the hook writes is saved, too; what is written later is not. With several
// guests in one app the hook waits for the last one, so finish each of them. For this,
// fyne.CurrentApp returns a wrapper. It is not equal to the app, but does all that the app
// does.
//
// # Which call do I want?
//
//	to run the app                              Run; New and guest.Start in a loop of your own
//	to ask before the program, or a window, closes   QuitOnClose, AskOnClose
//	what ends with its window                   WithWindow
//	to quit when the guest has ended            QuitWhenDone, which QuitOnClose includes
//	yes or no; one of several answers           Confirm; Choose
//	a line of text; a form; a form with a check Prompt; Custom; Custom with check
//	to tell the user something                  Inform, ShowError
//	work under a dialog with a Cancel button    Busy
//	a file, a folder                            OpenFile, SaveFile, OpenFolder
//	the next tap, or the first of several       Tap
//	all taps; all calls of a handler            Taps; Changes
//	the value of a binding, in a task           Values
//	a widget that follows a flow.Var            v.Bind(ctx, label.SetText); EnableWhen,
//	                                            DisableWhen, ShowWhen
//	a binding that follows a flow.Var, and back BindItem
//	a round for each frame                      Frames
//	anything else that answers by a callback    guest.Await
//
// # Several windows
//
// Start a task in main's context for each window, and put its code in WithWindow:
//
//	err := fynehost.Run(a, func(ctx context.Context) error {
//		for _, file := range files {
//			guest.Go(ctx, func(ctx context.Context) error { return open(ctx, a, file) })
//		}
//		return nil // Run returns when all of them have ended
//	}, nil)
//
//	func open(ctx context.Context, a fyne.App, file string) error {
//		w := a.NewWindow(file)
//		return fynehost.WithWindow(ctx, w, func(ctx context.Context) error { // ends with w
//			fynehost.AskOnClose(ctx, w, …)
//			w.SetContent(…) // handlers start tasks with this ctx
//			w.Show()
//			return guest.Park(ctx)
//		})
//	}
//
// If main itself waited for one of the windows and returned the error, the others would end, too.
// A menu opens another window with guest.Go and main's ctx. When the last window closes, Fyne
// ends the loop, all tasks unwind, and the program ends. The example of WithWindow is such a
// program.
//
// # Rules
//
//   - Call everything that waits (the dialogs, Busy, WithWindow, Tap, ranges such as Taps and
//     Frames) in a task. Elsewhere, such as in a handler, it panics before it shows anything,
//     and the message names the remedy: in a handler start a task with Go, on another goroutine
//     use guest.CallOnMain. The waits of package guest, such as Sleep, return an error there
//     instead.
//   - Call New before you make a window; otherwise it returns an error. New sets Fyne's
//     migration flag "fyneDo". Without the flag Fyne takes a task for a foreign goroutine, and
//     waits forever. With the flag Fyne no longer warns when a goroutine touches widgets. So
//     fix all of its warnings before you first use New. cmd/lodgervet finds such calls before
//     they run.
//   - A task never needs fyne.Do. Never call fyne.DoAndWait on the UI thread, not even in a
//     task: Fyne then waits for itself, and the program hangs.
//   - With [QuitOnClose] and [AskOnClose] the window's close button is a request. While the
//     program shuts down, the window of QuitOnClose says so. App.Quit, the tray, SIGINT and
//     SIGTERM (Fyne handles both) end the loop at once. Tasks then unwind after the loop, in
//     Run or in Finish, with the cause guest.ErrHostGone. Below [WithWindow] the cause is
//     guest.ErrWindowClosed if App.Quit has closed the window first. At that point there is no
//     window: changes to widgets in deferred calls are not visible. A new window or theme
//     panics in GLFW, and that counts as the task's failure.
//   - If your program runs the loop itself, call QuitOnClose or [QuitWhenDone]. Otherwise the
//     loop goes on after its guest has ended, through a panic or a menu's g.Cancel.
//   - The contexts of Run's main and of [WithWindow]'s fn keep failures apart: if a task that a
//     handler starts with them fails, it cancels no other task. Its error goes to
//     Options.OnError. If you want a failure to end the program, use guest.Run with a host from
//     New.
//   - A dialog in a window that is closed, or is being closed, returns an error that matches
//     guest.ErrWindowClosed. If main returns it, that is not a failure.
//   - A Fyne window holds one function for each hook. QuitOnClose and AskOnClose use
//     SetCloseIntercept, and WithWindow uses SetOnClosed. They replace what your program has
//     set there before, and the log says so.
//   - The log reports a task that holds the UI thread for 100 ms, and a handler that holds it
//     for 500 ms, with the line and the stack. But the guest sees a handler only while it waits
//     for a turn itself. In an idle program it logs nothing; see
//     package guest, "Rules on the UI thread".
//   - A panic in a handler ends the program, as in any Fyne program. Under Run the tasks unwind
//     first. Never call runtime.Goexit in a handler or in a function of fyne.Do: it ends the
//     loop's goroutine, and the program hangs. Lodger can't prevent that.
//   - The Escape key works in [Choose], in [Busy] and during the check of [Custom], and the
//     Return key in [Choose] and [Prompt]. Fyne's own dialogs ignore them.
//   - This package shows the texts "Closing…", "Quit now" and "Cancelling…". They are in
//     English unless your program adds a translation with lang.AddTranslations. Fyne translates
//     the other texts.
//
// # Testing
//
// Package fynetest runs the same code in go test, in virtual time, without a display or a C
// compiler. Its simulated user taps, types and reads the screen.
//
// # Platforms
//
// The package is verified on Linux under X11 and Wayland, in a browser, and under Wine for
// Windows; docs/platforms.md has the figures. To repeat that, run make platforms. macOS has what
// is needed, but is untested.
//
// On Windows, while the user holds the title bar or the edge of a window, the system runs its
// own loop. Fyne's loop and all drawing stop meanwhile. Tasks go on, driven by a timer every 15
// ms. Their changes become visible when the user lets go. A task that waits for a function of
// fyne.Do also waits until then. The same holds while a window's menu or a dialog of the system
// is open. The log says so once, after two or three seconds. It can only guess: from Fyne's loop
// not answering while Windows goes on to call.
//
// In a browser (js/wasm) all goroutines share one thread. After each turn of the guest the page
// gets a turn. A goroutine that computes freezes the page. For pages without Fyne see package
// browserhost.
//
// Fyne's driver for Android and iOS is verified on Linux only, with -tags mobile, and has never
// run on a phone. Its loop is not on the main goroutine: use Run, or guest.Start, and not
// guest.Run. Nothing quits an app there, and Run returns only on Linux. When the system ends the
// app, tasks unwind on the UI thread, before the OnStopped hook. A guest of guest.Start takes
// part in that if QuitOnClose or QuitWhenDone was called for it.
package fynehost
