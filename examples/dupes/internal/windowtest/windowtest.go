// Package windowtest is what the tests of both windows share: on a screen, each finds what the
// headless program finds, and can be cancelled and closed in the middle.
package windowtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/dupes/session"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/screentest"
)

// FolderEnv names the folder in which a story searches.
const FolderEnv = "DUPES_FOLDER"

// A Program is one with a window.
type Program struct {
	Run  func(main func(ctx context.Context) error) error
	Open func(ctx context.Context, folder string) (*Window, error)
	// X and Y are where its button to cancel is.
	X, Y string
}

// A Window is one that searches.
type Window struct {
	Session *session.Session
	Status  func() string
	Listed  func() int // groups
}

// InApp plays main, as a story.
func (p *Program) InApp(main func(ctx context.Context, folder string) error) int {
	err := p.Run(func(ctx context.Context) error { return main(ctx, os.Getenv(FolderEnv)) })
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

// Stories are those that Test plays, for screentest.Main.
func (p *Program) Stories() screentest.Stories {
	return screentest.Stories{
		"same":    func() int { return p.InApp(p.same) },
		"watched": func() int { return p.InApp(p.watched) },
	}
}

// same searches in the window, and then headless, and compares.
func (p *Program) same(ctx context.Context, folder string) error {
	w, err := p.Open(ctx, folder)
	if err != nil {
		return err
	}
	if err := w.Session.Search.Wait(ctx); err != nil {
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
	screentest.Say("%d groups, equal: %t, listed: %t", len(want.Groups), reflect.DeepEqual(want.Groups, w.Session.Result.Groups),
		w.Listed() == len(want.Groups))
	return nil
}

// watched says whenever the status begins with another word.
func (p *Program) watched(ctx context.Context, folder string) error {
	w, err := p.Open(ctx, folder)
	said := ""
	for err == nil && guest.Sleep(ctx, time.Millisecond) == nil {
		if word, _, _ := strings.Cut(w.Status(), " "); word != said {
			said = word
			screentest.Say("%s", said)
		}
	}
	return err
}

// Watched begins the story "watched" with a search that takes a while, and waits until it is in
// the middle.
func Watched(t *testing.T) *screentest.Player {
	t.Helper()
	p := screentest.Start(t, "watched", FolderEnv+"="+Slow(t))
	p.Hear("Comparing")
	return p
}

// Test plays the stories.
func (p *Program) Test(t *testing.T) {
	t.Run("finds what the headless program finds", func(t *testing.T) {
		root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
		require.NoError(t, err)
		source := filepath.Join(strings.TrimSpace(string(root)), "src")
		text := screentest.Start(t, "same", FolderEnv+"="+source).Ended(0)
		require.Contains(t, text, "groups, equal: true, listed: true")
		require.NotContains(t, "\n"+text, "\n0 groups")
	})
	t.Run("cancel in the middle", func(t *testing.T) {
		player := Watched(t)
		w := screentest.Window(t, "Dupes")
		player.ClickUntil("Cancelled;", w, p.X, p.Y)
		screentest.CloseWindow(t, w)
		player.Ended(0)
	})
	t.Run("close in the middle", func(t *testing.T) {
		player := Watched(t)
		screentest.CloseWindow(t, screentest.Window(t, "Dupes"))
		player.Ended(0)
	})
}

// Slow makes a folder whose search takes a while: large equal files that take no room.
func Slow(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c", "d"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
		require.NoError(t, os.Truncate(filepath.Join(dir, name), 4<<30))
	}
	return dir
}
