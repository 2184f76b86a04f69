package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/internal/windowtest"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(program().Stories())
	m.Run()
}

func program() *windowtest.Program {
	var a fyne.App
	return &windowtest.Program{
		Run: func(main func(ctx context.Context) error) error {
			a = app.NewWithID("test")
			return fynehost.Run(a, main, nil)
		},
		Open: func(ctx context.Context, folder string) (*windowtest.Window, error) {
			s, v := open(ctx, a, []string{folder})
			return &windowtest.Window{
				Session: s,
				Status:  func() string { return v.status.Text },
				Listed:  func() int { return v.groups.list.Length() },
			}, nil
		},
		X: "912", Y: "22",
	}
}

func TestWindow(t *testing.T) { program().Test(t) }

func TestTerminatedInTheMiddle(t *testing.T) {
	p := windowtest.Watched(t)
	require.NoError(t, p.Signal(os.Interrupt))
	p.Ended(0)
}

// The rest needs no screen.

func TestSearchShowsGroupsAndNotes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"one": "equal", "two": "equal", "three": "more, equal", "four": "more, equal", "five": "other"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	require.NoError(t, os.Symlink("one", filepath.Join(dir, "link")))
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		_, v := open(ctx, a, []string{dir})
		u := fynetest.NewUser(ctx, t, v.window)
		u.See("2 groups, 16 B wasted")
		u.See("5 files searched")
		u.See("1 note")
		u.See("2 equal files of 11 B")
		u.Tap("2 files of 5 B")
		u.See("2 equal files of 5 B")
		require.True(t, v.cancel.Disabled())
		require.Equal(t, "one", v.short(filepath.Join(dir, "one")))
	}, nil)
}

func TestFolderThatIsNotThere(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		_, v := open(ctx, a, []string{filepath.Join(t.TempDir(), "missing")})
		u := fynetest.NewUser(ctx, t, v.window)
		u.Answer("OK")
		u.See("1 note")
	}, nil)
}

func TestChosenFolderIsSearched(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir) // where the dialog begins
	for _, name := range []string{"one", "two"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("equal"), 0o600))
	}
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		_, v := open(ctx, a, nil)
		u := fynetest.NewUser(ctx, t, v.window)
		u.Tap("Choose folder…")
		u.Answer("Cancel")
		u.See("No folder chosen")
		u.Tap("Choose folder…")
		u.Answer("Open")
		u.See("2 equal files of 5 B")
	}, nil)
}

// In virtual time a user would wait until all is hashed, before the click.
func TestCloseInTheMiddleWithoutAScreen(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		s, v := open(ctx, a, []string{windowtest.Slow(t)})
		fynetest.NewUser(ctx, t, v.window).Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
		_ = s.Search.Wait(context.WithoutCancel(ctx))
		require.True(t, s.Result.Cancelled)
	}, &guesttest.Options{RealTime: true})
}
