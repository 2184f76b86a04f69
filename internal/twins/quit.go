package twins

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// Quits holds the ways to quit, and the loops with a guest that they end.
type Quits[W any] struct {
	// Loops run main in a guest, and return the guest's error.
	Loops map[string]func(main func(ctx context.Context) error) error
	Ways  map[string]Way[W]
	// Rounds is how often each way is played with each loop, unless QUIT_ROUNDS is set.
	Rounds int
}

// A Way to quit is an act of main, of the user, or of the system.
type Way[W any] struct {
	Loops   []string
	Act     func(ctx context.Context, g *guest.Guest, w W) error // UI thread only
	Outside func(t *testing.T, p *screentest.Player)
}

// CloseButton quits by the button of the window's frame.
func CloseButton(t *testing.T, p *screentest.Player) {
	screentest.CloseWindow(t, screentest.Window(t, "quit"))
	p.Hear("closing")
	p.Hear("cause: guest: quit")
}

// Finished finishes a guest whose loop has returned, and returns its error. It counts it as an
// error if something was left.
func Finished(g *guest.Guest) error {
	report := g.Finish()
	if len(report.Leaked) > 0 || report.Dropped > 0 {
		return errors.New(report.String())
	}
	return report.Err
}

// A crowd is busy while the program quits, and counts what it does.
type crowd struct {
	onThread             func() bool
	accepted, ran, wrong atomic.Int64
	deferred             int // UI thread only
	posters              sync.WaitGroup
}

const posters, workers = 8, 100

func (c *crowd) look() {
	if !c.onThread() {
		c.wrong.Add(1)
	}
}

// start starts 8 goroutines that post, and 100 tasks that work.
func (c *crowd) start(ctx context.Context, g *guest.Guest, work func()) {
	for range workers {
		guest.Go(ctx, func(ctx context.Context) error {
			defer func() { c.look(); c.deferred++ }()
			for guest.Sleep(ctx, time.Millisecond) == nil {
				work()
			}
			// a clean-up that takes its time
			_ = guest.Sleep(context.WithoutCancel(ctx), 10*time.Millisecond)
			return nil
		})
	}
	for range posters {
		c.posters.Go(func() {
			for n := 0; g.Post(func() { c.look(); c.ran.Add(1) }) == nil; n++ {
				c.accepted.Add(1)
				if n%100 == 0 {
					// otherwise the machine would do nothing but post
					time.Sleep(100 * time.Microsecond)
				}
			}
		})
	}
}

// Quit ends a loop in the way that WAY names, while a crowd is busy. Then it checks that
// everything accepted has run, once and on the UI thread, and that all deferred calls have run.
// It is the story "quit".
func (kit *Toolkit[W]) Quit() int {
	code, c := 1, &crowd{onThread: kit.OnThread}
	err := kit.Quits.Loops[os.Getenv("LOOP")](func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		w, setText := kit.Window("quit", "running", func() {})
		kit.QuitOnClose(g, w, func(context.Context) (bool, error) {
			screentest.Say("closing")
			return true, nil
		})
		c.start(ctx, g, func() { setText("working") })
		if err := guest.Sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
		if act := kit.Quits.Ways[os.Getenv("WAY")].Act; act == nil {
			screentest.Say("ready")
		} else if err := act(ctx, g, w); err != nil {
			return err
		}
		err := guest.Park(ctx)
		screentest.Say("cause: %v", context.Cause(ctx))
		if !errors.Is(err, guest.ErrQuit) && !errors.Is(err, guest.ErrHostGone) {
			return fmt.Errorf("parked main ended by %w", err)
		}
		code = ExitCode
		return nil
	})
	c.posters.Wait()
	screentest.Say("accepted %d", c.accepted.Load())
	if err != nil || c.accepted.Load() != c.ran.Load() || c.wrong.Load() != 0 || c.deferred != workers {
		screentest.Say("%v; ran %d, on a wrong thread %d, deferred %d of %d", err, c.ran.Load(), c.wrong.Load(), c.deferred, workers)
		return 1
	}
	return code
}

// TestQuit plays and checks all ways to quit.
func (kit *Toolkit[W]) TestQuit(t *testing.T, env ...string) {
	rounds := kit.Quits.Rounds
	if n, err := strconv.Atoi(os.Getenv("QUIT_ROUNDS")); err == nil {
		rounds = n
	}
	for name, way := range kit.Quits.Ways {
		for _, loop := range way.Loops {
			t.Run(name+"/"+loop, func(t *testing.T) {
				if way.Outside == nil {
					t.Parallel() // nothing is clicked
				}
				for range rounds {
					p := start(t, "quit", loop, append(env[:len(env):len(env)], "WAY="+name)...)
					if way.Outside != nil {
						p.Hear("ready")
						way.Outside(t, p)
					}
					require.NotContains(t, ended(t, p), "\naccepted 0\n")
				}
			})
		}
	}
}
