// Package fynetest runs a Fyne program in go test, with a real UI thread and queue, in virtual
// time, without a display or a C compiler. A simulated user operates the windows.
//
//	func TestNotesAreSavedEveryMinute(t *testing.T) {
//		fynetest.Run(t, func(ctx context.Context, app fyne.App) {
//			w := openNotes(ctx, app) // the program
//			u := fynetest.NewUser(ctx, t, w)
//			u.Type("Title", "Milk")
//			u.Tap("Pin")
//			u.Within(2 * time.Minute).See("saved") // takes no time
//			u.Close()
//			u.Answer("Discard")
//		}, nil)
//	}
//
// Fyne's own test app has no UI thread: it runs a posted function on the goroutine that posts
// it, and its Run returns at once. This package takes windows, widgets and painting from Fyne's
// test package, and adds a loop. So fyne.Do queues, and fyne.DoAndWait waits; on the UI thread,
// where it hangs a real program, it panics. Run runs until Quit. The hooks of SetOnStarted and
// SetOnStopped are called. Closing the last window quits. You can use Fyne's helpers (test.Tap,
// test.Type, …) in tasks and in handlers.
//
// # Virtual time
//
// The body of [Run] and all that it starts run in a testing/synctest bubble, as in
// guesttest.Run: time moves when everything waits. So a sleep of an hour takes no real time, in
// a task or in a function of guest.Background. The package comment of guesttest explains what
// else that means: what hangs, what is fatal, and what does not work in a bubble, such as
// sockets and child processes. For those set Options.RealTime.
//
// Animations use the same clock, with sixty frames a second. The last frame of each animation
// comes when it is due. The cursor of an entry and an infinite progress bar never stop, so when
// no animation has started for ten seconds, the rate drops to one frame a second. An hour of
// virtual time with a blinking cursor takes some 0.1 s.
//
// While a program computes or reads many files, it is not at rest: virtual time stands still,
// and a User waits. To act during that work, such as to click Cancel, use real time.
//
// # A user
//
// A [User] acts like a person in one window, and finds widgets by the text that a person reads:
//
//	Tap("Save")             what says so: button, check, radio, link, tab, menu item, row
//	Type("Name", "Ada")     into an entry, in place of what is there
//	Choose("Size", "M")     in a Select or a radio group
//	Press("Escape")         a key, as if typed
//	Answer("Yes")           a button of a dialog that has come, or will come
//	Close()                 the close button
//	See("3 hits")           until it is somewhere in the window
//	Gone("searching")       until it is nowhere
//	WaitUntil(what, fn)     until fn reports true
//	Find[*clock](u, "Rome") returns a widget of the program's own
//	Screen()                what the window shows, as text
//	Within(time.Hour)       the same user with a longer time-out
//	In(row)                 the same user, limited to one row, for example
//
// All but the last three wait. Call them in the test's body or in another task of its guest;
// elsewhere they panic with a message that says so. They call handlers outside all tasks, as
// Fyne does, so a wait in a handler is refused. Each action happens once, even if the handler
// panics. The panic goes to guest.Options.OnError or fails the test, and the user goes on.
//
// First they let the program come to rest: all goroutines of the bubble wait, and nothing
// changes until time moves. If a widget is missing or disabled, they wait for it. They look
// again each time something has run on the UI thread and the program is at rest. So they return
// at the very instant at which the widget is there. After Tap, Type, Choose, Answer and Close
// the program comes to rest once more. So in the next line of the test, everything that can
// happen at this instant has happened. In real time they look when the loop is idle, and every
// ten milliseconds.
//
// Tap, Answer and Choose match a widget's whole text. See and Gone match whole words of it. If
// a dialog or menu is open, Tap, Type, Choose and Answer reach only the topmost one. A User
// does not see hidden widgets. It sees the whole content of a scroll container, but only the
// rows of a list, a table or a tree that are on the screen. Two widgets with the same text are
// a failure, since a person could not tell which one you mean: use In or Find.
//
// # The end of a test
//
// The test goes on until all tasks that the body has started have ended. A task of
// fynehost.WithWindow ends when its window closes. So close each such window with Close, or call
// the app's Quit. Otherwise the test fails when its time is over.
//
// # Failures
//
// After ten seconds (change this with [User.Within]) the test fails with t.Fatalf. The message
// says what you called, why it was not possible, and what all windows show:
//
//	fynetest: Tap("Save") in window "notes": it is disabled (for 10s)
//	window "notes", 320×200
//	  label "Title"
//	  entry "" (your title)
//	  button "Save", disabled
//
// When the test fails in another way, the log has what the windows show at the end of the
// program.
//
// # Limits
//
// The focus and the pop-ups belong to the window that was shown last, or that a User has acted
// in since. This is a limit of Fyne's test driver. It has no system tray. It does not draw the
// main menu, but Tap can choose the menu's items. Two taps at the same instant are a double
// click where Fyne decides by the clock, as in its file dialog. While a User waits, do not call
// synctest.Wait in the test: only one goroutine at a time may call it. Fyne keeps the fonts of
// each app until the process ends, which takes some megabytes for each Run.
package fynetest
