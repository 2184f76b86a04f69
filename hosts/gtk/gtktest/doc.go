// Package gtktest runs GTK programs in go test, over real windows: on a screen, or under
// xvfb-run. Without cgo it is empty.
//
// GTK stays on one thread. So the tests' process gives its main goroutine to it:
//
//	func TestMain(m *testing.M) { os.Exit(gtktest.Main(m)) }
//
//	func TestSave(t *testing.T) {
//		gtktest.Run(t, func(ctx context.Context) {
//			w := newWindow(ctx) // the program's own
//			u := gtktest.NewUser(ctx, t, w)
//			u.Type("Name", "Ada")
//			u.Tap("Save")
//			u.Answer("Yes") // in the dialog that opens
//			u.See("saved")
//		}, nil)
//	}
//
// A [User] waits until what a call is about is there, and fails the test when it does not come
// within ten seconds, with a list of what is on the screen. So tests need no sleeps. What its
// calls lead to runs outside of all tasks, as the handlers of a real click do: a handler may
// run a dialog of GTK's own way.
//
// It works on widgets by their texts: buttons of all kinds, menu items, entries, labels. It sees
// neither the rows of a tree view nor what a program draws; WaitUntil is for those, and the
// widgets themselves.
package gtktest
