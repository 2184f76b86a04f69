//go:build cgo

package gtkui_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("closed windows", closedWindows)
	stories.Add("closed window's menu", closedWindowsMenu)
}

// letGo collects until gotk3 has let go of o, on the UI thread.
func letGo(ctx context.Context, o weak.Pointer[glib.Object]) error {
	for gone := false; o.Value() != nil || !gone; {
		// after o, since finalizers run in order
		mark := new([16]byte)
		runtime.SetFinalizer(mark, func(*[16]byte) { glib.FinalizerStrategy(func() { gone = o.Value() == nil }) })
		runtime.GC()
		if err := guest.Sleep(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// object is what gotk3 lets go of.
func object(w *gtk.Window) weak.Pointer[glib.Object] { return weak.Make(w.Widget.Object) }

// askedDialog is a dialog that its window takes along.
func askedDialog(w *gtk.Window) *gtk.Dialog {
	d := must(gtk.DialogNewWithButtons("dialog", w, gtk.DIALOG_DESTROY_WITH_PARENT, []any{"OK", gtk.RESPONSE_OK}))
	d.Connect("response", func() {})
	return d
}

// inWindow are waits that the end of their window ends.
var inWindow = map[string]func(ctx context.Context, w *gtk.Window) error{
	"park": func(ctx context.Context, _ *gtk.Window) error { return guest.Park(ctx) },
	"Signal": func(ctx context.Context, w *gtk.Window) error {
		return gtkhost.Signal(ctx, w, "notify::title")
	},
	"Signals": func(ctx context.Context, w *gtk.Window) error {
		for range gtkhost.Signals(ctx, w, "configure-event") {
		}
		return guest.Park(ctx)
	},
	"Values": func(ctx context.Context, w *gtk.Window) error {
		for range gtkhost.Values[any](ctx, w, "set-focus") {
		}
		return guest.Park(ctx)
	},
	"Connect": func(ctx context.Context, w *gtk.Window) error {
		defer gtkhost.Connect(w, "unmap", func() {})()
		return guest.Park(ctx)
	},
	"of a widget": func(ctx context.Context, w *gtk.Window) error {
		label := must(w.GetChild()).ToWidget()
		return gtkhost.Signal(ctx, label, "notify::label")
	},
	"Ask": func(ctx context.Context, w *gtk.Window) error {
		_, err := gtkui.Ask(ctx, askedDialog(w))
		return err
	},
	"RunDialog": func(ctx context.Context, w *gtk.Window) error {
		_, err := gtkui.RunDialog(ctx, askedDialog(w))
		return err
	},
	"Confirm": func(ctx context.Context, w *gtk.Window) error {
		_, err := gtkui.Confirm(ctx, w, "title", "text")
		return err
	},
	"Prompt": func(ctx context.Context, w *gtk.Window) error {
		_, _, err := gtkui.Prompt(ctx, w, "title", "label", "text")
		return err
	},
	"OpenFile": func(ctx context.Context, w *gtk.Window) error {
		_, err := gtkui.OpenFile(ctx, w, nil)
		return err
	},
}

// closedWindows destroys windows, in which tasks wait and the program has handlers, and has
// gotk3 let go of them.
func closedWindows() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("quit", must(gtk.LabelNew("label")))
		g, _ := guest.FromContext(ctx)
		gtkui.QuitOnClose(g, w, nil)
		w.Destroy()
		return guest.Park(ctx)
	}, nil)
	assert.NoError(s, err)
	err = gtkui.Run(func(ctx context.Context) error {
		for name, wait := range inWindow {
			gone, err := destroyDuring(ctx, wait)
			assert.ErrorIs(s, err, guest.ErrWindowClosed, name)
			if err := letGo(ctx, gone); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

// destroyDuring destroys a window while a task waits in it.
func destroyDuring(ctx context.Context, wait func(ctx context.Context, w *gtk.Window) error) (weak.Pointer[glib.Object], error) {
	w := newWindow("closed", must(gtk.LabelNew("label")))
	w.Connect("delete-event", func() bool { return false })
	w.Connect("destroy", func() { w.SetTitle("gone") })
	guest.Go(ctx, func(ctx context.Context) error {
		err := guest.Sleep(ctx, 20*time.Millisecond)
		w.Destroy()
		return err
	})
	err := gtkui.WithWindow(ctx, w, func(ctx context.Context) error { return wait(ctx, w) })
	return object(w), err
}

func TestClosedWindowsMakeNoWarnings(t *testing.T) {
	require.Equal(t, "<nil> false\n", screentest.Start(t, "closed windows").Ended(0))
}

// withMenu destroys a window that has a context menu with its actions.
func withMenu(app *gtk.Application, also func(w *gtk.ApplicationWindow, m *gtk.Menu)) weak.Pointer[glib.Object] {
	w, model := must(gtk.ApplicationWindowNew(app)), glib.MenuNew()
	w.AddAction(glib.SimpleActionNew("close", nil))
	model.Append("Close", "win.close")
	m := must(gtk.GtkMenuNewFromModel(&model.MenuModel))
	m.InsertActionGroup("win", w.IActionGroup)
	w.Connect("button-press-event", func() { m.PopupAtPointer(nil) })
	also(w, m)
	w.ShowAll()
	w.Destroy()
	return weak.Make(m.Widget.Object)
}

// closedWindowsMenu has two menus let go, one that is destroyed with its window, and one that
// is not.
func closedWindowsMenu() int {
	app := newApplication()
	err := gtkui.RunApplication(app, nil, func(ctx context.Context) error {
		for _, also := range []func(w *gtk.ApplicationWindow, m *gtk.Menu){
			func(w *gtk.ApplicationWindow, m *gtk.Menu) { w.Connect("destroy", m.Destroy) },
			func(*gtk.ApplicationWindow, *gtk.Menu) {},
		} {
			if err := letGo(ctx, withMenu(app, also)); err != nil {
				return err
			}
			screentest.Say("let go")
		}
		return nil
	}, nil)
	screentest.Say("%v", err)
	return 0
}

// It is GTK that warns, in its own code; a later one may not. The documentation says what to do.
func TestMenuThatIsDestroyedWithItsWindowMakesNoWarnings(t *testing.T) {
	destroyed, left, _ := strings.Cut(screentest.Start(t, "closed window's menu").Ended(0), "let go\n")
	require.Empty(t, destroyed)
	require.Contains(t, left, "let go\n<nil>\n")
	t.Logf("a menu that is left over makes %d warnings", strings.Count(left, "has no handler with id"))
}
