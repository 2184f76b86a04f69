// Package fynetest runs a Fyne program in go test: with a real UI thread and queue, in virtual
// time, with neither a display nor a C compiler, and with a user before the screen.
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
// Fyne's own test app has no UI thread: it runs functions on whoever posts them, and its Run
// returns at once. Here windows, widgets and painting are Fyne's test package's, and the loop
// is this package's: fyne.Do queues, fyne.DoAndWait waits (and panics on the UI thread, where
// it hangs a program), Run runs until Quit, SetOnStarted and SetOnStopped are called, closing
// the last window quits. Fyne's helpers (test.Tap, test.Type, …) work, in tasks as in
// handlers.
//
// # Virtual time
//
// The body of [Run] and all that it starts live in a bubble of testing/synctest, as in
// guesttest.Run: time moves when everything waits. So a task that sleeps for an hour takes
// none, nor does a time.Sleep in a function of guest.Background. The package comment of
// guesttest says what else that means: what hangs, what is fatal, and what a bubble can't
// have, such as sockets and child processes. For those set Options.RealTime.
//
// Animations run by the same clock, with sixty frames a second, and the last frame of each
// comes when it is due. The cursor of an entry and a progress bar without an end never stop.
// So there is one frame a second once no animation has been started for ten seconds. An hour
// of virtual time with a blinking cursor takes some 0.1 s.
//
// A program that computes for long, or reads many files, is not at rest meanwhile: virtual
// time stands still, and a User waits for it. To do something in the midst of that, as a click
// on Cancel, needs real time.
//
// # A user
//
// A [User] does in one window what a person does, and finds things by what a person reads
// there:
//
//	Tap("Save")             what says so: button, check, radio, link, tab, menu item, row
//	Type("Name", "Ada")     into an entry, in place of what is there
//	Choose("Size", "M")     in a Select or a radio group
//	Answer("Yes")           a button of a dialog that has come, or will come
//	Close()                 the close button
//	See("3 hits")           until it is somewhere in the window
//	Gone("searching")       until it is nowhere
//	WaitUntil(what, fn)     until fn reports true
//	Find[*clock](u, "Rome") returns a widget of the program's own
//	Screen()                what the window shows, as text
//	Within(time.Hour)       the same user with more patience
//	In(row)                 the same user, who looks only at one row, say
//
// All but the last three wait, and belong in the test's body, or in another task of its guest;
// elsewhere they panic, and say so. They call handlers outside of all tasks, as Fyne does: a
// handler that waits is refused. What they do is done once, also if the handler panics: the
// panic goes to guest.Options.OnError or fails the test, and the user goes on.
//
// First they let the program come to rest: all goroutines of the bubble wait, and nothing
// changes any more before time moves. If a thing is not there, or is disabled, they wait for
// it. They look again when something has run on the UI thread and the program is at rest, so
// they return at the very instant at which it is there. After Tap, Type, Choose, Answer and
// Close the program comes to rest once more: in the next line of the test, all that can happen
// now has happened. In real time they look when the loop has nothing to do, and every ten
// milliseconds.
//
// Tap, Answer and Choose want all of a widget's text, See and Gone whole words of one. Tap, Type,
// Choose and Answer reach only the topmost dialog or menu, if one is open. Hidden widgets are
// not there. What a scroll container would show after scrolling is there; of a list, a table
// or a tree only the rows that are on the screen. Two widgets with the same text are a
// failure, since a person could not tell which is meant: use In, or Find.
//
// # Failures
//
// After ten seconds ([User.Within]) the test fails by t.Fatalf, which says what was called,
// why it was not possible, and what all windows show:
//
//	fynetest: Tap("Save") in window "notes": it is disabled (for 10s)
//	window "notes", 320×200
//	  label "Title"
//	  entry "" (your title)
//	  button "Save", disabled
//
// When the test fails in another way, what the windows show when the program ends is in the
// log.
//
// # Limits
//
// Of the windows, that one has the focus and the pop-ups that was shown last, or that a User
// has done something in since; Fyne's test driver does not know better. It has no system tray,
// and it draws no main menu: Tap chooses its items. Two taps at the same instant are a double
// click where Fyne tells that by the clock, as in its file dialog. While a User waits, the
// test must not call synctest.Wait itself, which only one goroutine may do. Fyne keeps the
// fonts of each app until the process ends: some megabytes for each Run.
package fynetest
