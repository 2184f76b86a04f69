package fynehost_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("keep", keep)
	stories.Add("long unwinding", longUnwinding)
}

// home returns the variable that makes a story keep its preferences in a folder of the test.
func home(t *testing.T) (env string) {
	variable := "XDG_CONFIG_HOME"
	switch runtime.GOOS {
	case "windows":
		variable = "USERPROFILE"
	case "darwin":
		variable = "HOME"
	}
	return variable + "=" + t.TempDir()
}

// preferencesFile returns where Fyne keeps the preferences of a, which depends on the system.
func preferencesFile(a fyne.App) string {
	return filepath.Join(filepath.FromSlash(a.Storage().RootURI().Path()), "preferences.json")
}

const keptIn = "preferences are in "

// keptApp is the app of a story whose preferences the test reads.
func keptApp() fyne.App {
	a := app.NewWithID("test")
	screentest.Say(keptIn+"%s", preferencesFile(a))
	return a
}

// kept returns what p, which has a keptApp, has kept.
func kept(t *testing.T, p *screentest.Player) (preferences map[string]any) {
	t.Helper()
	_, file, said := strings.Cut(p.Text(), keptIn)
	require.True(t, said, p.Text())
	file, _, _ = strings.Cut(file, "\n")
	text, err := os.ReadFile(strings.TrimSpace(file))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &preferences), string(text))
	return preferences
}

// keep is a program that writes a preference wherever it can while it ends, in the way that
// WAY names: in the handler that quits, in a deferred call, and in its OnStopped hook, which
// it sets at the time that HOOK names. Fyne saves a change at once, unless it has just saved
// another: so each of these would be lost without a save that comes later.
func keep() int {
	way, own, when := os.Getenv("WAY"), os.Getenv("OWN") != "", os.Getenv("HOOK")
	a := keptApp()
	prefs := a.Preferences()
	var h *fynehost.Host
	hook := func(now string) {
		if now == when {
			a.Lifecycle().SetOnStopped(func() {
				prefs.SetString("stopped", "x")
				screentest.Say("stopped, on the UI thread: %v", h.OnThread())
			})
		}
	}
	hook("before New")
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	hook("after New")
	handle := func() { // what a handler does that is about to quit
		hook("in a handler")
		prefs.SetString("first", "x")
		prefs.SetString("handled", "x")
	}
	body := func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		w := a.NewWindow(os.Getenv("TITLE"))
		w.SetContent(widget.NewButton("quit", func() {
			screentest.Say("tapped")
			handle()
			if way == "panic through C" {
				panic("mine")
			}
			a.Quit()
		}))
		w.Resize(fyne.NewSize(100, 100))
		w.Show()
		hook("in main")
		guest.Go(ctx, func(ctx context.Context) error {
			defer func() {
				prefs.SetString("deferred", "x")
				screentest.Say("deferred")
				for way == "killed" {
					_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
				}
			}()
			_ = guest.Park(ctx)
			return guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
		})
		if err := guest.Yield(ctx); err != nil { // the task has begun
			return err
		}
		switch way {
		case "App.Quit in a task", "killed":
			handle()
			a.Quit()
		case "App.Quit posted":
			_ = g.Post(func() { handle(); a.Quit() })
		case "App.Quit by fyne.Do":
			go fyne.Do(func() { handle(); a.Quit() })
		case "Driver.Quit": // as a tray's menu does
			go fyne.Do(func() { handle(); a.Driver().Quit() })
		case "Window.Close":
			fyne.Do(func() { handle(); w.Close() })
		case "Cancel":
			fyne.Do(func() { handle(); g.Cancel(guest.ErrQuit) })
		case "main returns":
			handle()
			g.Cancel(guest.ErrQuit) // its task with it
			return nil
		case "panic":
			fyne.Do(func() { handle(); panic("mine") })
		case "close button":
			w.SetOnClosed(handle)
			screentest.Say("ready")
		case "close button as a request":
			fynehost.QuitOnClose(g, w, func(context.Context) (bool, error) { handle(); return true, nil })
			screentest.Say("ready")
		default: // a signal, or a click
			fyne.Do(func() { handle(); screentest.Say("ready") })
		}
		return guest.Park(ctx)
	}
	if !own {
		err = guest.RunTask(h, body, nil)
	} else {
		g, err2 := guest.Start(h, body, nil)
		if err2 != nil {
			panic(err2)
		}
		defer func() {
			if report := g.Finish(); !guest.IsQuit(report.Err) {
				err = report.Err
			}
			screentest.Say("finished: %v", err)
		}()
		if way == "Cancel" || way == "main returns" { // which end the guest only
			go func() {
				<-g.Done()
				fyne.Do(a.Quit)
			}()
		}
		a.Run()
		return 0
	}
	screentest.Say("finished: %v", err)
	return 0
}

// A way to quit.
type quitWay struct {
	act    func(t *testing.T, p *screentest.Player, title string)
	panics bool
	shared bool // it looks for no window, which fails while other windows come and go
}

func signalledBy(s syscall.Signal) func(t *testing.T, p *screentest.Player, title string) {
	return func(t *testing.T, p *screentest.Player, _ string) {
		screentest.NeedSignals(t)
		p.Hear("ready")
		require.NoError(t, p.Signal(s))
	}
}

func closed(t *testing.T, p *screentest.Player, title string) {
	p.Hear("ready")
	screentest.CloseWindow(t, screentest.Window(t, title))
}

func clicked(t *testing.T, p *screentest.Player, title string) {
	p.ClickUntil("tapped", screentest.Window(t, title), "50", "50")
}

var quitWays = map[string]quitWay{
	"App.Quit in a handler":     {act: clicked},
	"App.Quit in a task":        {shared: true},
	"App.Quit posted":           {shared: true},
	"App.Quit by fyne.Do":       {shared: true},
	"Driver.Quit":               {shared: true},
	"Window.Close":              {shared: true},
	"Cancel":                    {shared: true},
	"main returns":              {shared: true},
	"SIGINT":                    {act: signalledBy(syscall.SIGINT), shared: true},
	"SIGTERM":                   {act: signalledBy(syscall.SIGTERM), shared: true},
	"close button":              {act: closed},
	"close button as a request": {act: closed},
	"panic":                     {panics: true, shared: true},
	"panic through C":           {act: clicked, panics: true},
}

// hookTimes are when a program sets its OnStopped hook.
var hookTimes = []string{"before New", "after New", "in main", "in a handler"}

func TestPreferencesWrittenWhileQuittingAreOnDisk(t *testing.T) {
	for way, q := range quitWays {
		for _, own := range []string{"", "1"} {
			if own != "" && way == "panic through C" {
				continue // there tasks can't be unwound, which the guest says in the log
			}
			for _, hook := range hookTimes {
				name := way + ", Run"
				if own != "" {
					name = way + ", own loop"
				}
				name += ", hook set " + hook
				t.Run(name, func(t *testing.T) {
					if q.shared {
						t.Parallel()
					}
					title := strings.ReplaceAll(name, ",", "")
					p := screentest.Start(t, "keep", home(t),
						"WAY="+way, "OWN="+own, "HOOK="+hook, "TITLE="+title)
					if q.act != nil {
						q.act(t, p, title)
					}
					if q.panics {
						<-p.End
						require.Error(t, p.Err)
						require.Contains(t, p.Text(), "panic: mine")
					} else {
						p.Ended(0)
					}
					text := p.Text()
					preferences := kept(t, p)
					for _, key := range []string{"first", "handled", "deferred", "stopped"} {
						require.Equal(t, "x", preferences[key], key+" in "+text)
					}
					require.Equal(t, 1, strings.Count(text, "stopped"), text)
					require.Regexp(t, `(?s)deferred\n.*stopped, on the UI thread: true`, text)
				})
			}
		}
	}
}

// A session manager may kill what does not end soon.
func TestPreferencesAreOnDiskWhileTasksUnwind(t *testing.T) {
	for _, own := range []string{"", "1"} {
		t.Run("OWN="+own, func(t *testing.T) {
			t.Parallel()
			p := screentest.Start(t, "keep", home(t), "WAY=killed", "OWN="+own)
			p.Hear("deferred")
			require.NoError(t, p.Signal(syscall.SIGKILL))
			<-p.End
			require.Equal(t, map[string]any{"first": "x", "handled": "x"}, kept(t, p), p.Text())
		})
	}
}

// longUnwinding unwinds for longer than Fyne waits, after a save, before it looks whether to
// save again.
func longUnwinding() int {
	a := keptApp()
	file := preferencesFile(a)
	err := fynehost.Run(a, func(ctx context.Context) error {
		defer func() {
			before, _ := os.Stat(file)
			a.Preferences().SetString("deferred", "x")
			_ = guest.Sleep(context.WithoutCancel(ctx), 300*time.Millisecond)
			after, _ := os.Stat(file)
			screentest.Say("written meanwhile: %v", !after.ModTime().Equal(before.ModTime()))
		}()
		a.Quit()
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v", err)
	return 0
}

// What saves on another goroutine may be cut off by the program's end, and then the file is
// empty.
func TestPreferencesAreNotSavedOffTheUIThreadWhileTasksUnwind(t *testing.T) {
	p := screentest.Start(t, "long unwinding", home(t))
	require.Contains(t, p.Ended(0), "written meanwhile: false\n")
	require.Equal(t, map[string]any{"deferred": "x"}, kept(t, p))
}
