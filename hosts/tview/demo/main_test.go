package main

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	tviewhost "github.com/golodger/lodger/hosts/tview"
)

// A user types and reads a simulated screen.
type user struct {
	t      *testing.T
	screen tcell.SimulationScreen
	g      atomic.Pointer[guest.Guest]
	last   string
}

// text reads the screen on the UI thread, because the screen's cells have no lock.
func (u *user) text() string {
	seen := make(chan string, 1)
	if g := u.g.Load(); g != nil && g.Post(func() { seen <- u.cells() }) == nil {
		u.last = <-seen
	}
	return u.last
}

func (u *user) cells() string {
	cells, width, _ := u.screen.GetContents()
	var b strings.Builder
	for i, cell := range cells {
		if b.WriteString(string(cell.Runes)); i%width == width-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (u *user) see(text string) {
	u.t.Helper()
	for range 1000 {
		if strings.Contains(u.text(), text) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	u.t.Errorf("%q did not appear in:\n%s", text, u.text())
}

func (u *user) types(text string) {
	for _, r := range text {
		u.screen.InjectKey(tcell.KeyRune, r, 0)
		time.Sleep(50 * time.Millisecond)
	}
}

// play runs the program and a story together in virtual time.
func play(t *testing.T, story func(u *user)) {
	synctest.Test(t, func(t *testing.T) {
		u := &user{t: t, screen: tcell.NewSimulationScreen("UTF-8")}
		app := tview.NewApplication().SetScreen(u.screen)
		over, left := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(left)
			story(u)
			select {
			case <-over:
			case <-time.After(time.Minute):
				u.t.Error("the program has not ended")
				u.screen.InjectKey(tcell.KeyCtrlC, 0, 0)
			}
		}()
		require.NoError(t, tviewhost.Run(app, func(ctx context.Context) error {
			g, _ := guest.FromContext(ctx)
			u.g.Store(g)
			return window(ctx, app)
		}, nil))
		close(over)
		<-left
	})
}

func TestOlderAnswerNeverShows(t *testing.T) {
	play(t, func(u *user) {
		u.see("Type part of a name.")
		u.types("s")
		u.see("asking the server")
		u.types("w")
		u.see(`with "sw"`)
		u.see("swallow")
		require.NotContains(u.t, u.text(), "sparrow")
		u.screen.InjectKey(tcell.KeyEscape, 0, 0)
		u.see("Leave the birds?")
		u.screen.InjectKey(tcell.KeyEscape, 0, 0)
		time.Sleep(time.Second)
		require.NotContains(u.t, u.text(), "Leave the birds?")
		u.screen.InjectKey(tcell.KeyEscape, 0, 0)
		u.see("Leave the birds?")
		u.screen.InjectKey(tcell.KeyEnter, 0, 0)
	})
}

func TestCtrlCEndsInOrder(t *testing.T) {
	play(t, func(u *user) {
		u.see("Type part of a name.")
		u.types("s")
		u.see("asking the server")
		u.screen.InjectKey(tcell.KeyCtrlC, 0, 0)
	})
}
