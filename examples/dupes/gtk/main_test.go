//go:build cgo

package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/internal/windowtest"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("NO_AT_BRIDGE", "1")
	stories := program().Stories()
	stories.Add("shown", shown)
	stories.Add("missing", missing)
	screentest.Main(stories)
	m.Run()
}

func program() *windowtest.Program {
	return &windowtest.Program{
		Run: func(main func(ctx context.Context) error) error { return gtkui.Run(main, nil) },
		Open: func(ctx context.Context, folder string) (*windowtest.Window, error) {
			s, v, err := open(ctx, []string{folder})
			if err != nil {
				return nil, err
			}
			return &windowtest.Window{
				Session: s,
				Status:  func() string { text, _ := v.status.GetText(); return text },
				Listed:  func() int { return v.groupList.IterNChildren(nil) },
			}, nil
		},
		X: "920", Y: "28",
	}
}

func TestWindow(t *testing.T) { program().Test(t) }

// shown says what the window shows at the end of a search, and after another group was chosen.
func shown() int {
	return program().InApp(func(ctx context.Context, folder string) error {
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
	text := screentest.Start(t, "shown", windowtest.FolderEnv+"="+dir).Ended(0)
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
	return program().InApp(func(ctx context.Context, folder string) error {
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
	p := screentest.Start(t, "missing", windowtest.FolderEnv+"="+filepath.Join(t.TempDir(), "missing"))
	require.Contains(t, p.Ended(0), "1 note\n")
}
