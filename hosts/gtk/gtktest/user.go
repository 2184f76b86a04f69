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

// A User acts like a person in one window, and sees what a person sees. Its methods wait until
// the widget or text is there. If that takes too long, they fail the test. [NewUser] makes one.
type User struct {
	ctx    context.Context
	t      testing.TB
	window *gtk.Window
	limit  time.Duration
}

// NewUser returns a user of w. Its methods wait in the task of ctx. UI thread only. Never waits.
func NewUser(ctx context.Context, t testing.TB, w *gtk.Window) *User {
	if _, ok := guest.FromContext(ctx); !ok || w == nil {
		panic("gtktest: NewUser called with a nil window or a context without a guest; pass a window, and the context that Run's body gets")
	}
	return &User{ctx: ctx, t: t, window: w, limit: 10 * time.Second}
}

// Within returns the same user with a time limit other than ten seconds. Any goroutine. Never
// waits.
func (u *User) Within(limit time.Duration) *User {
	other := *u
	other.limit = limit
	return &other
}

// Tap clicks the button or menu item with this text. The widget must be sensitive, and the only
// one with this text. If a dialog is open, the widget must be in the newest one, since that
// keeps clicks from the window. In a task. Waits.
func (u *User) Tap(text string) {
	u.t.Helper()
	u.act(fmt.Sprintf("Tap(%q)", text), func() (func(), string) { return tapOne(u.front(), text) })
}

// Answer waits for a dialog and taps a button of the newest one. Use it instead of Tap if the
// window itself may have a button with the same text. In a task. Waits.
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

// Type replaces the text of an entry, key by key. label is the text of the label to the left of
// the entry or above it, or the entry's placeholder. With "" it is the only entry. The entry
// must be sensitive, and the only one with this label. If a dialog is open, the entry must be in
// the newest one. A "\n" at the end presses Return. In a task. Waits.
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

// Close acts as a click on the window's close button. In a task. Waits.
func (u *User) Close() {
	u.t.Helper()
	u.act("Close()", func() (func(), string) { return u.window.Close, "" })
}

// See waits until the window, or an open dialog, shows text: in a label, a button or an entry.
// All dialogs of the program count, not only the newest. It may be a whole text or a part, but
// only whole words. So "saved" is not found in "unsaved". In a task. Waits.
func (u *User) See(text string) {
	u.t.Helper()
	u.until(fmt.Sprintf("See(%q)", text), func() string {
		if !u.sees(text) {
			return "it is not there"
		}
		return ""
	})
}

// Gone waits until neither the window nor an open dialog shows text, in the sense of [User.See].
// In a task. Waits.
func (u *User) Gone(text string) {
	u.t.Helper()
	u.until(fmt.Sprintf("Gone(%q)", text), func() string {
		if u.sees(text) {
			return "it is still there"
		}
		return ""
	})
}

// WaitUntil waits until done returns true. done must change nothing. what names the condition in
// a failure. In a task. Waits.
func (u *User) WaitUntil(what string, done func() bool) {
	u.t.Helper()
	u.until(fmt.Sprintf("WaitUntil(%q)", what), func() string {
		if !done() {
			return "it has not happened"
		}
		return ""
	})
}

// front returns the window that gets clicks: the newest dialog, or the user's window.
func (u *User) front() *gtk.Window {
	if d := dialog(); d != nil {
		return d
	}
	return u.window
}

func (u *User) sees(text string) bool {
	for _, w := range append(dialogs(), u.window) {
		for _, e := range scan(w) {
			if _, item := e.widget.(interface{ GetSubmenu() (gtk.IMenu, error) }); !item && words.Contains(e.text, text) {
				return true
			}
		}
	}
	return false
}

// act runs the function that try returns, as soon as it returns one. The function runs outside
// all tasks, where a handler may run a nested loop. act returns when the function has returned,
// or has reached such a loop.
func (u *User) act(call string, try func() (do func(), why string)) {
	u.t.Helper()
	var do func()
	u.until(call, func() (why string) { do, why = try(); return why })
	g, _ := guest.FromContext(u.ctx)
	done := false
	g.Host().(host.Native).RunSyncSoonNative(func() { done = true; do() })
	u.until(call, func() string {
		if !done {
			return "the loop has not run it yet"
		}
		return ""
	})
}

// pause is the time between two looks.
const pause = 5 * time.Millisecond

// until calls try repeatedly until it returns "".
func (u *User) until(call string, try func() (why string)) {
	u.t.Helper()
	if _, ok := guest.CurrentTask(); !ok {
		panic("gtktest: " + call + " called outside a task; call it in Run's body or in one of its tasks")
	}
	// a user still sees the screen while the program quits
	ctx, cancel := context.WithTimeout(context.WithoutCancel(u.ctx), u.limit)
	defer cancel()
	for {
		why := try()
		if why == "" {
			return
		}
		if err := guest.Sleep(ctx, pause); err != nil {
			if why = try(); why == "" {
				return // it has happened, and has ended the loop
			}
			u.t.Fatalf("gtktest: %s: %s (for %v: %v); on the screen there is\n%s", call, why, u.limit, err, screen())
		}
	}
}
