// Package gtktest runs GTK programs in go test with real windows, on a screen or under xvfb-run.
// Without cgo it is empty.
//
// GTK stays on one thread. So the test binary runs GTK on its main goroutine, and each package
// with such tests needs a TestMain; without it Run panics:
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
// The calls of a [User] wait for the widget or text that they name. If it does not come within
// ten seconds, they fail the test and list what is on the screen. So tests need no sleeps. They
// run handlers outside all tasks, as real clicks do. So a handler may call dialog.Run.
//
// Without a display the tests are skipped, and go test prints ok; go test -v shows it. With
// CI=true in the environment they fail.
//
// A User finds widgets by their texts: buttons of all kinds, menu items, entries and labels. It
// does not see the rows of a tree view or what a program draws. For those use WaitUntil and the
// widgets themselves.
package gtktest
