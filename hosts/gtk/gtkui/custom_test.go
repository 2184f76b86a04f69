//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories["checked"] = checked
	stories["objection"] = objection
	stories["closed form"] = closedForm
}

// each visits all widgets in another that can be seen, each as what it is.
func each(in gtk.IWidget, visit func(w gtk.IWidget)) {
	w, err := in.ToWidget().Cast()
	if err != nil || !w.ToWidget().GetMapped() {
		return
	}
	visit(w)
	if c, ok := w.(interface{ GetChildren() *glib.List }); ok {
		if list := c.GetChildren(); list != nil {
			list.Foreach(func(child any) { each(child.(*gtk.Widget), visit) })
		}
	}
}

// texts are those of all labels and buttons that can be seen in a dialog.
func texts(in gtk.IWidget) (list []string) {
	each(in, func(w gtk.IWidget) {
		switch w := w.(type) {
		case *gtk.Label:
			list = append(list, must(w.GetText()))
		case *gtk.Button:
			list = append(list, must(w.GetLabel()))
		}
	})
	return list
}

// until polls, since GTK draws when it likes to.
func until(ctx context.Context, s *story, what func() bool) {
	short, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for !what() {
		require.NoError(s, guest.Sleep(short, time.Millisecond))
	}
}

// checkedIn starts Custom with a check, and returns its answer to come, its dialog and its
// content.
func checkedIn(ctx context.Context, s *story, w *gtk.Window, dismiss string, check func(ctx context.Context) error) (*guest.Future[bool], *gtk.Dialog, *gtk.Entry) {
	entry := must(gtk.EntryNew())
	entry.SetText("text")
	f := guest.Async(ctx, func(ctx context.Context) (bool, error) {
		return gtkui.Custom(ctx, w, "checked", "Go", dismiss, entry, check)
	})
	until(ctx, s, func() bool { return open() != nil })
	return f, open(), entry
}

// checked plays with a dialog that checks.
func checked() int {
	s, wrong := new(story), errors.New("no such user")
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("window", must(gtk.LabelNew("content")))
		answer := func(f *guest.Future[bool], entry *gtk.Entry) bool {
			ok, err := f.Wait(ctx)
			assert.NoError(s, err)
			assert.Nil(s, open())
			assert.Equal(s, "text", must(entry.GetText()), "the content can be read afterwards")
			assert.True(s, entry.GetSensitive())
			return ok
		}
		// An objection is shown, and goes with the next check.
		go1 := guest.NewFuture[error]()
		f, d, entry := checkedIn(ctx, s, w, "Stop", func(ctx context.Context) error {
			err, ctxErr := go1.Wait(ctx)
			if ctxErr != nil {
				return ctxErr
			}
			return err
		})
		d.Response(gtk.RESPONSE_ACCEPT)
		until(ctx, s, func() bool { return !entry.IsSensitive() })
		assert.False(s, must(d.GetWidgetForResponse(gtk.RESPONSE_ACCEPT)).ToWidget().GetSensitive())
		assert.True(s, must(d.GetWidgetForResponse(gtk.RESPONSE_CANCEL)).ToWidget().GetSensitive())
		go1.Resolve(wrong)
		until(ctx, s, entry.IsSensitive)
		until(ctx, s, func() bool { return slices.Contains(texts(d), "no such user") })
		go1 = guest.NewFuture[error]()
		d.Response(gtk.RESPONSE_ACCEPT)
		until(ctx, s, func() bool { return !entry.IsSensitive() })
		until(ctx, s, func() bool { return !slices.Contains(texts(d), "no such user") })
		go1.Resolve(nil)
		assert.True(s, answer(f, entry))

		// What was insensitive before stays so.
		f, d, entry = checkedIn(ctx, s, w, "Stop", func(context.Context) error { return wrong })
		entry.SetSensitive(false)
		d.Response(gtk.RESPONSE_ACCEPT)
		until(ctx, s, func() bool { return slices.Contains(texts(d), "no such user") })
		assert.False(s, entry.GetSensitive())
		entry.SetSensitive(true)
		d.Response(gtk.RESPONSE_CANCEL)
		assert.False(s, answer(f, entry))

		// So does what the check itself has made so.
		f, d, entry = checkedIn(ctx, s, w, "Stop", func(context.Context) error {
			entry.SetSensitive(false)
			return wrong
		})
		d.Response(gtk.RESPONSE_ACCEPT)
		until(ctx, s, func() bool { return slices.Contains(texts(d), "no such user") })
		assert.False(s, entry.GetSensitive())
		entry.SetSensitive(true)
		assert.True(s, entry.IsSensitive(), "the check is over")
		d.Response(gtk.RESPONSE_CANCEL)
		assert.False(s, answer(f, entry))

		// Cancel, Escape and the close button cancel a check.
		for _, r := range []gtk.ResponseType{gtk.RESPONSE_CANCEL, gtk.RESPONSE_DELETE_EVENT} {
			for _, dismiss := range []string{"Stop", ""} {
				cancelled := false
				f, d, entry = checkedIn(ctx, s, w, dismiss, func(ctx context.Context) error {
					err := guest.Park(ctx)
					cancelled = ctx.Err() != nil
					return err
				})
				d.Response(gtk.RESPONSE_ACCEPT)
				until(ctx, s, func() bool { return !entry.IsSensitive() })
				d.Response(r)
				assert.False(s, answer(f, entry))
				assert.True(s, cancelled)
			}
		}

		// A panic is no objection.
		f, d, _ = checkedIn(ctx, s, w, "Stop", func(context.Context) error { panic(wrong) })
		d.Response(gtk.RESPONSE_ACCEPT)
		_, err := f.Wait(ctx)
		assert.ErrorIs(s, err, wrong)

		// The window goes, while it checks or not.
		for _, checks := range []bool{false, true} {
			parent := newWindow("parent", must(gtk.LabelNew("parent")))
			f, d, entry = checkedIn(ctx, s, parent, "Stop", guest.Park)
			if checks {
				d.Response(gtk.RESPONSE_ACCEPT)
				until(ctx, s, func() bool { return !entry.IsSensitive() })
			}
			parent.Destroy()
			_, err = f.Wait(ctx)
			assert.ErrorIs(s, err, guest.ErrWindowClosed)
		}
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestCustomStaysOpenUntilTheCheckHasNoObjection(t *testing.T) {
	text := screentest.Start(t, "checked").Ended(0)
	require.Equal(t, "<nil> false\n", text)
}

// objection lets the user type into a dialog that objects to an empty text.
func objection() int {
	err := gtkui.Run(func(ctx context.Context) error {
		entry := must(gtk.EntryNew())
		entry.SetActivatesDefault(true)
		entry.Connect("map", func() { screentest.Say("open") })
		ok, err := gtkui.Custom(ctx, nil, "objection", "Go", "Stop", entry, func(context.Context) error {
			text := must(entry.GetText())
			screentest.Say("checked %q", text)
			if text != "Ada" {
				return errors.New("pass a name")
			}
			return nil
		})
		screentest.Say("%v", ok)
		return err
	}, nil)
	screentest.Say("%v", err)
	return 0
}

// After an objection the user types on where the focus was.
func TestFocusReturnsAfterAnObjection(t *testing.T) {
	p := screentest.Start(t, "objection")
	p.Hear("open")
	id := screentest.Window(t, "objection")
	screentest.Xdotool(t, "windowfocus", "--sync", id)
	screentest.Xdotool(t, "key", "Return")
	p.Hear(`checked ""`)
	screentest.Xdotool(t, "type", "Ada")
	screentest.Xdotool(t, "key", "Return")
	require.Equal(t, "open\nchecked \"\"\nchecked \"Ada\"\ntrue\n<nil>\n", p.Ended(0))
}

// closedForm has a form that the user closes by its close button.
func closedForm() int {
	err := gtkui.Run(func(ctx context.Context) error {
		entry := must(gtk.EntryNew())
		entry.SetText("a draft")
		entry.Connect("map", func() { screentest.Say("open") })
		entry.Connect("destroy", func() { screentest.Say("destroyed") })
		ok, err := gtkui.Custom(ctx, nil, "form", "Go", "Stop", entry, nil)
		screentest.Say("%v %s", ok, must(entry.GetText()))
		return err
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestContentOfAClosedFormCanBeRead(t *testing.T) {
	p := screentest.Start(t, "closed form")
	p.Hear("open")
	screentest.CloseWindow(t, screentest.Window(t, "form"))
	require.Equal(t, "open\nfalse a draft\n<nil>\n", p.Ended(0))
}
