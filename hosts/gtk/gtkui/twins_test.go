//go:build cgo

package gtkui_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
	"github.com/golodger/lodger/internal/twins"
)

func init() {
	stories.AddAll(newTwin().Stories())
	for name, scene := range newTwin().Scenes() {
		stories.Add(name, func() int {
			told, s := new(story), new(twins.Scene)
			s.TestingT = told
			err := gtkui.Run(func(ctx context.Context) error { scene(s, ctx); return nil }, &guest.Options{OnError: s.Hear})
			screentest.Say("%v %v", err, told.failed)
			return exitCode
		})
	}
}

func TestTwins(t *testing.T) { newTwin().Run(t) }

func TestTwinScenes(t *testing.T) {
	for name := range newTwin().Scenes() {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, "<nil> false\n", screentest.Start(t, name).Ended(exitCode))
		})
	}
}

func TestQuit(t *testing.T) { newTwin().TestQuit(t) }

const exitCode = twins.ExitCode

func newApplication() *gtk.Application {
	return must(gtk.ApplicationNew("org.golodger.test", glib.APPLICATION_NON_UNIQUE))
}

// A twin is a program of GTK's that the shared stories are about.
type twin struct {
	app    *gtk.Application
	joins  bool // its windows are the application's
	thread host.Thread
}

func newTwin() *twins.Toolkit[*gtk.Window] {
	p := new(twin)
	return &twins.Toolkit[*gtk.Window]{
		Runs:   p.runs(),
		Owns:   p.owns(),
		GoesOn: []string{"gtk.Main"},
		Window: p.window,
		QuitOnClose: func(g *guest.Guest, w *gtk.Window, ask func(context.Context) (bool, error)) func() {
			return gtkui.QuitOnClose(g, w, ask)
		},
		QuitWhenDone: gtkui.QuitWhenDone,
		OnThread:     func() bool { return host.CurrentThread() == p.thread },
		Quits:        twins.Quits[*gtk.Window]{Loops: p.loops(), Ways: p.ways(), Rounds: 5},
		CutOff: map[string]func(w *gtk.Window){
			"Run":            func(*gtk.Window) { glib.IdleAdd(gtk.MainQuit) },
			"RunApplication": func(*gtk.Window) { glib.IdleAdd(p.app.Quit) },
		},
		AskOnClose: gtkui.AskOnClose,
		WithWindow: gtkui.WithWindow,
		PressClose: func(_ context.Context, w *gtk.Window) { w.Close() },
		Destroy:    func(w *gtk.Window) { w.Destroy() },
		Shown:      func(w *gtk.Window) bool { return w.GetVisible() },
		Form:       form,
		Dismissals: []string{"the button", "the close button"},
		EndLoop:    gtk.MainQuit,
		Prompts: map[string]func(ctx context.Context, w *gtk.Window) error{
			"Confirm": func(ctx context.Context, w *gtk.Window) error {
				_, err := gtkui.Confirm(ctx, w, "Save?", "Really?")
				return err
			},
			"RunDialog": func(ctx context.Context, w *gtk.Window) error {
				_, err := gtkui.RunDialog(ctx, must(gtk.DialogNew()))
				return err
			},
		},
		Busy: func(ctx context.Context, w *gtk.Window, work func()) {
			_, _, _ = gtkui.Busy(ctx, w, "Busy", func(context.Context, func(float64, string)) (int, error) {
				work()
				return 0, nil
			})
		},
		LastResort: lastResort,
	}
}

// lastResort finds the button that ends the program of w.
func lastResort(w *gtk.Window) (title string, x, y int, press func()) {
	d, b := gtkui.LastResort(w)
	if b == nil || !b.IsSensitive() {
		return "", 0, 0, nil
	}
	d.SetTitle("last resort") // a message has none
	x, y, err := b.TranslateCoordinates(d, b.GetAllocatedWidth()/2, b.GetAllocatedHeight()/2)
	if err != nil {
		panic(err)
	}
	return "last resort", x, y, func() { b.Clicked() }
}

// begin makes the application, and this thread the program's.
func (p *twin) begin(joins bool) {
	if gtk.InitCheck(nil) != nil {
		panic("no display")
	}
	p.app, p.joins, p.thread = newApplication(), joins, host.CurrentThread()
}

func (p *twin) window(title, button string, clicked func()) (*gtk.Window, func(string)) {
	b := must(gtk.ButtonNewWithLabel(button))
	b.Connect("clicked", clicked)
	w := newWindow(title, b)
	if p.joins {
		p.app.AddWindow(w)
	}
	return w, b.SetLabel
}

// form opens a form in w.
func form(s *twins.Scene, ctx context.Context, w *gtk.Window, check func(ctx context.Context) error) *twins.Form {
	f, d, entry := checkedIn(ctx, s, w, "Stop", check)
	sensitive := func(r gtk.ResponseType) bool { return must(d.GetWidgetForResponse(r)).ToWidget().GetSensitive() }
	return &twins.Form{
		Answer:     f,
		Confirm:    func() { d.Response(gtk.RESPONSE_ACCEPT) },
		CanConfirm: func() bool { return sensitive(gtk.RESPONSE_ACCEPT) },
		CanDismiss: func() bool { return sensitive(gtk.RESPONSE_CANCEL) },
		Dismiss: func(how string) {
			if how == "the button" {
				d.Response(gtk.RESPONSE_CANCEL)
			} else {
				d.Response(gtk.RESPONSE_DELETE_EVENT)
			}
		},
		Texts:   func() []string { return texts(d) },
		Usable:  entry.IsSensitive,
		Disable: func(off bool) { entry.SetSensitive(!off) },
		Text:    func() string { return must(entry.GetText()) },
		Open:    func() bool { return open() != nil },
	}
}

func (p *twin) runs() map[string]func(main func(ctx context.Context) error, opts *guest.Options) error {
	return map[string]func(main func(ctx context.Context) error, opts *guest.Options) error{
		"Run": func(main func(ctx context.Context) error, opts *guest.Options) error { return gtkui.Run(main, opts) },
		"RunApplication": func(main func(ctx context.Context) error, opts *guest.Options) error {
			p.begin(false)
			return gtkui.RunApplication(p.app, nil, main, opts)
		},
		"GMainLoop": func(main func(ctx context.Context) error, opts *guest.Options) error {
			p.begin(false)
			return gtkhost.Run(main, opts)
		},
	}
}

func (p *twin) owns() map[string]func(start func(h host.Mainloop)) {
	return map[string]func(start func(h host.Mainloop)){
		"gtk.Main": func(start func(h host.Mainloop)) {
			p.begin(false)
			start(must(gtkui.New()))
			gtk.Main()
		},
		"Application.Run": func(start func(h host.Mainloop)) {
			p.begin(true)
			p.app.Connect("activate", func() { start(must(gtkui.New())) })
			p.app.Run(nil)
		},
	}
}

// loops are all of these, with a guest that runs main.
func (p *twin) loops() map[string]func(main func(ctx context.Context) error) error {
	loops := make(map[string]func(main func(ctx context.Context) error) error)
	for name, run := range p.runs() {
		loops[name] = func(main func(ctx context.Context) error) error {
			p.thread = host.CurrentThread()
			return run(func(ctx context.Context) error {
				p.joins = name == "RunApplication"
				return main(ctx)
			}, nil)
		}
	}
	for name, run := range p.owns() {
		loops[name] = func(main func(ctx context.Context) error) error {
			var g *guest.Guest
			run(func(h host.Mainloop) {
				g = must(guest.Start(h, main, nil))
				if p.joins {
					gtkui.Hold(g, p.app)
				}
			})
			return twins.Finished(g)
		}
	}
	return loops
}

// ways are the ways to quit, and the loops that they end.
func (p *twin) ways() map[string]twins.Way[*gtk.Window] {
	act := func(act func(g *guest.Guest, w *gtk.Window), loops ...string) twins.Way[*gtk.Window] {
		return twins.Way[*gtk.Window]{Loops: loops, Act: func(_ context.Context, g *guest.Guest, w *gtk.Window) error {
			act(g, w)
			return nil
		}}
	}
	all := []string{"Run", "gtk.Main", "RunApplication", "Application.Run", "GMainLoop"}
	return map[string]twins.Way[*gtk.Window]{
		"close button": {Loops: all, Outside: twins.CloseButton},
		"Cancel": act(func(g *guest.Guest, w *gtk.Window) {
			if os.Getenv("LOOP") == "Application.Run" {
				w.Destroy() // else the application lives on with it
			}
			g.Cancel(guest.ErrQuit)
		}, "Run", "RunApplication", "Application.Run", "GMainLoop"),
		"gtk.MainQuit":     act(func(*guest.Guest, *gtk.Window) { gtk.MainQuit() }, "Run", "gtk.Main"),
		"from IdleAdd":     act(func(*guest.Guest, *gtk.Window) { go glib.IdleAdd(gtk.MainQuit) }, "Run", "gtk.Main"),
		"Application.Quit": act(func(*guest.Guest, *gtk.Window) { p.app.Quit() }, "RunApplication", "Application.Run"),
		"destroyed":        act(func(_ *guest.Guest, w *gtk.Window) { w.Destroy() }, all...),
		"nested gtk.Main": {Loops: []string{"Run"}, Act: func(ctx context.Context, g *guest.Guest, _ *gtk.Window) error {
			glib.IdleAdd(gtk.Main)
			if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
				return err
			}
			g.Cancel(guest.ErrQuit)
			return nil
		}},
	}
}
