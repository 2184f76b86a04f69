//go:build cgo

package gtktest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/internal/words"
)

// A User does in a window what a person does, and sees what a person sees. Its methods wait
// until what they are about is there, and fail the test when it does not come. [NewUser] makes
// one.
type User struct {
	ctx    context.Context
	t      testing.TB
	window *gtk.Window
	limit  time.Duration
}

// NewUser returns a user of w, for the task of ctx: its methods wait there. UI thread only.
// Never waits.
func NewUser(ctx context.Context, t testing.TB, w *gtk.Window) *User {
	if _, ok := guest.FromContext(ctx); !ok || w == nil {
		panic("gtktest: NewUser called without a window, or with a context of no task; pass the one that Run's body gets")
	}
	return &User{ctx: ctx, t: t, window: w, limit: 10 * time.Second}
}

// Within returns the same user with another limit in place of ten seconds. Any goroutine. Never
// waits.
func (u *User) Within(limit time.Duration) *User {
	other := *u
	other.limit = limit
	return &other
}

// Tap clicks the button or menu item that says text. It must be sensitive, and the only one; and
// it must be in the newest dialog if one is open, since that keeps the window from clicks. In a
// task. Waits.
func (u *User) Tap(text string) {
	u.t.Helper()
	u.act(fmt.Sprintf("Tap(%q)", text), func() (func(), string) { return tapOne(u.front(), text) })
}

// Answer taps a button of the newest dialog, and waits for a dialog first: in the window itself
// there may be a button that says the same. In a task. Waits.
func (u *User) Answer(button string) {
	u.t.Helper()
	u.act(fmt.Sprintf("Answer(%q)", button), func() (func(), string) {
		d := dialog()
		if d == nil {
			return nil, "no dialog is open"
		}
		return tapOne(d, button)
	})
}

// Type types text into an entry, key by key, in place of what is there. label is the text of the
// label to the left of the entry, or above it, or what the entry says while it is empty; with ""
// the entry is the only one. A "\n" at the end presses Return. In a task. Waits.
func (u *User) Type(label, text string) {
	u.t.Helper()
	u.act(fmt.Sprintf("Type(%q, %q)", label, text), func() (func(), string) {
		e, why := field(u.front(), label)
		if e == nil {
			return nil, why
		}
		return func() { typeInto(e, text) }, ""
	})
}

func typeInto(e *gtk.Entry, text string) {
	keys, enter := strings.CutSuffix(text, "\n")
	e.GrabFocus()
	e.DeleteText(0, -1)
	for at, key := 0, []rune(keys); at < len(key); at++ {
		e.InsertText(string(key[at]), at)
	}
	if enter {
		e.Activate()
	}
}

// Close does what a click on the window's close button does. In a task. Waits.
func (u *User) Close() {
	u.t.Helper()
	u.act("Close()", func() (func(), string) { return u.window.Close, "" })
}

// See waits until text is somewhere in the window, or in a dialog above it: in a label's, a
// button's or an entry's, all of it or a part, but whole words: where text begins or ends with a
// letter or a digit, there is none next to it. So "saved" is not seen in "unsaved". In a task.
// Waits.
func (u *User) See(text string) {
	u.t.Helper()
	u.until(fmt.Sprintf("See(%q)", text), func() string {
		if !u.sees(text) {
			return "it is not there"
		}
		return ""
	})
}

// Gone waits until text is nowhere in the window, nor in a dialog, as [User.See] sees it. In a
// task. Waits.
func (u *User) Gone(text string) {
	u.t.Helper()
	u.until(fmt.Sprintf("Gone(%q)", text), func() string {
		if u.sees(text) {
			return "it is still there"
		}
		return ""
	})
}

// WaitUntil waits until done, which must only look, reports true; what says what that is. In a
// task. Waits.
func (u *User) WaitUntil(what string, done func() bool) {
	u.t.Helper()
	u.until(fmt.Sprintf("WaitUntil(%q)", what), func() string {
		if !done() {
			return "it has not happened"
		}
		return ""
	})
}

// front is where clicks arrive: the newest dialog, or the window.
func (u *User) front() *gtk.Window {
	if d := dialog(); d != nil {
		return d
	}
	return u.window
}

func (u *User) sees(text string) bool {
	places := []*gtk.Window{u.window}
	if d := dialog(); d != nil {
		places = append(places, d)
	}
	for _, w := range places {
		for _, e := range scan(w) {
			if _, item := e.widget.(interface{ GetSubmenu() (gtk.IMenu, error) }); !item && words.Contains(e.text, text) {
				return true
			}
		}
	}
	return false
}

// act does what try returns, once it returns something. It is done outside of all tasks, where a
// handler may run a nested loop; act returns when it has been done, or has come to such a loop.
func (u *User) act(call string, try func() (do func(), why string)) {
	u.t.Helper()
	var do func()
	u.until(call, func() (why string) { do, why = try(); return why })
	g, _ := guest.FromContext(u.ctx)
	done := false
	g.Host().(host.Native).RunSyncSoonNative(func() { done = true; do() })
	u.until(call, func() string {
		if !done {
			return "the loop has not come to it"
		}
		return ""
	})
}

// pause is that between two looks.
const pause = 5 * time.Millisecond

// until looks until try finds nothing to say.
func (u *User) until(call string, try func() (why string)) {
	u.t.Helper()
	if _, ok := guest.CurrentTask(); !ok {
		panic("gtktest: " + call + " called outside a task; call it in Run's body, or in a task of it")
	}
	// a user looks on while a program quits
	ctx, cancel := context.WithTimeout(context.WithoutCancel(u.ctx), u.limit)
	defer cancel()
	for {
		why := try()
		if why == "" {
			return
		}
		if err := guest.Sleep(ctx, pause); err != nil {
			u.t.Fatalf("gtktest: %s: %s (for %v: %v); on the screen there is\n%s", call, why, u.limit, err, screen())
		}
	}
}
