// Package fynehost lets a guest live in Fyne's main loop: tasks call widgets in plain lines,
// and wait without holding the window up.
//
// # Usage
//
// One call owns everything:
//
//	a := app.NewWithID("org.example.notes")
//	err := fynehost.Run(a, func(ctx context.Context) error {
//		w := a.NewWindow("Notes")
//		w.Show()
//		guest.Park(ctx) // until the program quits
//		return nil
//	}, nil)
//
// Or the program keeps its own loop, and the guest moves in:
//
//	a := app.NewWithID("org.example.notes")
//	h, err := fynehost.New(a)                // right after the app, before any window
//	g, err := guest.Start(h, nil, nil)
//	w := a.NewWindow("Notes")
//	fynehost.QuitOnClose(g, w, nil)          // closing is a request; no loop without its guest
//	button.OnTapped = func() { g.Go(task) }  // any handler
//	w.ShowAndRun()
//	report := g.Finish()                     // whatever ended the loop, all unwinds here
//
// The app's lifecycle hooks stay the program's; but the end has an order of its own, in Run as
// in Finish, since Fyne's own can drop what is to be done there, or hang: the preferences are
// saved when the loop ends, and again when all tasks have unwound; then the OnStopped hook is
// called, once, on the UI thread, and what it writes is saved, too. What is written later is
// not. With several guests in one app the hook waits for the last, so each must be finished.
// For this fyne.CurrentApp returns a stand-in, which is not equal to the app but does all that
// the app does.
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
//	a widget that follows a flow.Var            v.Bind(ctx, label.SetText); DisableWhen, ShowWhen
//	a binding that follows a flow.Var, and back BindItem
//	a round for each frame                      Frames
//	anything else that answers by a callback    guest.Await
//
// # Several windows
//
// Each window is a task of main, and lives in WithWindow:
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
// A menu opens one more window with guest.Go and main's ctx. The program ends with its last
// window: Fyne ends the loop then, and all tasks unwind. The example of WithWindow is such a
// program.
//
// # Rules
//
//   - What waits (the dialogs, Busy, WithWindow, Tap, ranges such as Taps and Frames) belongs in a
//     task. Elsewhere, as in a handler, it panics before anything is shown, and says what to do:
//     in a handler start a task with Go, on another goroutine use guest.CallOnMain. So it differs
//     from the waits of package guest, such as Sleep, which are refused there with an error.
//   - New sets Fyne's migration flag "fyneDo": without it Fyne takes a task for a foreign
//     goroutine, and waits for ever. It is refused with an error when a window was made before.
//     With the flag Fyne no longer warns when a goroutine touches widgets. So clear its warnings
//     before the first New; cmd/lodgervet finds such calls before they run.
//   - A task never needs fyne.Do. fyne.DoAndWait on the UI thread, also in a task, hangs the
//     program: that is Fyne's rule, not ours.
//   - The window manager's close button asks with [QuitOnClose] and [AskOnClose]; while the
//     program is closing, the window of QuitOnClose says so. App.Quit, the tray and
//     SIGINT or SIGTERM (Fyne takes both) end the loop at once; tasks then unwind after it,
//     with the cause guest.ErrHostGone, in Run or in Finish; below [WithWindow] the cause is
//     guest.ErrWindowClosed where App.Quit has closed the window first. There is no window then:
//     what deferred calls do to widgets is not seen, and a new window or theme panics in GLFW,
//     which is that task's failure.
//   - A loop that the program runs itself does not notice that its guest has ended, by a panic or
//     a menu's g.Cancel, unless QuitOnClose or [QuitWhenDone] was called: call one of them.
//   - main of Run and fn of [WithWindow] keep failures apart: a task that a handler starts with
//     their ctx, and which fails, cancels no other. Its error goes to Options.OnError.
//     guest.Run with a host of New is for those who want a failure to end the program.
//   - What is asked in a window that is closed, or is being closed, answers with an error that
//     matches guest.ErrWindowClosed, which is no failure of main's.
//   - Fyne's hooks of a window have one slot and no getter. QuitOnClose and AskOnClose take
//     SetCloseIntercept, and WithWindow takes SetOnClosed. What the program has set there before
//     is not called any more; the log says so.
//   - Whatever holds the UI thread for five seconds is reported in the log, with its stack.
//   - A panic in a handler ends the program, as in any Fyne program; below Run the tasks unwind
//     first. A runtime.Goexit in a handler, or in a function of fyne.Do, ends the loop's
//     goroutine, and the program hangs: nothing can stop that.
//   - Return and Escape are heard in [Choose], [Busy] and during the check of [Custom]; Fyne's
//     own dialogs know no keys.
//   - Texts of this package are "Closing…" and "Cancelling…", in English unless the program adds a
//     translation with lang.AddTranslations, and some that Fyne translates.
//
// # Testing
//
// Package fynetest runs the same code in go test and in virtual time, with neither a display nor a
// C compiler, and has a user who taps, types and sees.
//
// # Platforms
//
// Verified on Linux under X11 and Wayland, in a browser, and, for Windows, under Wine:
// make platforms tries it, and writes the figures. macOS has what is needed, and is untried.
//
// On Windows, while the user holds the title bar or the edge of a window, the system runs a loop
// of its own and Fyne's stands still, with all that is drawn. Tasks go on, by a timer that comes
// every 15 ms. What they change is seen when the user lets go. A task that calls fyne.Do and waits
// for it waits as long. For this each turn goes through C, and the host is a host.Enterer.
//
// In a browser (js/wasm) all goroutines share one thread. After each turn of the guest the page
// gets its own. A goroutine that computes holds the page; see package browserhost, which is for
// pages without Fyne.
//
// Android and iOS are refused by New. Before its loop runs, Fyne's driver there calls a posted
// function on whatever goroutine posts it, and its UI goroutine is locked to no thread.
package fynehost
