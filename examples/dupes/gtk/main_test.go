//go:build cgo

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

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/screentest"
)

const folderEnv = "DUPES_FOLDER"

func TestMain(m *testing.M) {
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("NO_AT_BRIDGE", "1")
	screentest.Main(map[string]func() int{"same": same, "watched": watched, "shown": shown, "missing": missing})
	m.Run()
}

func inApp(main func(ctx context.Context, folder string) error) int {
	err := gtkui.Run(func(ctx context.Context) error { return main(ctx, os.Getenv(folderEnv)) }, nil)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

// same searches in the window, and then headless, and compares.
func same() int {
	return inApp(func(ctx context.Context, folder string) error {
		s, v, err := open(ctx, []string{folder})
		if err != nil {
			return err
		}
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
		screentest.Say("%d groups, equal: %t, listed: %t", len(want.Groups), reflect.DeepEqual(want.Groups, s.Result.Groups),
			v.groupList.IterNChildren(nil) == len(want.Groups))
		return nil
	})
}

// watched says whenever the status begins with another word.
func watched() int {
	return inApp(func(ctx context.Context, folder string) error {
		_, v, err := open(ctx, []string{folder})
		said := ""
		for err == nil && guest.Sleep(ctx, time.Millisecond) == nil {
			text, _ := v.status.GetText()
			if word, _, _ := strings.Cut(text, " "); word != said {
				said = word
				screentest.Say("%s", said)
			}
		}
		return err
	})
}

func TestWindowFindsWhatTheHeadlessProgramFinds(t *testing.T) {
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	p := screentest.Start(t, "same", folderEnv+"="+filepath.Join(strings.TrimSpace(string(root)), "src"))
	text := p.Ended(0)
	require.Contains(t, text, "groups, equal: true, listed: true")
	require.NotContains(t, "\n"+text, "\n0 groups")
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
	p.ClickUntil("Cancelled;", w, "920", "28")
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

// shown says what the window shows at the end of a search, and after another group was chosen.
func shown() int {
	return inApp(func(ctx context.Context, folder string) error {
		s, v, err := open(ctx, []string{folder})
		if err != nil {
			return err
		}
		if err := s.Search.Wait(ctx); err != nil {
			return err
		}
		for i, l := range []*gtk.Label{v.summary, v.status, v.noteTitle, v.detail} {
			text, err := l.GetText()
			if err != nil {
				return err
			}
			screentest.Say("%d: %s", i, text)
		}
		path, err := gtk.TreePathNewFromIndicesv([]int{1})
		if err != nil {
			return err
		}
		v.groupView.SetCursor(path, nil, false)
		text, err := v.detail.GetText()
		screentest.Say("then: %s, %d listed", text, v.fileList.IterNChildren(nil))
		screentest.Say("notes %t, choose %t, cancel %t", v.notePanel.GetVisible(), v.choose.GetSensitive(), v.cancel.GetSensitive())
		return err
	})
}

func TestSearchShowsGroupsAndNotes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"one": "equal", "two": "equal", "three": "more, equal", "four": "more, equal", "five": "other"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	require.NoError(t, os.Symlink("one", filepath.Join(dir, "link")))
	text := screentest.Start(t, "shown", folderEnv+"="+dir).Ended(0)
	for _, want := range []string{
		"0: 2 groups, 16 B wasted", "1: 5 files searched", "2: 1 note", "3: 2 equal files of 11 B",
		"then: 2 equal files of 5 B", ", 2 listed", "notes true, choose true, cancel false",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "CRITICAL")
}

// missing closes the dialog that says what is wrong.
func missing() int {
	return inApp(func(ctx context.Context, folder string) error {
		s, v, err := open(ctx, []string{folder})
		if err != nil {
			return err
		}
		for closed := false; !closed; {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
			gtk.WindowListToplevels().Foreach(func(item any) {
				if w := item.(*gtk.Window); w.Native() != v.window.Native() && w.IsVisible() {
					w.Close()
					closed = true
				}
			})
		}
		if err := s.Search.Wait(ctx); err != nil {
			return err
		}
		text, err := v.noteTitle.GetText()
		screentest.Say("%s", text)
		return err
	})
}

func TestFolderThatIsNotThere(t *testing.T) {
	p := screentest.Start(t, "missing", folderEnv+"="+filepath.Join(t.TempDir(), "missing"))
	require.Contains(t, p.Ended(0), "1 note\n")
}
