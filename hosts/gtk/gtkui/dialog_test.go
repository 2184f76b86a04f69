//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("dialogs", dialogs)
	stories.Add("clicked", clicked)
	stories.Add("chosen", chosen)
	stories.Add("read", read)
}

// story is what assert and require need of a test, in the process of a story.
type story struct{ failed bool }

func (s *story) Errorf(format string, args ...any) {
	s.failed = true
	screentest.Say(format, args...)
}

func (s *story) FailNow() { panic("a story's requirement is not met") }

// open returns the dialog that is open, or nil.
func open() (d *gtk.Dialog) {
	gtk.WindowListToplevels().Foreach(func(item any) {
		w := item.(*gtk.Window)
		if w.IsVisible() && w.GetTypeHint() == gdk.WINDOW_TYPE_HINT_DIALOG {
			d = &gtk.Dialog{Window: *w}
		}
	})
	return d
}

// dialogs plays with all kinds: each is asked in a task, and answered or cancelled by another.
func dialogs() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("dialogs", must(gtk.LabelNew("content")))
		// asking starts ask as a task and returns once its dialog is open.
		asking := func(ask func(ctx context.Context) (any, error)) (*guest.Future[any], *gtk.Dialog) {
			f := guest.Async(ctx, ask)
			for {
				if d := open(); d != nil {
					return f, d
				}
				require.NoError(s, guest.Sleep(ctx, time.Millisecond))
			}
		}
		answered := func(r gtk.ResponseType, want any, ask func(ctx context.Context) (any, error)) {
			f, d := asking(ask)
			d.Response(r)
			got, err := f.Wait(ctx)
			assert.NoError(s, err)
			assert.Equal(s, want, got)
			assert.Nil(s, open())
		}
		dir, err := os.MkdirTemp("", "gtkui")
		require.NoError(s, err)
		defer os.RemoveAll(dir)
		file := filepath.Join(dir, "file")
		require.NoError(s, os.WriteFile(file, nil, 0o600))
		entry := must(gtk.EntryNew())

		confirm := func(ctx context.Context) (any, error) { return gtkui.Confirm(ctx, w, "Sure?", "100% sure?") }
		inform := func(ctx context.Context) (any, error) { return nil, gtkui.Inform(ctx, w, "Done", "All of it.") }
		showError := func(ctx context.Context) (any, error) { return nil, gtkui.ShowError(ctx, nil, errors.New("no")) }
		choose := func(ctx context.Context) (any, error) {
			return gtkui.Choose(ctx, w, "Save?", "There are changes.", "Save", "Discard", "Cancel")
		}
		prompt := func(ctx context.Context) (any, error) {
			text, ok, err := gtkui.Prompt(ctx, w, "Name", "Your name", "Ada")
			if !ok {
				return nil, err
			}
			return text, err
		}
		custom := func(ctx context.Context) (any, error) {
			return gtkui.Custom(ctx, w, "Custom", "Go", "Stop", entry, nil)
		}
		one := func(ctx context.Context) (any, error) { return gtkui.Custom(ctx, w, "Custom", "Go", "", entry, nil) }
		openFile := func(ctx context.Context) (any, error) {
			return gtkui.OpenFile(ctx, w, func(d *gtk.FileChooserNativeDialog) { d.SetFilename(file) })
		}
		saveFile := func(ctx context.Context) (any, error) {
			return gtkui.SaveFile(ctx, w, func(d *gtk.FileChooserNativeDialog) { d.SetCurrentFolder(dir); d.SetCurrentName("new") })
		}
		openFolder := func(ctx context.Context) (any, error) {
			return gtkui.OpenFolder(ctx, w, func(d *gtk.FileChooserNativeDialog) { d.SetFilename(dir) })
		}
		runDialog := func(ctx context.Context) (any, error) {
			d := must(gtk.DialogNew())
			defer d.Destroy()
			return gtkui.RunDialog(ctx, d)
		}
		answered(gtk.RESPONSE_YES, true, confirm)
		answered(gtk.RESPONSE_NO, false, confirm)
		answered(gtk.RESPONSE_DELETE_EVENT, false, confirm)
		for i := range 3 {
			answered(gtk.ResponseType(i), i, choose)
		}
		answered(gtk.RESPONSE_DELETE_EVENT, -1, choose)
		assert.PanicsWithValue(s, "gtkui: Choose called without options; pass the texts of the buttons",
			func() { _, _ = gtkui.Choose(ctx, w, "Save?", "") })
		answered(gtk.RESPONSE_OK, nil, inform)
		answered(gtk.RESPONSE_OK, nil, showError)
		answered(gtk.RESPONSE_ACCEPT, "Ada", prompt)
		answered(gtk.RESPONSE_CANCEL, nil, prompt)
		answered(gtk.RESPONSE_ACCEPT, true, custom)
		answered(gtk.RESPONSE_CANCEL, false, custom)
		answered(gtk.RESPONSE_ACCEPT, true, one)
		assert.PanicsWithValue(s, "gtkui: Custom called without content; pass a widget, or use Confirm",
			func() { _, _ = gtkui.Custom(ctx, w, "Custom", "Go", "Stop", nil, nil) })
		contained := must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 0))
		within := must(gtk.LabelNew("within"))
		contained.Add(within)
		assert.PanicsWithValue(s, "gtkui: Custom called with content that is in a container; remove it from there first",
			func() { _, _ = gtkui.Custom(ctx, w, "Custom", "Go", "Stop", within, nil) })
		answered(gtk.RESPONSE_OK, gtk.RESPONSE_OK, runDialog)
		for _, c := range []struct {
			ask   func(ctx context.Context) (any, error)
			want  string
			title string
		}{{openFile, file, "Open"}, {saveFile, filepath.Join(dir, "new"), "Save"}, {openFolder, dir, "Choose a Folder"}} {
			f, d := asking(c.ask)
			assert.Equal(s, c.title, must(d.GetTitle()))
			require.NoError(s, guest.Sleep(ctx, 500*time.Millisecond)) // it reads the folder
			d.Response(gtk.RESPONSE_ACCEPT)
			got, err := f.Wait(ctx)
			assert.NoError(s, err)
			assert.Equal(s, c.want, got)
			answered(gtk.RESPONSE_CANCEL, "", c.ask)
		}

		for _, ask := range []func(ctx context.Context) (any, error){
			confirm, choose, inform, showError, prompt, custom, one, openFile, saveFile, openFolder, runDialog,
		} {
			over := guest.NewFuture[error]()
			task := guest.Go(ctx, func(ctx context.Context) error {
				_, err := ask(ctx)
				assert.Nil(s, open(), "a cancelled task has left its dialog")
				_, again := ask(ctx)
				assert.ErrorIs(s, again, context.Canceled)
				over.Resolve(err)
				return nil
			})
			for open() == nil {
				require.NoError(s, guest.Sleep(ctx, time.Millisecond))
			}
			boom := errors.New("boom")
			task.Cancel(boom)
			err, _ := over.Wait(ctx)
			assert.ErrorIs(s, err, context.Canceled)
			assert.ErrorIs(s, err, boom)
			require.NoError(s, task.Wait(ctx))
		}

		// A dialog that is destroyed without an answer is a window that was closed.
		for _, ask := range []func(context.Context, gtkui.Dialog) (gtk.ResponseType, error){gtkui.Ask, gtkui.RunDialog} {
			d := must(gtk.DialogNew())
			f := guest.Async(ctx, func(ctx context.Context) (gtk.ResponseType, error) { return ask(ctx, d) })
			for open() == nil {
				require.NoError(s, guest.Sleep(ctx, time.Millisecond))
			}
			d.Destroy()
			r, err := f.Wait(ctx)
			assert.Equal(s, guest.ErrWindowClosed, err)
			assert.Equal(s, gtk.RESPONSE_NONE, r)

			// and one that is destroyed already would never answer
			_, err = ask(ctx, d)
			assert.EqualError(s, err, "gtkui: the dialog has been destroyed; make a new one: guest: the window was closed")
			assert.True(s, guest.IsQuit(err))
		}
		assert.NoError(s, gtkui.ShowError(ctx, w, nil))

		// An answer that comes with the end counts.
		d := must(gtk.DialogNew())
		f := guest.Async(ctx, func(ctx context.Context) (gtk.ResponseType, error) { return gtkui.Ask(ctx, d) })
		require.NoError(s, guest.Yield(ctx))
		d.Response(gtk.RESPONSE_YES)
		d.Destroy()
		r, err := f.Wait(ctx)
		assert.NoError(s, err)
		assert.Equal(s, gtk.RESPONSE_YES, r)

		// A dialog goes with its window; nor is one shown for a window that has gone. The
		// program's own cancellation comes first.
		for _, ask := range []func(ctx context.Context, w *gtk.Window) error{
			func(ctx context.Context, w *gtk.Window) error { _, err := gtkui.Confirm(ctx, w, "", ""); return err },
			func(ctx context.Context, w *gtk.Window) error {
				i, err := gtkui.Choose(ctx, w, "", "", "a", "b")
				assert.Equal(s, -1, i)
				return err
			},
			func(ctx context.Context, w *gtk.Window) error { return gtkui.Inform(ctx, w, "", "") },
			func(ctx context.Context, w *gtk.Window) error { return gtkui.ShowError(ctx, w, errors.New("no")) },
			func(ctx context.Context, w *gtk.Window) error {
				text, ok, err := gtkui.Prompt(ctx, w, "", "", "")
				assert.Empty(s, text)
				assert.False(s, ok)
				return err
			},
			func(ctx context.Context, w *gtk.Window) error {
				ok, err := gtkui.Custom(ctx, w, "", "a", "b", must(gtk.EntryNew()), nil)
				assert.False(s, ok)
				return err
			},
			func(ctx context.Context, w *gtk.Window) error {
				ok, err := gtkui.Custom(ctx, w, "", "a", "", must(gtk.EntryNew()), nil)
				assert.False(s, ok)
				return err
			},
			func(ctx context.Context, w *gtk.Window) error {
				_, ok, err := gtkui.Busy(ctx, w, "", func(ctx context.Context, _ func(float64, string)) (int, error) {
					<-ctx.Done()
					return 0, ctx.Err()
				})
				assert.False(s, ok)
				return err
			},
			func(ctx context.Context, w *gtk.Window) error { _, err := gtkui.OpenFile(ctx, w, nil); return err },
			func(ctx context.Context, w *gtk.Window) error { _, err := gtkui.SaveFile(ctx, w, nil); return err },
			func(ctx context.Context, w *gtk.Window) error { _, err := gtkui.OpenFolder(ctx, w, nil); return err },
		} {
			parent := newWindow("parent", must(gtk.LabelNew("parent")))
			f := guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, ask(ctx, parent) })
			for open() == nil {
				require.NoError(s, guest.Sleep(ctx, time.Millisecond))
			}
			parent.Destroy()
			_, err := f.Wait(ctx)
			assert.Equal(s, guest.ErrWindowClosed, err)
			assert.Equal(s, guest.ErrWindowClosed, ask(ctx, parent))
			quit, cancel := context.WithCancelCause(ctx)
			cancel(guest.ErrQuit)
			assert.ErrorIs(s, ask(quit, parent), guest.ErrQuit)
		}
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestDialogs(t *testing.T) {
	text := screentest.Start(t, "dialogs").Ended(0)
	require.Contains(t, text, "<nil> false\n")
	require.NotContains(t, text, "CRITICAL")
	require.NotContains(t, text, "GLib-GObject-WARNING")
}

// clicked asks for a text and lets the user type it.
func clicked() int {
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("clicked", must(gtk.LabelNew("content")))
		guest.Go(ctx, func(ctx context.Context) error {
			for open() == nil {
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			screentest.Say("open")
			return nil
		})
		text, ok, err := gtkui.Prompt(ctx, w, "asked", "Your name", "")
		screentest.Say("%q %v", text, ok)
		return err
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestPromptTakesWhatIsTyped(t *testing.T) {
	p := screentest.Start(t, "clicked")
	p.Hear("open")
	id := screentest.Window(t, "asked")
	screentest.Xdotool(t, "windowfocus", "--sync", id)
	screentest.Xdotool(t, "type", "Ada")
	screentest.Xdotool(t, "key", "Return")
	require.Equal(t, "open\n\"Ada\" true\n<nil>\n", p.Ended(0))
}

// chosen asks a question that the user answers by a key.
func chosen() int {
	err := gtkui.Run(func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			for d := open(); d == nil; d = open() {
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			open().SetTitle("chosen")
			screentest.Say("open")
			return nil
		})
		i, err := gtkui.Choose(ctx, nil, "Save?", "There are changes.", "_Save", "_Discard", "_Cancel")
		screentest.Say("%d", i)
		return err
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestChooseIsAnsweredByKeys(t *testing.T) {
	for key, want := range map[string]string{"Return": "0", "alt+d": "1", "Escape": "-1"} {
		t.Run(key, func(t *testing.T) {
			p := screentest.Start(t, "chosen")
			p.Hear("open")
			screentest.Xdotool(t, "windowfocus", "--sync", screentest.Window(t, "chosen"))
			screentest.Xdotool(t, "key", key)
			require.Equal(t, "open\n"+want+"\n<nil>\n", p.Ended(0))
		})
	}
}

// read asks twice with one dialog, and reads it after each response.
func read() int {
	err := gtkui.Run(func(ctx context.Context) error {
		d, entry := must(gtk.DialogNew()), must(gtk.EntryNew())
		d.SetTitle("read")
		area := must(d.GetContentArea())
		area.Add(entry)
		area.ShowAll()
		for i := range 2 {
			d.Connect("map", func() { screentest.Say("open %d", i) })
			r, err := gtkui.Ask(ctx, d)
			screentest.Say("%v %v %q", r == gtk.RESPONSE_DELETE_EVENT, err, must(entry.GetText()))
		}
		// nothing keeps it any more from what it would do on its own
		gone := false
		d.Connect("destroy", func() { gone = true })
		d.Show()
		d.Close()
		for !gone {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		screentest.Say("gone")
		return nil
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestDialogThatTheUserClosesCanBeReadAndAskedAgain(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, id string){
		"the close button": func(t *testing.T, id string) { screentest.CloseWindow(t, id) },
		"Escape":           func(t *testing.T, _ string) { screentest.Xdotool(t, "key", "Escape") },
	} {
		t.Run(name, func(t *testing.T) {
			p := screentest.Start(t, "read")
			for i := range 2 {
				p.Hear(fmt.Sprintf("open %d", i))
				id := screentest.Window(t, "read")
				screentest.Xdotool(t, "windowfocus", "--sync", id)
				screentest.Xdotool(t, "type", "Ada")
				end(t, id)
			}
			text := p.Ended(0)
			require.Contains(t, text, "true <nil> \"Ada\"\n")
			require.Contains(t, text, "true <nil> \"AdaAda\"\n")
			require.Contains(t, text, "gone\n<nil>\n")
			require.NotContains(t, text, "CRITICAL")
		})
	}
}
