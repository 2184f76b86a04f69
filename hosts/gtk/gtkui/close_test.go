//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	shared "github.com/golodger/lodger/hosts/internal/windows"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("asked", asked)
	stories.Add("ask on close", askOnClose)
	stories.Add("last call", lastCall)
	stories.Add("covered", covered)
	stories.Add("uncovered", uncovered)
	stories.Add("run under the cover", runUnderTheCover)
}

// answers are what ask does when the window is to be closed: the first two times, and the third.
var answers = map[string]func(ctx context.Context, nth int) (bool, error){
	"no":    func(context.Context, int) (bool, error) { return false, nil },
	"error": func(context.Context, int) (bool, error) { return true, errors.New("disk full") },
	"panic": func(context.Context, int) (bool, error) { panic("in ask") },
}

// ask says each time that it is asked, and agrees at the third.
func ask(n *int) func(ctx context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		*n++
		screentest.Say("asked %d", *n)
		if *n == 3 {
			return true, nil
		}
		return answers[os.Getenv("ANSWER")](ctx, *n)
	}
}

// asked is a program whose window asks before it is closed.
func asked() int {
	n, heard := 0, 0
	err := gtkui.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		button := must(gtk.ButtonNewWithLabel("quit"))
		w := newWindow("asked", button)
		quit := gtkui.QuitOnClose(g, w, ask(&n))
		button.Connect("clicked", quit)
		screentest.Say("ready")
		err := guest.Park(ctx)
		screentest.Say("%v; visible: %v", context.Cause(ctx), w.GetVisible())
		return err
	}, &guest.Options{OnError: func(error) { heard++ }})
	screentest.Say("%v; heard %d", err, heard)
	return exitCode
}

func TestProgramEndsOnlyWhenAskSaysYes(t *testing.T) {
	for answer := range answers {
		t.Run(answer, func(t *testing.T) {
			p := screentest.Start(t, "asked", "ANSWER="+answer)
			p.Hear("ready")
			w := screentest.Window(t, "asked")
			screentest.CloseWindow(t, w)
			p.Hear("asked 1")
			p.ClickUntil("asked 2", w, "50", "50") // quit is the same request
			screentest.CloseWindow(t, w)
			text := p.Ended(exitCode)
			heard := "2"
			if answer == "no" {
				heard = "0"
			}
			require.True(t, strings.HasSuffix(text, "guest: quit; visible: true\n<nil>; heard "+heard+"\n"), text)
		})
	}
}

// askOnClose is a document in a program that goes on without it.
func askOnClose() int {
	n, heard := 0, 0
	err := gtkui.Run(func(ctx context.Context) error {
		button := must(gtk.ButtonNewWithLabel("close"))
		w := newWindow("document", button)
		err := gtkui.WithWindow(ctx, w, func(ctx context.Context) error {
			request := gtkui.AskOnClose(ctx, w, ask(&n))
			button.Connect("clicked", request)
			sibling := guest.Go(ctx, guest.Park)
			guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Park(ctx)
				screentest.Say("sibling: %v", sibling.Done())
				return nil
			})
			screentest.Say("ready")
			return guest.Park(ctx)
		})
		screentest.Say("%v; program: %v", err, ctx.Err())
		return nil
	}, &guest.Options{OnError: func(error) { heard++ }})
	screentest.Say("%v; heard %d", err, heard)
	return exitCode
}

func TestWindowIsClosedOnlyWhenAskSaysYes(t *testing.T) {
	for answer := range answers {
		t.Run(answer, func(t *testing.T) {
			p := screentest.Start(t, "ask on close", "ANSWER="+answer)
			p.Hear("ready")
			w := screentest.Window(t, "document")
			screentest.CloseWindow(t, w)
			p.Hear("asked 1")
			p.ClickUntil("asked 2", w, "50", "50")
			screentest.CloseWindow(t, w)
			text := p.Ended(exitCode)
			heard := "2"
			if answer == "no" {
				heard = "0"
			}
			require.Contains(t, text, "guest: the window was closed; program: <nil>\n<nil>; heard "+heard+"\n")
			require.NotContains(t, text, "CRITICAL")
		})
	}
}

// lastCall has windows for which the program has called QuitOnClose and AskOnClose several times.
func lastCall() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		asked := ""
		says := func(name string) func(context.Context) (bool, error) {
			return func(context.Context) (bool, error) { asked += name; return false, nil }
		}
		// hears checks who is asked by the close button and by each request.
		hears := func(want string, w *gtk.Window, requests ...func()) {
			for _, request := range append(requests, w.Close) {
				asked = ""
				request()
				until(ctx, s, func() bool { return asked != "" })
				require.NoError(s, guest.Yield(ctx))
				require.NoError(s, guest.Yield(ctx))
				assert.Equal(s, want, asked)
			}
		}
		gone := func(w *gtk.Window) {
			heard := asked
			w.Close()
			until(ctx, s, func() bool { return !w.GetVisible() })
			assert.Equal(s, heard, asked)
		}
		first, cancelFirst := context.WithCancel(ctx)
		second, cancelSecond := context.WithCancel(ctx)

		doc := newWindow("document", must(gtk.LabelNew("content")))
		a := gtkui.AskOnClose(first, doc, says("a"))
		hears("a", doc, a)
		b := gtkui.AskOnClose(second, doc, says("b"))
		hears("b", doc, a, b)
		cancelFirst()
		hears("b", doc, a, b)
		cancelSecond()
		gone(doc)

		third, cancelThird := context.WithCancel(ctx)
		w := newWindow("program", must(gtk.LabelNew("content")))
		c := gtkui.QuitOnClose(g, w, says("c"))
		d := gtkui.AskOnClose(third, w, says("d"))
		hears("d", w, c, d)
		cancelThird()
		hears("c", w, c, d)
		e := gtkui.AskOnClose(ctx, w, says("e"))
		hears("e", w, c, d, e)
		f := gtkui.QuitOnClose(g, w, says("f"))
		hears("f", w, c, d, e, f)
		gtkui.QuitOnClose(g, w, nil)
		e()
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return exitCode
}

func TestLastCallForAWindowCounts(t *testing.T) {
	require.Equal(t, "<nil> false\n", screentest.Start(t, "last call").Ended(exitCode))
}

func TestNilWindowsAndFunctionsAreRefusedOnClose(t *testing.T) {
	require.PanicsWithValue(t, "gtkui: QuitOnClose called with a nil guest or window; pass both",
		func() { gtkui.QuitOnClose(nil, nil, nil) })
	require.PanicsWithValue(t, "gtkui: AskOnClose called with a nil window or function; pass both",
		func() { gtkui.AskOnClose(context.Background(), nil, nil) })
}

// covered is a program that takes its time to end, in the way that HOW names.
func covered() int {
	s, how := new(story), os.Getenv("HOW")
	err := gtkui.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		box := must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 6))
		box.SetBorderWidth(12)
		box.PackStart(must(gtk.LabelNew("the content of the window")), true, true, 0)
		box.PackStart(must(gtk.ButtonNewWithLabel("Do something")), false, false, 0)
		w := newWindow("covered", box)
		w.Resize(320, 200)
		gtkui.QuitOnClose(g, w, nil)
		screentest.Say("ready")
		_ = guest.Park(ctx)
		took := 100 * time.Millisecond
		if how != "quick" {
			took = 700 * time.Millisecond
		}
		ctx = context.WithoutCancel(ctx)
		switch how {
		case "destroyed":
			w.Destroy()
			return guest.Sleep(ctx, took)
		case "destroyed while covered":
			glib.TimeoutAdd(500, func() bool { w.Destroy(); return false })
			return guest.Sleep(ctx, took)
		}
		began := time.Now()
		assert.NoError(s, guest.Sleep(ctx, 100*time.Millisecond))
		late := time.Since(began) > shared.Glance/2 // on a busy machine
		assert.True(s, box.GetSensitive() || late, "an ordinary close does not flicker")
		if how != "quick" {
			assert.NoError(s, guest.Sleep(ctx, took))
			assert.False(s, box.GetSensitive())
			screentest.Say("covered")
		}
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return exitCode
}

func TestWindowShowsThatTheProgramIsClosing(t *testing.T) {
	for _, how := range []string{"slow", "quick", "destroyed", "destroyed while covered"} {
		t.Run(how, func(t *testing.T) {
			p := screentest.Start(t, "covered", "HOW="+how)
			p.Hear("ready")
			screentest.CloseWindow(t, screentest.Window(t, "covered"))
			text := p.Ended(exitCode)
			require.Equal(t, how == "slow", strings.Contains(text, "covered\n"))
			require.Contains(t, text, "<nil> false\n")
			require.NotContains(t, text, "CRITICAL")
			require.NotContains(t, text, "WARNING")
		})
	}
}

// uncovered has a window that outlives its guest, in a loop that is run later.
func uncovered() int {
	s := new(story)
	if gtk.InitCheck(nil) != nil {
		panic("no display")
	}
	content := must(gtk.LabelNew("content"))
	w := newWindow("uncovered", content)
	g := must(guest.Start(must(gtkui.New()), nil, nil))
	gtkui.QuitOnClose(g, w, nil)()
	g.Go(func(ctx context.Context) error {
		err := guest.Sleep(context.WithoutCancel(ctx), 500*time.Millisecond)
		assert.False(s, content.GetSensitive())
		return err
	})
	gtk.Main()
	g.Finish()
	next := must(guest.Start(must(gtkui.New()), func(ctx context.Context) error {
		for !content.GetSensitive() {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		return nil
	}, nil))
	gtkui.QuitWhenDone(next)
	gtk.Main()
	screentest.Say("%v %v", next.Finish().Err, s.failed)
	return exitCode
}

func TestWindowThatOutlivesItsGuestIsGivenBack(t *testing.T) {
	text := screentest.Start(t, "uncovered").Ended(exitCode)
	require.Equal(t, "<nil> false\n", text)
}

// runUnderTheCover has a handler that runs a dialog in GTK's own way while the program ends.
func runUnderTheCover() int {
	err := gtkui.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		button := must(gtk.ButtonNewWithLabel("open"))
		w := newWindow("covered", button)
		quit := gtkui.QuitOnClose(g, w, nil)
		button.Connect("clicked", func() {
			d := gtk.MessageDialogNew(w, gtk.DIALOG_MODAL, gtk.MESSAGE_INFO, gtk.BUTTONS_OK, "Read this.")
			d.SetTitle("run")
			d.Connect("map", quit)
			d.Run()
			screentest.Say("answered")
			d.Destroy()
		})
		screentest.Say("ready")
		_ = guest.Park(ctx)
		for ctx := context.WithoutCancel(ctx); button.GetSensitive(); {
			_ = guest.Sleep(ctx, time.Millisecond)
		}
		screentest.Say("covered")
		return nil
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

// Otherwise the program would never end.
func TestDialogThatRunsCanBeAnsweredWhileTheProgramIsClosing(t *testing.T) {
	p := screentest.Start(t, "run under the cover")
	p.Hear("ready")
	p.ClickUntil("covered", screentest.Window(t, "covered"), "100", "50")
	id := screentest.Window(t, "run")
	screentest.Xdotool(t, "windowfocus", "--sync", id)
	screentest.Xdotool(t, "key", "Return")
	require.Contains(t, p.Ended(exitCode), "answered\n<nil>\n")
}
