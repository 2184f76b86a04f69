package fynehost_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/host"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
	"github.com/golodger/lodger/internal/twins"
)

func init() { stories.AddAll(newTwin().Stories()) }

func TestTwins(t *testing.T) { newTwin().Run(t) }

func TestTwinScenes(t *testing.T) {
	for name := range newTwin().Scenes() {
		t.Run(name, func(t *testing.T) {
			p, s := new(twin), &twins.Scene{TestingT: t}
			kit := p.kit()
			fynetest.Run(t, func(ctx context.Context, app fyne.App) {
				p.app = app
				kit.PressClose = func(ctx context.Context, w fyne.Window) { fynetest.NewUser(ctx, t, w).Close() }
				kit.Scenes()[name](s, ctx)
			}, &guesttest.Options{Guest: &guest.Options{OnError: s.Hear}})
		})
	}
}

// These ways run without the race detector: Fyne closes its queue beside those who post.
func TestQuit(t *testing.T) {
	kit := newTwin()
	tray := kit.Quits.Ways["tray"]
	var env []string
	if runtime.GOOS == "windows" {
		tray.Outside = func(t *testing.T, _ *screentest.Player) { t.Skip("the tray is clicked through D-Bus") }
	} else {
		bus := screentest.SessionBus(t)
		env = append(env, bus)
		tray.Outside = func(t *testing.T, p *screentest.Player) { trayQuit(t, p, bus) }
	}
	kit.Quits.Ways["tray"] = tray
	kit.TestQuit(t, env...)
}

const exitCode = twins.ExitCode

// A twin is a program of Fyne's that the shared stories are about.
type twin struct {
	app  fyne.App
	host *fynehost.Host
}

func newTwin() *twins.Toolkit[fyne.Window] { return new(twin).kit() }

func (p *twin) kit() *twins.Toolkit[fyne.Window] {
	return &twins.Toolkit[fyne.Window]{
		Runs: map[string]func(main func(ctx context.Context) error, opts *guest.Options) error{
			"Run": func(main func(ctx context.Context) error, opts *guest.Options) error {
				p.app = app.NewWithID("test")
				return fynehost.Run(p.app, main, opts)
			},
		},
		Owns: map[string]func(start func(h host.Mainloop)){"App.Run": func(start func(h host.Mainloop)) {
			p.begin()
			start(p.host)
			p.app.Run()
		}},
		Window:       p.window,
		QuitOnClose:  fynehost.QuitOnClose,
		QuitWhenDone: fynehost.QuitWhenDone,
		OnThread:     func() bool { return p.host.OnThread() },
		Quits:        twins.Quits[fyne.Window]{Loops: p.loops(), Ways: p.ways(), Rounds: 3},
		AskOnClose:   fynehost.AskOnClose,
		WithWindow:   fynehost.WithWindow,
		Destroy:      fyne.Window.Close,
		Shown:        func(w fyne.Window) bool { return slices.Contains(p.app.Driver().AllWindows(), w) },
		Form:         form,
		Dismissals:   []string{"the button", "Escape"},
		// Fyne quits with its last window.
		CutOff:  map[string]func(w fyne.Window){"Run": fyne.Window.Close},
		EndLoop: func() { p.app.Driver().Quit() },
		Prompts: map[string]func(ctx context.Context, w fyne.Window) error{
			"Confirm": func(ctx context.Context, w fyne.Window) error {
				_, err := fynehost.Confirm(ctx, w, "Save?", "Really?")
				return err
			},
		},
		Busy: func(ctx context.Context, w fyne.Window, work func()) {
			_, _, _ = fynehost.Busy(ctx, w, "Busy", func(context.Context, func(float64, string)) (int, error) {
				work()
				return 0, nil
			})
		},
		LastResort: lastResort,
	}
}

// lastResort finds the button of w's cover.
func lastResort(w fyne.Window) (title string, x, y int, press func()) {
	if w.Canvas().Overlays().Top() == nil {
		return "", 0, 0, nil
	}
	b := buttons(w)["Quit now"]
	if b == nil || !b.Visible() || b.Disabled() {
		return "", 0, 0, nil
	}
	at, scale := fyne.CurrentApp().Driver().AbsolutePositionForObject(b), w.Canvas().Scale()
	at = at.AddXY(b.Size().Width/2, b.Size().Height/2)
	return w.Title(), int(at.X * scale), int(at.Y * scale), func() { test.Tap(b) }
}

// begin makes the app and its host.
func (p *twin) begin() {
	var err error
	p.app = app.NewWithID("test")
	if p.host, err = fynehost.New(p.app); err != nil {
		panic(err)
	}
	if os.Getenv("WAY") == "tray" {
		addTray(p.app)
	}
}

func (p *twin) window(title, button string, clicked func()) (fyne.Window, func(string)) {
	w, b := p.app.NewWindow(title), widget.NewButton(button, clicked)
	w.SetContent(b)
	w.Resize(fyne.NewSize(200, 100))
	w.Show()
	return w, b.SetText
}

// form opens a form in w.
func form(s *twins.Scene, ctx context.Context, w fyne.Window, check func(ctx context.Context) error) *twins.Form {
	entry := widget.NewEntry()
	entry.SetText(twins.FormText)
	answer := guest.Async(ctx, func(ctx context.Context) (bool, error) {
		return fynehost.Custom(ctx, w, "Form", "OK", "Cancel", entry, check)
	})
	require.NoError(s, guest.Yield(ctx))
	ok, cancel := buttons(w)["OK"], buttons(w)["Cancel"]
	return &twins.Form{
		Answer:     answer,
		Confirm:    func() { test.Tap(ok) },
		CanConfirm: func() bool { return !ok.Disabled() },
		CanDismiss: func() bool { return !cancel.Disabled() },
		Dismiss: func(how string) {
			if how == "Escape" {
				press(w, fyne.KeyEscape)
			} else {
				test.Tap(cancel)
			}
		},
		Texts:  func() []string { return texts(w) },
		Usable: func() bool { return !entry.Disabled() && !shielded(w) },
		Disable: func(off bool) {
			if off {
				entry.Disable()
			} else {
				entry.Enable()
			}
		},
		Text: func() string { return entry.Text },
		Open: func() bool { return w.Canvas().Overlays().Top() != nil },
	}
}

// shielded reports whether something lies over the content of w's dialog and keeps the Tab key.
func shielded(w fyne.Window) bool {
	top := w.Canvas().Overlays().Top()
	return top != nil && slices.ContainsFunc(test.LaidOutObjects(top), func(o fyne.CanvasObject) bool {
		_, entry := o.(*widget.Entry)
		cover, ok := o.(fyne.Tabbable)
		return ok && !entry && o.Visible() && cover.AcceptsTab()
	})
}

func (p *twin) loops() map[string]func(main func(ctx context.Context) error) error {
	return map[string]func(main func(ctx context.Context) error) error{
		"guest.Run": func(main func(ctx context.Context) error) error {
			p.begin()
			code, err := guest.Run(p.host, func(ctx context.Context) (int, error) { return exitCode, main(ctx) }, nil)
			if err == nil && code != exitCode {
				err = errors.New("main's result is lost")
			}
			return err
		},
		"App.Run": func(main func(ctx context.Context) error) error {
			p.begin()
			g, err := guest.Start(p.host, main, nil)
			if err != nil {
				return err
			}
			if os.Getenv("WAY") == "Cancel" { // which ends the guest only
				go func() {
					<-g.Done()
					fyne.Do(p.app.Quit)
				}()
			}
			p.app.Run()
			return twins.Finished(g)
		},
	}
}

func (p *twin) ways() map[string]twins.Way[fyne.Window] {
	loops := []string{"guest.Run", "App.Run"}
	outside := func(act func(t *testing.T, p *screentest.Player)) twins.Way[fyne.Window] {
		return twins.Way[fyne.Window]{Loops: loops, Outside: act}
	}
	act := func(act func(g *guest.Guest, w fyne.Window)) twins.Way[fyne.Window] {
		return twins.Way[fyne.Window]{Loops: loops, Act: func(_ context.Context, g *guest.Guest, w fyne.Window) error {
			act(g, w)
			return nil
		}}
	}
	return map[string]twins.Way[fyne.Window]{
		"close button":              outside(twins.CloseButton),
		"tray":                      outside(nil), // see TestQuit
		"SIGINT":                    outside(signalled(syscall.SIGINT)),
		"SIGTERM":                   outside(signalled(syscall.SIGTERM)),
		"App.Quit":                  act(func(*guest.Guest, fyne.Window) { p.app.Quit() }),
		"App.Quit from a goroutine": act(func(*guest.Guest, fyne.Window) { go fyne.Do(p.app.Quit) }),
		"Window.Close":              act(func(_ *guest.Guest, w fyne.Window) { w.Close() }),
		// as the tray's menu does
		"Driver.Quit": act(func(*guest.Guest, fyne.Window) { go fyne.Do(p.app.Driver().Quit) }),
		"Cancel":      act(func(g *guest.Guest, _ fyne.Window) { g.Cancel(guest.ErrQuit) }),
	}
}

func signalled(s syscall.Signal) func(*testing.T, *screentest.Player) {
	return func(t *testing.T, p *screentest.Player) {
		screentest.NeedSignals(t)
		require.NoError(t, p.Signal(s))
		p.Hear("cause: guest: the host's loop has ended")
	}
}
