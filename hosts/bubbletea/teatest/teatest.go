// Package teatest runs programs of teahost in virtual time, with a simulated user at the
// keyboard.
//
//	err := teatest.Run(t, hello, func(u *teatest.User) {
//		u.See("What is your name?")
//		u.Type("Ada\r")
//		u.See("Hello, Ada.")
//	})
package teatest

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/golodger/lodger/guest"
	teahost "github.com/golodger/lodger/hosts/bubbletea"
)

// Keys for Type.
const (
	Enter = "\r"
	Esc   = "\x1b"
	CtrlC = "\x03"
	Down  = "\x1b[B"
	Up    = "\x1b[A"
)

// A User types and reads the screen. Call its methods only on the goroutine of the function that
// got it.
type User struct {
	t    *testing.T
	keys io.Writer
	g    atomic.Pointer[guest.Guest]
	ui   *teahost.UI
	over chan struct{} // the program has ended
	last string
	end  string // the last screen of the program; set before over is closed
}

// patience is how long See waits, in virtual time.
const patience = time.Minute

// Run runs a program in a testing/synctest bubble, in virtual time, together with user. It
// returns the program's error when both have ended. If user returns first, the program goes on
// until it ends by itself. Waits, in virtual time.
func Run(t *testing.T, main func(ctx context.Context, ui *teahost.UI) error, user func(u *User)) (err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		in, keys := io.Pipe()
		u := &User{t: t, keys: keys, over: make(chan struct{})}
		left := make(chan struct{})
		go func() { defer close(left); user(u) }()
		err = teahost.Run(func(ctx context.Context, ui *teahost.UI) error {
			g, _ := guest.FromContext(ctx)
			u.ui = ui
			u.g.Store(g)
			return main(ctx, ui)
		}, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithoutSignalHandler(), tea.WithWindowSize(80, 24))
		if u.ui != nil {
			u.end = u.ui.Text()
		}
		close(u.over)
		in.Close() // a user that still types gets an error
		<-left
	})
	return err
}

// Type types text and waits until the program has read it. "\r" is Enter.
func (u *User) Type(text string) {
	if _, err := io.WriteString(u.keys, text); err != nil {
		u.t.Errorf("teatest: typed %q to a program that had ended", text)
	}
	time.Sleep(100 * time.Millisecond) // a pause after it marks a single Esc
}

// See waits until text is on the screen. If a minute of virtual time goes by, the test fails.
func (u *User) See(text string) {
	u.t.Helper()
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(10 * time.Millisecond) {
		if strings.Contains(u.Screen(), text) {
			return
		}
	}
	u.t.Errorf("teatest: %q did not appear; on the screen was:\n%s", text, u.last)
}

// Screen returns the text on the screen. If the program has ended, it is what the program showed
// at the end.
func (u *User) Screen() string {
	seen := make(chan string, 1)
	g := u.g.Load()
	if g == nil { // it has not begun
		return u.last
	}
	if g.Post(func() { seen <- u.ui.Text() }) != nil {
		seen = nil // it ends
	}
	select {
	case u.last = <-seen:
	case <-u.over:
		u.last = u.end
	}
	return u.last
}
