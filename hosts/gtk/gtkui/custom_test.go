//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
	"github.com/golodger/lodger/internal/twins"
)

func init() {
	stories.Add("one button", oneButton)
	stories.Add("objection", objection)
	stories.Add("closed form", closedForm)
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
func until(ctx context.Context, s require.TestingT, what func() bool) {
	short, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for !what() {
		require.NoError(s, guest.Sleep(short, time.Millisecond))
	}
}

// checkedIn starts Custom with a check, and returns its answer to come, its dialog and its
// content.
func checkedIn(ctx context.Context, s require.TestingT, w *gtk.Window, dismiss string, check func(ctx context.Context) error) (*guest.Future[bool], *gtk.Dialog, *gtk.Entry) {
	entry := must(gtk.EntryNew())
	entry.SetText(twins.FormText)
	f := guest.Async(ctx, func(ctx context.Context) (bool, error) {
		return gtkui.Custom(ctx, w, "checked", "Go", dismiss, entry, check)
	})
	until(ctx, s, func() bool { return open() != nil })
	return f, open(), entry
}

// oneButton has a dialog without a button to dismiss it.
func oneButton() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("window", must(gtk.LabelNew("content")))
		for _, r := range []gtk.ResponseType{gtk.RESPONSE_CANCEL, gtk.RESPONSE_DELETE_EVENT} {
			cancelled := false
			f, d, entry := checkedIn(ctx, s, w, "", func(ctx context.Context) error {
				err := guest.Park(ctx)
				cancelled = ctx.Err() != nil
				return err
			})
			d.Response(gtk.RESPONSE_ACCEPT)
			until(ctx, s, func() bool { return !entry.IsSensitive() })
			d.Response(r)
			ok, err := f.Wait(ctx)
			assert.NoError(s, err)
			assert.False(s, ok)
			assert.True(s, cancelled)
			assert.Nil(s, open())
			assert.True(s, entry.IsSensitive())
			assert.Equal(s, twins.FormText, must(entry.GetText()))
		}
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestFormWithOneButtonIsDismissedByItsFrame(t *testing.T) {
	require.Equal(t, "<nil> false\n", screentest.Start(t, "one button").Ended(0))
}

// objection lets the user type into a dialog that objects to an empty text.
func objection() int {
	err := gtkui.Run(func(ctx context.Context) error {
		entry := must(gtk.EntryNew())
		entry.SetActivatesDefault(true)
		entry.Connect("map", func() { screentest.Say("open") })
		checks := 0
		guest.Go(ctx, func(ctx context.Context) error {
			for checks == 0 || !entry.GetSensitive() || !entry.HasFocus() {
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			screentest.Say("typing goes on")
			return nil
		})
		ok, err := gtkui.Custom(ctx, nil, "objection", "Go", "Stop", entry, func(context.Context) error {
			checks++
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
	p.Hear("typing goes on")
	screentest.Xdotool(t, "type", "Ada")
	screentest.Xdotool(t, "key", "Return")
	require.Equal(t, "open\nchecked \"\"\ntyping goes on\nchecked \"Ada\"\ntrue\n<nil>\n", p.Ended(0))
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
