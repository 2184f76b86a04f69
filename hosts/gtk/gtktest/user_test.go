//go:build cgo

package gtktest_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtktest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

func TestMain(m *testing.M) {
	os.Setenv("GSETTINGS_BACKEND", "memory") // a test has no session
	os.Setenv("NO_AT_BRIDGE", "1")
	os.Exit(gtktest.Main(m))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// notes is a small program: a form, a menu, and a button that asks.
func notes(ctx context.Context) *gtk.Window {
	w := must(gtk.WindowNew(gtk.WINDOW_TOPLEVEL))
	box := must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 6))
	status := must(gtk.LabelNew("new"))

	bar, menu := must(gtk.MenuBarNew()), must(gtk.MenuNew())
	file, clear := must(gtk.MenuItemNewWithMnemonic("_File")), must(gtk.MenuItemNewWithMnemonic("_Clear"))
	clear.Connect("activate", func() { status.SetText("cleared") })
	menu.Append(clear)
	file.SetSubmenu(menu)
	bar.Append(file)
	box.PackStart(bar, false, false, 0)

	grid := must(gtk.GridNew())
	entries := map[string]*gtk.Entry{}
	for i, name := range []string{"Name:", "Town:"} {
		entries[name] = must(gtk.EntryNew())
		grid.Attach(must(gtk.LabelNew(name)), 0, i, 1, 1)
		grid.Attach(entries[name], 1, i, 1, 1)
	}
	box.PackStart(grid, false, false, 0)
	remark := must(gtk.EntryNew())
	remark.SetPlaceholderText("Remark")
	remark.Connect("activate", func() { status.SetText("remark " + must(remark.GetText())) })
	box.PackStart(remark, false, false, 0)

	search := must(gtk.SearchEntryNew())
	search.SetPlaceholderText("Search")
	search.Connect("changed", func() { status.SetText("searching " + must(search.GetText())) })
	box.PackStart(search, false, false, 0)

	save := must(gtk.ButtonNewWithMnemonic("_Save"))
	save.Connect("clicked", func() {
		guest.Go(ctx, func(ctx context.Context) error {
			yes, err := gtkui.Confirm(ctx, w, "Sure?", "Save it?")
			if yes {
				status.SetText(fmt.Sprintf("saved %s of %s", must(entries["Name:"].GetText()), must(entries["Town:"].GetText())))
			}
			return err
		})
	})
	run := must(gtk.ButtonNewWithLabel("Run"))
	run.Connect("clicked", func() {
		d := gtk.MessageDialogNew(w, gtk.DIALOG_MODAL, gtk.MESSAGE_INFO, gtk.BUTTONS_OK, "in GTK's own way")
		d.Run()
		d.Destroy()
		status.SetText("answered")
	})
	off := must(gtk.ButtonNewWithLabel("Off"))
	off.SetSensitive(false)
	for _, child := range []gtk.IWidget{save, run, off, status} {
		box.PackStart(child, false, false, 0)
	}
	w.SetTitle("notes")
	w.Add(box)
	w.ShowAll()
	return w
}

func TestUserDoesWhatAPersonDoes(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		w := notes(ctx)
		u := gtktest.NewUser(ctx, t, w)
		u.Type("Name", "Ada")
		u.Type("Town:", "London")
		u.Tap("Save")
		u.See("Save it?")
		u.Answer("Yes")
		u.See("saved Ada of London")
		u.Gone("Save it?")

		u.Type("Remark", "fine\n")
		u.See("remark fine")
		u.Type("Search", "Milk")
		u.See("searching Milk")
		u.Tap("Clear")
		u.See("cleared")
		u.Gone("lear") // no whole word

		u.Tap("Run") // which runs a loop of its own
		u.See("in GTK's own way")
		u.Answer("OK")
		u.See("answered")

		u.Close()
		u.WaitUntil("the window is closed", func() bool { return !w.GetVisible() })
	}, nil)
}

// A fake test notes its failure.
type fake struct {
	testing.TB
	said string
}

func (f *fake) Helper() {}

func (f *fake) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	panic(f)
}

func TestUserThatFailsSaysWhatIsThere(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		w := notes(ctx)
		for why, act := range map[string]func(u *gtktest.User){
			`Tap("Off"): it is insensitive`:       func(u *gtktest.User) { u.Tap("Off") },
			`Tap("new"): it is not there`:         func(u *gtktest.User) { u.Tap("new") },
			`Answer("OK"): no dialog is open`:     func(u *gtktest.User) { u.Answer("OK") },
			`See("moon"): it is not there`:        func(u *gtktest.User) { u.See("moon") },
			`Gone("new"): it is still there`:      func(u *gtktest.User) { u.Gone("new") },
			`Type("Age", "7"): there are 4 entri`: func(u *gtktest.User) { u.Type("Age", "7") },
			`WaitUntil("noon"): it has not happe`: func(u *gtktest.User) { u.WaitUntil("noon", func() bool { return false }) },
		} {
			f := &fake{TB: t}
			u := gtktest.NewUser(ctx, f, w).Within(50 * time.Millisecond)
			require.PanicsWithValue(t, f, func() { act(u) })
			require.True(t, strings.HasPrefix(f.said, "gtktest: "+why), f.said)
			require.Contains(t, f.said, `window "notes"`)
			require.Contains(t, f.said, "\tButton \"Off\", insensitive\n")
		}
	}, nil)
}

func TestUserActsInTheNewestDialogAndSeesAll(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		w, said := notes(ctx), []string{}
		entries := map[string]*gtk.Entry{}
		for _, name := range []string{"older", "newer"} {
			d := gtk.MessageDialogNew(w, gtk.DIALOG_MODAL, gtk.MESSAGE_INFO, gtk.BUTTONS_OK, "the %s one", name)
			d.Connect("response", func() { said = append(said, name); d.Destroy() })
			entries[name] = must(gtk.EntryNew())
			must(d.GetContentArea()).Add(entries[name])
			d.ShowAll()
		}
		u := gtktest.NewUser(ctx, t, w)
		for _, text := range []string{"the older one", "the newer one", "new"} {
			u.See(text)
		}
		u.Type("", "typed")
		require.Equal(t, "typed", must(entries["newer"].GetText()))
		require.Empty(t, must(entries["older"].GetText()))
		f := &fake{TB: t}
		require.Panics(t, func() { gtktest.NewUser(ctx, f, w).Within(50 * time.Millisecond).Gone("the older one") })
		require.Contains(t, f.said, "it is still there")
		u.Answer("OK")
		u.Gone("the newer one")
		u.See("the older one")
		u.Tap("OK")
		u.Gone("the older one")
		require.Equal(t, []string{"newer", "older"}, said)
	}, nil)
}

// As a person can't type there, or would not know where.
func TestUserTypesOnlyIntoOneSensitiveEntry(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		w, box := must(gtk.WindowNew(gtk.WINDOW_TOPLEVEL)), must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 6))
		row := func(label, hint string) *gtk.Entry {
			r, e := must(gtk.BoxNew(gtk.ORIENTATION_HORIZONTAL, 6)), must(gtk.EntryNew())
			if label != "" {
				r.Add(must(gtk.LabelNew(label)))
			}
			e.SetPlaceholderText(hint)
			r.Add(e)
			box.Add(r)
			return e
		}
		row("Town:", "")
		row("Town", "")
		row("", "Hint")
		row("", "Hint")
		row("Off", "Grey").SetSensitive(false)
		w.Add(box)
		w.ShowAll()
		for label, why := range map[string]string{
			"Town": "there are 2: ",
			"Hint": "there are 2: ",
			"Off":  "it is insensitive",
			"Grey": "it is insensitive",
			"":     "there are 5 entries, but none with this label",
		} {
			f := &fake{TB: t}
			u := gtktest.NewUser(ctx, f, w).Within(50 * time.Millisecond)
			require.PanicsWithValue(t, f, func() { u.Type(label, "x") }, label)
			require.Contains(t, f.said, why)
		}
	}, nil)
}

func TestRunDestroysAllWindows(t *testing.T) {
	for range 2 {
		gtktest.Run(t, func(ctx context.Context) {
			n := 0
			gtk.WindowListToplevels().Foreach(func(any) { n++ })
			require.Zero(t, n)
			notes(ctx)
		}, nil)
	}
}

func TestRunIsRefusedToNilWindows(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		require.PanicsWithValue(t, "gtktest: NewUser called with a nil window or a context without a guest; pass a window, and the context that Run's body gets",
			func() { gtktest.NewUser(ctx, t, nil) })
	}, nil)
}
