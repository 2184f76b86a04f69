package fynehost_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
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

func init() { stories["quit"] = quit }

const exitCode = 7 // of a program that ended as it wanted to

// quit ends an app in the way that WAY names, while 8 goroutines post and 100 tasks wait, and
// then looks whether everything that was accepted has run, once and on the UI thread, and
// whether all deferred calls have.
func quit() int {
	way, own := os.Getenv("WAY"), os.Getenv("OWN") != ""
	a := app.NewWithID("test")
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	if way == "tray" {
		addTray(a)
	}
	const posters, tasks = 8, 100
	var (
		accepted, ran, wrong atomic.Int64
		deferred             int // UI thread only
		wg                   sync.WaitGroup
	)
	body := func(ctx context.Context) (int, error) {
		g, _ := guest.FromContext(ctx)
		w := a.NewWindow("quit")
		label := widget.NewLabel("running")
		w.SetContent(label)
		w.Resize(fyne.NewSize(200, 100))
		fynehost.QuitOnClose(g, w, func(context.Context) (bool, error) {
			screentest.Say("closing")
			return true, nil
		})
		w.Show()
		for range tasks {
			guest.Go(ctx, func(ctx context.Context) error {
				defer func() {
					if !h.OnThread() {
						wrong.Add(1)
					}
					deferred++
				}()
				for guest.Sleep(ctx, time.Millisecond) == nil {
					label.SetText("working")
				}
				// a clean-up that takes its time
				_ = guest.Sleep(context.WithoutCancel(ctx), 10*time.Millisecond)
				return nil
			})
		}
		for range posters {
			wg.Go(func() {
				for n := 0; ; n++ {
					err := g.Post(func() {
						ran.Add(1)
						if !h.OnThread() {
							wrong.Add(1)
						}
					})
					if err != nil {
						return
					}
					accepted.Add(1)
					if n%100 == 0 {
						// else the flood is all that the machine does
						time.Sleep(100 * time.Microsecond)
					}
				}
			})
		}
		if err := guest.Sleep(ctx, 20*time.Millisecond); err != nil {
			return 0, err
		}
		switch way {
		case "App.Quit":
			a.Quit()
		case "App.Quit from a goroutine":
			go fyne.Do(a.Quit)
		case "Window.Close":
			w.Close()
		case "Driver.Quit": // as the tray's menu does
			go fyne.Do(a.Driver().Quit)
		case "Cancel":
			g.Cancel(guest.ErrQuit)
		default:
			screentest.Say("ready")
		}
		err := guest.Park(ctx)
		screentest.Say("cause: %v", context.Cause(ctx))
		if !errors.Is(err, guest.ErrQuit) && !errors.Is(err, guest.ErrHostGone) {
			return 0, fmt.Errorf("parked main ended by %w", err)
		}
		return exitCode, nil
	}
	code := 0
	var report guest.Report
	if own {
		g, err := guest.Start(h, func(ctx context.Context) (err error) {
			code, err = body(ctx)
			return err
		}, nil)
		if err != nil {
			panic(err)
		}
		if way == "Cancel" { // which ends the guest only
			go func() {
				<-g.Done()
				fyne.Do(a.Quit)
			}()
		}
		a.Run()
		report = g.Finish()
	} else {
		code, report.Err = guest.Run(h, body, nil)
	}
	wg.Wait()
	screentest.Say("accepted %d", accepted.Load())
	if report.Err != nil || len(report.Leaked) > 0 || report.Dropped > 0 || accepted.Load() != ran.Load() || wrong.Load() != 0 || deferred != tasks {
		screentest.Say("%v; ran %d, on a wrong thread %d, deferred %d of %d", report, ran.Load(), wrong.Load(), deferred, tasks)
		return 1
	}
	return code
}

func TestQuit(t *testing.T) {
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("QUIT_ROUNDS")); err == nil {
		rounds = n
	}
	bus := screentest.SessionBus(t)
	for way, act := range map[string]func(t *testing.T, p *screentest.Player){
		"close button": func(t *testing.T, p *screentest.Player) {
			screentest.CloseWindow(t, screentest.Window(t, "quit"))
			p.Hear("closing")
			p.Hear("cause: guest: quit")
		},
		"tray":                      func(t *testing.T, p *screentest.Player) { trayQuit(t, p, bus) },
		"SIGINT":                    signalled(syscall.SIGINT),
		"SIGTERM":                   signalled(syscall.SIGTERM),
		"App.Quit":                  nil,
		"App.Quit from a goroutine": nil,
		"Window.Close":              nil,
		"Driver.Quit":               nil,
		"Cancel":                    nil,
	} {
		t.Run(way, func(t *testing.T) {
			for i := range rounds {
				own := [...]string{"", "1"}[i%2]
				p := screentest.Start(t, "quit", "WAY="+way, "OWN="+own, bus)
				if act != nil {
					p.Hear("ready")
					act(t, p)
				}
				text := p.Ended(exitCode)
				require.NotContains(t, text, "\naccepted 0\n")
			}
		})
	}
}

func signalled(s syscall.Signal) func(*testing.T, *screentest.Player) {
	return func(t *testing.T, p *screentest.Player) {
		require.NoError(t, p.Signal(s))
		p.Hear("cause: guest: the host's loop has ended")
	}
}
