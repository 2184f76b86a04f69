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

// A User does in a window what a person does, and sees what a person sees. Its methods wait
// until what they are about is there, and fail the test when it does not come (see the
// package). [NewUser] makes one.
type User struct {
	ctx    context.Context
	t      testing.TB
	window *window
	limit  time.Duration
	part   fyne.CanvasObject // of the window, if not all of it
}

// NewUser returns a user of w, for the task of ctx: its methods wait there. With a nil t, as in
// an Example, they panic instead of failing the test. UI thread only. Never waits. It panics if
// w is not a window of this package's app.
func NewUser(ctx context.Context, t testing.TB, w fyne.Window) *User {
	own, ok := w.(*window)
	if !ok {
		panic("fynetest: NewUser called with a window of another app; make the window with the app that Run gives")
	}
	if _, ok := guest.FromContext(ctx); !ok {
		panic("fynetest: NewUser called with a context of no task; pass the one that the test's body gets")
	}
	if t == nil {
		t = noTest{}
	}
	return &User{ctx: ctx, t: t, window: own, limit: 10 * time.Second}
}

// noTest is a test that panics.
type noTest struct{ testing.TB }

func (noTest) Helper() {}

func (noTest) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// Within returns the same user with another limit in place of ten seconds:
// u.Within(time.Hour).See("saved"). Any goroutine. Never waits.
func (u *User) Within(limit time.Duration) *User {
	other := *u
	other.limit = limit
	return &other
}

// In returns the same user, who looks only at one part of the window: for one of several rows that
// all have a button "Delete", with a container or a widget that [Find] returns. Any goroutine.
// Never waits.
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

// String is Screen.
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
