//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("modal", modal)
	stories.Add("stacked", stacked)
}

// A nested call spins a loop of its own: run returns when finish has been called.
type nested struct{ run, finish func() }

var nestedCalls = map[string]func() nested{
	"Dialog.Run": func() nested {
		d := must(gtk.DialogNew())
		d.SetTitle("nested")
		return nested{func() { d.Run(); d.Destroy() }, func() { d.Response(gtk.RESPONSE_CANCEL) }}
	},
	"FileChooserDialog.Run": func() nested {
		d := must(gtk.FileChooserDialogNewWith1Button("nested", nil, gtk.FILE_CHOOSER_ACTION_OPEN, "Open", gtk.RESPONSE_OK))
		return nested{func() { d.Run(); d.Destroy() }, func() { d.Response(gtk.RESPONSE_CANCEL) }}
	},
	"gtk.Main": func() nested { return nested{gtk.Main, gtk.MainQuit} },
}

// openers call fn where the name says; those that hold up all tasks have a name for the log.
var openers = map[string]struct {
	open     func(ctx context.Context, h *gtkhost.Host, button *gtk.Button, fn func()) error
	reported string
}{
	"a clicked button's handler": {open: func(_ context.Context, _ *gtkhost.Host, button *gtk.Button, fn func()) error {
		button.Connect("clicked", fn)
		screentest.Say("click")
		return nil
	}},
	"glib.IdleAdd": {open: func(_ context.Context, _ *gtkhost.Host, _ *gtk.Button, fn func()) error {
		glib.IdleAdd(fn)
		return nil
	}},
	"RunSyncSoonNative": {open: func(_ context.Context, h *gtkhost.Host, _ *gtk.Button, fn func()) error {
		h.RunSyncSoonNative(fn)
		return nil
	}},
	"guest.Modal": {open: func(ctx context.Context, _ *gtkhost.Host, _ *gtk.Button, fn func()) error {
		return guest.Modal(ctx, fn)
	}},
	"a task": {open: func(_ context.Context, _ *gtkhost.Host, _ *gtk.Button, fn func()) error {
		fn()
		return nil
	}, reported: "task gtkui_test.modal"},
	"a posted function": {open: func(ctx context.Context, _ *gtkhost.Host, _ *gtk.Button, fn func()) error {
		g, _ := guest.FromContext(ctx)
		return g.Post(fn)
	}, reported: "the posted function"},
}

// modal opens a nested loop in the way of OPEN and CALL, and looks what ten tasks do meanwhile.
func modal() int {
	opener := openers[os.Getenv("OPEN")]
	log := new(screentest.Log)
	h := must(gtkui.New())
	err := guest.RunTask(h, func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			var c counters
			c.start(ctx)
			button := must(gtk.ButtonNewWithLabel("open"))
			newWindow("modal", button)
			call := nestedCalls[os.Getenv("CALL")]()
			opened, closed := guest.NewFuture[int](), guest.NewFuture[int]()
			var watch func()
			if opener.reported != "" { // tasks can't close what holds them up
				watch = func() {
					before := c
					glib.TimeoutAdd(10, func() bool {
						if !strings.Contains(log.Text(), "runs a nested loop") {
							return true
						}
						screentest.Say("paused: %v", c == before)
						call.finish()
						return false
					})
				}
			} else {
				watch = func() { opened.Resolve(0) }
				guest.Go(ctx, func(ctx context.Context) error {
					defer call.finish()
					if _, err := opened.Wait(ctx); err != nil {
						return err
					}
					text, err := guest.Background(ctx, func(context.Context) (string, error) { return "from the background", nil })
					if err != nil {
						return err
					}
					button.SetLabel(text)
					screentest.Say("shown: %s", must(button.GetLabel()))
					if err := c.grow(ctx); err != nil {
						return err
					}
					screentest.Say("grown")
					return nil
				})
			}
			err := opener.open(ctx, h, button, func() {
				watch()
				call.run()
				closed.Resolve(0)
			})
			if err != nil {
				return err
			}
			if _, err := closed.Wait(ctx); err != nil {
				return err
			}
			if err := c.grow(ctx); err != nil { // and after it all go on
				return err
			}
			screentest.Say("%s", log.Text())
			return errors.New("the end")
		})
	}, &guest.Options{Logger: log.Logger()})
	screentest.Say("%v", err)
	return 0
}

func TestTasksGoOnInNestedLoops(t *testing.T) {
	for name, opener := range openers {
		for call := range nestedCalls {
			t.Run(name+"/"+call, func(t *testing.T) {
				p := screentest.Start(t, "modal", "OPEN="+name, "CALL="+call)
				if strings.Contains(name, "clicked") {
					p.Hear("click")
					p.ClickUntil("grown", screentest.Window(t, "modal"), "100", "50")
				}
				text := p.Ended(0)
				require.Contains(t, text, "the end\n")
				if opener.reported != "" {
					require.Contains(t, text, "paused: true\n")
					require.Equal(t, 1, strings.Count(text, "runs a nested loop"), text)
					require.Regexp(t, opener.reported+`.* runs a nested loop, so all tasks pause until it returns\. Call it through guest\.Modal`, text)
					return
				}
				require.Contains(t, text, "grown\n")
				require.Contains(t, text, "shown: from the background\n")
				require.NotContains(t, text, "nested loop")
			})
		}
	}
}

// stacked lets the user open dialogs one inside the other, by clicks.
func stacked() int {
	const most = 4
	err := gtkui.Run(func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			var c counters
			c.start(ctx)
			open, down := 0, true // how many dialogs are open, and whether more are to come
			var dialogs [most + 1]*gtk.Dialog
			var opener func(level int) *gtk.Button
			opener = func(level int) *gtk.Button {
				b := must(gtk.ButtonNewWithLabel(fmt.Sprint("deeper than ", level)))
				b.SetSizeRequest(200, 100)
				b.Connect("clicked", func() {
					d := must(gtk.DialogNew())
					d.SetTitle(fmt.Sprint("level ", level+1))
					must(d.GetContentArea()).Add(opener(level + 1))
					d.ShowAll()
					open, dialogs[level+1] = level+1, d
					d.Run()
					d.Destroy()
					open = level
				})
				return b
			}
			newWindow("level 0", opener(0))
			for at := 0; ; {
				if err := c.grow(ctx); err != nil {
					return err
				}
				screentest.Say("level %d grows", at)
				down = down && at < most
				if !down {
					if at == 0 {
						return errors.New("the end")
					}
					dialogs[at].Response(gtk.RESPONSE_OK)
				}
				for open == at {
					if err := guest.Sleep(ctx, time.Millisecond); err != nil {
						return err
					}
				}
				at = open
			}
		})
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestFourStackedDialogsOpenedByClicks(t *testing.T) {
	p := screentest.Start(t, "stacked")
	p.Hear("level 0 grows")
	for level := range 4 {
		p.ClickUntil("level "+strconv.Itoa(level+1)+" grows", screentest.Window(t, "level "+strconv.Itoa(level)), "100", "50")
	}
	text := p.Ended(0)
	require.Contains(t, text, "the end\n")
	require.Equal(t, 2, strings.Count(text, "level 1 grows\n"), text)
}
