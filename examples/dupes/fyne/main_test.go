package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/screentest"
)

const folderEnv = "DUPES_FOLDER"

func TestMain(m *testing.M) {
	screentest.Main(map[string]func() int{"same": same, "watched": watched})
	m.Run()
}

func inApp(main func(ctx context.Context, a fyne.App, folder string) error) int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error { return main(ctx, a, os.Getenv(folderEnv)) }, nil)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

// same searches in the window, and then headless, and compares.
func same() int {
	return inApp(func(ctx context.Context, a fyne.App, folder string) error {
		s, _ := open(ctx, a, []string{folder})
		if err := s.Search.Wait(ctx); err != nil {
			return err
		}
		want, err := guest.Background(ctx, func(context.Context) (*finder.Result, error) {
			return headless.Run(func(ctx context.Context) (*finder.Result, error) {
				return finder.Run(ctx, []string{folder}, nil)
			}, nil)
		})
		if err != nil {
			return err
		}
		screentest.Say("%d groups, equal: %t", len(want.Groups), reflect.DeepEqual(want.Groups, s.Result.Groups))
		return nil
	})
}

// watched says whenever the status begins with another word.
func watched() int {
	return inApp(func(ctx context.Context, a fyne.App, folder string) error {
		_, v := open(ctx, a, []string{folder})
		said := ""
		for guest.Sleep(ctx, time.Millisecond) == nil {
			if word, _, _ := strings.Cut(v.status.Text, " "); word != said {
				said = word
				screentest.Say("%s", said)
			}
		}
		return nil
	})
}

func TestWindowFindsWhatTheHeadlessProgramFinds(t *testing.T) {
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	p := screentest.Start(t, "same", folderEnv+"="+filepath.Join(strings.TrimSpace(string(root)), "src"))
	text := p.Ended(0)
	require.Contains(t, text, "groups, equal: true")
	require.NotContains(t, text, "\n0 groups")
}

// slow makes a folder whose search takes a while: large equal files that take no room.
func slow(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c", "d"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
		require.NoError(t, os.Truncate(filepath.Join(dir, name), 4<<30))
	}
	return dir
}

func TestCancelInTheMiddle(t *testing.T) {
	p := screentest.Start(t, "watched", folderEnv+"="+slow(t))
	w := screentest.Window(t, "Dupes")
	p.Hear("Comparing")
	p.ClickUntil("Cancelled;", w, "912", "22")
	screentest.CloseWindow(t, w)
	p.Ended(0)
}

func TestCloseInTheMiddle(t *testing.T) {
	p := screentest.Start(t, "watched", folderEnv+"="+slow(t))
	w := screentest.Window(t, "Dupes")
	p.Hear("Comparing")
	screentest.CloseWindow(t, w)
	p.Ended(0)
}

func TestTerminatedInTheMiddle(t *testing.T) {
	p := screentest.Start(t, "watched", folderEnv+"="+slow(t))
	p.Hear("Comparing")
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
		s, v := open(ctx, a, []string{slow(t)})
		fynetest.NewUser(ctx, t, v.window).Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
		_ = s.Search.Wait(context.WithoutCancel(ctx))
		require.True(t, s.Result.Cancelled)
	}, &guesttest.Options{RealTime: true})
}
