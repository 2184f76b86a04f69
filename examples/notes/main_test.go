package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(screentest.Stories{"notes": func() int { main(); return 0 }})
	m.Run()
}

// A user before the first note.
type user struct {
	*fynetest.User
	*note
}

func play(t *testing.T, story func(ctx context.Context, u user)) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		n := newProgram(ctx, a).openNote(lastNote(a))
		story(ctx, user{fynetest.NewUser(ctx, t, n.window), n})
		a.Quit()
	}, nil)
}

// write writes a text.
func (u user) write(text string) { u.Type("Write something", text) }

// disk is what the disk has.
func (u user) disk() map[string]string { return u.program.disk.read() }

// closed waits for the end of the program: its last window has been closed.
func closed(ctx context.Context, t *testing.T) {
	require.ErrorIs(t, guest.Park(ctx), guest.ErrHostGone)
}

func TestNoteIsSavedOneSecondAfterTheLastKey(t *testing.T) {
	really := time.Now()
	play(t, func(ctx context.Context, u user) {
		for n := range 120 { // a minute of typing without a pause
			u.write(strings.Repeat("x", n+1))
			require.NoError(t, guest.Sleep(ctx, pause/2))
		}
		require.Empty(t, u.disk())
		u.See("unsaved")
		began := time.Now()
		u.Gone("unsaved")
		require.Equal(t, pause/2, time.Since(began))
		u.See("saving…")
		u.Gone("saving…")
		require.Equal(t, pause/2+slowness, time.Since(began))
		u.See("saved")
		require.Equal(t, map[string]string{"Note 1": strings.Repeat("x", 120)}, u.disk())
	})
	require.Less(t, time.Since(really), 30*time.Second)
}

func TestTypingDoesNotBreakOffASave(t *testing.T) {
	play(t, func(ctx context.Context, u user) {
		u.write("one")
		u.See("saving…")
		u.write("two")
		u.See("unsaved")
		u.WaitUntil("the first text is on the disk", func() bool { return u.disk()["Note 1"] == "one" })
		u.See("unsaved")
		u.Gone("unsaved")
		u.Gone("saving…")
		require.Equal(t, map[string]string{"Note 1": "two"}, u.disk())
	})
}

func TestSavedNoteClosesUnasked(t *testing.T) {
	play(t, func(ctx context.Context, u user) {
		u.write("milk")
		u.See("saving…")
		u.Close() // the save comes to its end first
		closed(ctx, t)
		require.Equal(t, map[string]string{"Note 1": "milk"}, u.disk())
	})
}

func TestCloseAndSave(t *testing.T) {
	play(t, func(ctx context.Context, u user) {
		u.write("milk")
		u.Close()
		u.Answer("Save")
		closed(ctx, t)
		require.Equal(t, map[string]string{"Note 1": "milk"}, u.disk())
	})
}

func TestCloseAndDiscard(t *testing.T) {
	play(t, func(ctx context.Context, u user) {
		u.write("milk")
		u.Close()
		require.NoError(t, guest.Sleep(ctx, time.Minute)) // the user thinks
		require.Empty(t, u.disk())
		u.Answer("Discard")
		closed(ctx, t)
		require.Empty(t, u.disk())
		require.Empty(t, lastNote(u.program.app))
	})
}

func TestCloseAndCancel(t *testing.T) {
	play(t, func(ctx context.Context, u user) {
		u.write("milk")
		u.Close()
		u.Answer("Cancel")
		u.See("unsaved")
		u.Gone("unsaved") // the auto-save continues
		u.Gone("saving…")
		require.Equal(t, map[string]string{"Note 1": "milk"}, u.disk())
		u.Close()
		closed(ctx, t)
	})
}

func TestFullDiskKeepsTheWindow(t *testing.T) {
	play(t, func(ctx context.Context, u user) {
		u.Tap("The disk is full")
		u.write("milk")
		u.See("not saved: the disk is full") // in the status line
		u.Close()
		u.Answer("Save")
		u.Answer("OK") // the same, in a dialog
		u.See("milk")
		u.See("not saved")
		require.Empty(t, u.disk())

		u.Tap("The disk is full") // no more
		u.Close()
		u.Answer("Save")
		closed(ctx, t)
		require.Equal(t, map[string]string{"Note 1": "milk"}, u.disk())
	})
}

func TestTwoWindows(t *testing.T) {
	play(t, func(ctx context.Context, u user) {
		u.write("milk")
		u.Tap("New note")
		windows := u.program.app.Driver().AllWindows()
		second := fynetest.NewUser(ctx, t, windows[len(windows)-1])
		second.Type("Write something", "bread")
		second.Tap("The disk is full")
		require.True(t, u.program.disk.full.Get())
		second.Tap("The disk is full")

		u.Close()
		u.Answer("Discard")
		second.See("unsaved") // it lives on, and saves
		second.Gone("unsaved")
		second.Gone("saving…")
		require.Equal(t, map[string]string{"Note 2": "bread"}, u.disk())
		second.Close()
		closed(ctx, t)
	})
}

func TestLastTextIsThereAgain(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		a.Preferences().SetString(last, "from the last time")
		n := newProgram(ctx, a).openNote(lastNote(a))
		u := user{fynetest.NewUser(ctx, t, n.window), n}
		u.See("from the last time")
		u.write("saved now")
		u.See("saving…")
		u.Gone("saving…")
		require.Equal(t, "saved now", lastNote(a))

		u.write("on the way")
		a.Quit() // as by Ctrl-C
		closed(ctx, t)
		require.NoError(t, guest.Cleanup(ctx, func(context.Context) { require.Equal(t, "on the way", lastNote(a)) }))
	}, nil)
}

func TestOnAScreen(t *testing.T) {
	p := screentest.Start(t, "notes", "XDG_CONFIG_HOME="+t.TempDir())
	w := screentest.Window(t, "Note 1")
	screentest.CloseWindow(t, w)
	p.Ended(0)
}
