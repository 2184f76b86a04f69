package fynetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
)

// A User acts like a person in one window, and sees what a person sees. Its methods wait until
// the widget or text is there. If that takes too long, they fail the test (see the package
// comment). [NewUser] makes one.
type User struct {
	ctx    context.Context
	t      testing.TB
	window *window
	limit  time.Duration
	part   fyne.CanvasObject // the part of the window; nil for all of it
}

// NewUser returns a user of w. Its methods wait in the task of ctx. If t is nil, as in an
// Example, they panic instead of failing the test. NewUser panics if w is not a window of this
// package's app. UI thread only. Never waits.
func NewUser(ctx context.Context, t testing.TB, w fyne.Window) *User {
	own, ok := w.(*window)
	if !ok {
		panic("fynetest: NewUser called with a window of another app; make the window with the app that Run passes to its body")
	}
	if _, ok := guest.FromContext(ctx); !ok {
		panic("fynetest: NewUser called with a context without a guest; pass the one that the test's body gets")
	}
	if t == nil {
		t = noTest{}
	}
	return &User{ctx: ctx, t: t, window: own, limit: 10 * time.Second}
}

// A noTest is a test that panics.
type noTest struct{ testing.TB }

func (noTest) Helper() {}

func (noTest) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// Within returns the same user with a time limit other than ten seconds:
// u.Within(time.Hour).See("saved"). Any goroutine. Never waits.
func (u *User) Within(limit time.Duration) *User {
	other := *u
	other.limit = limit
	return &other
}

// In returns the same user, limited to one part of the window. Use it, for example, for one of
// several rows that all have a button "Delete". part is a container or a widget, such as one
// from [Find]. Any goroutine. Never waits.
//
//	row := fynetest.Find[*fyne.Container](u, "Bob")
//	u.In(row).Tap("Delete")
func (u *User) In(part fyne.CanvasObject) *User {
	other := *u
	other.part = part
	return &other
}

// Screen returns what the window shows, one widget a line. UI thread only. Never waits.
func (u *User) Screen() string { return u.window.String() }

// String returns the same as Screen. UI thread only. Never waits.
func (u *User) String() string { return u.Screen() }

// fail fails the test, and prints what the windows show.
func (u *User) fail(what, why string, err error) {
	u.t.Helper()
	driver := u.window.driver
	cause := context.Cause(u.ctx)
	switch {
	case errors.Is(err, errPanicked):
		why = err.Error()
	case cause == nil && why == "":
		why = fmt.Sprintf("the program has not come to rest within %v", u.limit)
	case cause == nil:
		why += fmt.Sprintf(" (for %v)", u.limit)
	case why == "":
		why = fmt.Sprintf("interrupted: %v", err)
	default:
		why += fmt.Sprintf("; interrupted: %v", err)
	}
	driver.screen, driver.printed = driver.windows(), true
	u.t.Fatalf("fynetest: %s in window %q: %s\n%s", what, u.window.Title(), why, driver.screen)
}
