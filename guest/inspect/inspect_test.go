package inspect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/headless"
)

var errEnough = errors.New("enough")

func sleeper(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }

func parker(ctx context.Context) error { return guest.Park(ctx) }

func query(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }

// tree is a snapshot without the lines of functions and without the test's own task.
func tree(t *testing.T, ctx context.Context, g *guest.Guest) string {
	t.Helper()
	s, err := inspect.Tasks(ctx, g)
	require.NoError(t, err)
	text := regexp.MustCompile(`inspect_test\.go:\d+`).ReplaceAllString(s.String(), "test.go")
	return strings.ReplaceAll(text, "inspect_test.", "")
}

func TestSnapshotSaysWhatEachTaskWaitsFor(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		places := flow.NewSemaphore(0)
		_ = guest.Supervise(ctx, func(ctx context.Context) error {
			saver := guest.Go(inspect.Named(ctx, "autosave"), sleeper)
			guest.Go(ctx, func(ctx context.Context) error {
				return guest.Scope(ctx, func(ctx context.Context) error {
					guest.Go(ctx, sleeper)
					return places.Acquire(ctx, 1)
				})
			})
			guest.Go(ctx, func(ctx context.Context) error { return saver.Wait(ctx) })
			guest.Go(ctx, func(ctx context.Context) error {
				_, err := guest.Background(ctx, query)
				return err
			})
			guest.After(ctx, 10*time.Hour, sleeper)
			guest.Go(ctx, func(ctx context.Context) error { guest.Go(ctx, sleeper); return nil })
			g.Go(parker)
			deaf := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(context.WithoutCancel(ctx), time.Hour) })
			assert.NoError(t, guest.Sleep(ctx, time.Minute))
			deaf.Cancel(errEnough)
			_, lines, _ := strings.Cut(tree(t, ctx, g), "\n")
			_, lines, _ = strings.Cut(lines, "\n")
			assert.Equal(t, `│  ├─ autosave: sleeper (test.go): waits 1m0s in guest.Sleep, test.go
│  │  · waited for by TestSnapshotSaysWhatEachTaskWaitsFor.func1.1.2 (test.go)
│  ├─ TestSnapshotSaysWhatEachTaskWaitsFor.func1.1.1 (test.go): waits 1m0s in flow.(*Semaphore).Acquire, test.go
│  │  └─ sleeper (test.go): waits 1m0s in guest.Sleep, test.go
│  ├─ TestSnapshotSaysWhatEachTaskWaitsFor.func1.1.2 (test.go): waits 1m0s in guest.(*Task).Wait, test.go
│  │  · waits for autosave: sleeper (test.go)
│  ├─ TestSnapshotSaysWhatEachTaskWaitsFor.func1.1.3 (test.go): waits 1m0s in guest.Background, test.go
│  │  · off the UI thread: query (test.go)
│  ├─ sleeper (test.go): waits for the time of its start
│  ├─ TestSnapshotSaysWhatEachTaskWaitsFor.func1.1.4 (test.go): has returned, and waits for its tasks
│  │  └─ sleeper (test.go): waits 1m0s in guest.Sleep, test.go
│  └─ TestSnapshotSaysWhatEachTaskWaitsFor.func1.1.5 (test.go): waits 1m0s in guest.Sleep, test.go; cancelled: "enough"
└─ parker (test.go): waits 1m0s in guest.Park, test.go
`, lines)
			return errEnough // which ends them all
		})
	}, nil)
}

// What a named task starts has its context, and not its name.
func TestNamedIsForOneStart(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		named := inspect.Named(ctx, "outer")
		var inner []string
		task := guest.Go(named, func(ctx context.Context) error {
			derived, cancel := context.WithCancel(ctx)
			defer cancel()
			for _, ctx := range []context.Context{ctx, derived} {
				inner = append(inner, guest.Go(ctx, func(context.Context) error { return nil }).String())
			}
			return guest.Join(ctx)
		})
		require.NoError(t, task.Wait(ctx))
		require.True(t, strings.HasPrefix(task.String(), "outer: inspect_test."), task.String())
		for _, name := range inner {
			require.True(t, strings.HasPrefix(name, "inspect_test."), name)
		}
	}, nil)
}

func TestTasksIsAWaitLikeAnyOther(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		refused := guest.NewFuture[error]()
		require.NoError(t, g.Post(func() {
			_, err := inspect.Tasks(ctx, g)
			refused.Resolve(err)
		}))
		why, err := refused.Wait(ctx)
		require.NoError(t, err)
		require.ErrorIs(t, why, guest.ErrWouldDeadlock)

		s, err := guest.Background(ctx, func(ctx context.Context) (*inspect.Snapshot, error) { return inspect.Tasks(ctx, g) })
		require.NoError(t, err)
		require.Len(t, s.Tasks, 1)

		short, cancel := context.WithCancelCause(ctx)
		cancel(errEnough)
		_, err = inspect.Tasks(short, g)
		require.ErrorIs(t, err, errEnough)
	}, nil)
}

// A world is a guest in a loop on a goroutine of its own, in real time.
func world(t *testing.T) *guest.Guest {
	t.Helper()
	g, ended := started(t, func(*guest.Guest) {})
	t.Cleanup(func() { g.Cancel(nil); <-ended })
	return g
}

// started starts a guest on the goroutine of its loop, and has first called before that runs.
func started(t *testing.T, first func(g *guest.Guest)) (g *guest.Guest, ended chan struct{}) {
	t.Helper()
	ready, ended := make(chan *guest.Guest), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		h := headless.New()
		g, err := guest.Start(h, nil, &guest.Options{Private: true, Logger: slog.New(slog.DiscardHandler)})
		assert.NoError(t, err)
		first(g)
		ready <- g
		_ = h.Mainloop(func() error { return nil })
		g.Finish()
	}()
	return <-ready, ended
}

func TestTasksOfAnEndedGuestSaysSo(t *testing.T) {
	g := world(t)
	g.Cancel(nil)
	<-g.Done()
	_, err := inspect.Tasks(t.Context(), g)
	require.ErrorIs(t, err, guest.ErrFinished)
	var b strings.Builder
	require.NoError(t, inspect.Dump(t.Context(), &b, g))
	require.Equal(t, "guest ended: no tasks\n", b.String())
}

func holdsTheThread(locked *sync.Mutex) { locked.Lock() }

func TestDumpSaysWhatHoldsTheUIThread(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("nothing looks on while the only thread is held")
	}
	g := world(t)
	var m sync.Mutex
	m.Lock()
	let := sync.OnceFunc(m.Unlock)
	t.Cleanup(let)
	begun := make(chan struct{})
	// in the same coroutine as what follows
	require.NoError(t, g.Go(func(ctx context.Context) error {
		guest.Go(inspect.Named(ctx, "earlier"), func(context.Context) error { return nil })
		return nil
	}).Wait(t.Context()))
	task := g.Go(func(context.Context) error { close(begun); holdsTheThread(&m); return nil })
	<-begun
	var b strings.Builder
	require.NoError(t, inspect.Dump(t.Context(), &b, g))
	require.Contains(t, b.String(), "has not run its tasks for 1s")
	require.Contains(t, b.String(), "inspect_test.holdsTheThread (inspect_test.go:")
	require.Contains(t, b.String(), "waits for a mutex")
	require.NotContains(t, b.String(), "earlier")
	require.NotRegexp(t, `\((0x|[0-9]|\{)`, b.String(), "arguments show")
	let()
	require.NoError(t, task.Wait(t.Context()))
	b.Reset()
	require.NoError(t, inspect.Dump(t.Context(), &b, g))
	require.Contains(t, b.String(), "guest, running, 0 tasks")
}

// However often one looks: every wait ends as it should, and nothing is woken by it.
func TestLookingChangesNothing(t *testing.T) {
	g := world(t)
	var stop atomic.Bool
	var lookers sync.WaitGroup
	for range 4 {
		lookers.Go(func() {
			for !stop.Load() {
				_, err := inspect.Tasks(t.Context(), g)
				assert.NoError(t, err)
			}
		})
	}
	const tasks, rounds = 50, 50
	var done atomic.Int64
	x := flow.NewVar(0)
	work := g.Go(func(ctx context.Context) error {
		for i := range tasks {
			guest.Go(ctx, func(ctx context.Context) error {
				for n := range rounds {
					var err error
					switch (i + n) % 4 {
					case 0:
						err = guest.Yield(ctx)
					case 1:
						err = guest.Sleep(ctx, time.Microsecond)
					case 2:
						_, err = guest.Background(ctx, func(context.Context) (int, error) { return 0, nil })
					default:
						err = guest.Go(ctx, guest.Yield).Wait(ctx)
					}
					if err != nil {
						return err
					}
					done.Add(1)
					x.Set(n)
				}
				return nil
			})
		}
		return nil
	})
	require.NoError(t, work.Wait(t.Context()))
	stop.Store(true)
	lookers.Wait()
	require.Equal(t, int64(tasks*rounds), done.Load())
}

func TestSnapshotEndsWithTheGuest(t *testing.T) {
	patience, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for range 200 {
		g, ended := started(t, func(*guest.Guest) {})
		looked := make(chan error, 1)
		go func() { _, err := inspect.Tasks(patience, g); looked <- err }()
		g.Cancel(nil)
		if err := <-looked; err != nil {
			require.ErrorIs(t, err, guest.ErrFinished)
		}
		<-ended
	}
}

// A function that was accepted runs after posts are refused, and nothing is left then to apply
// a wish for a snapshot.
func TestSnapshotAskedForInTheLastBatchIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		patience, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		looked := make(chan error, 1)
		_, err := headless.Run(func(ctx context.Context) (any, error) {
			g, _ := guest.FromContext(ctx)
			return nil, g.Post(func() {
				assert.ErrorIs(t, g.Post(func() {}), guest.ErrFinished, "this is the last batch")
				go func() { _, err := inspect.Tasks(patience, g); looked <- err }()
				synctest.Wait() // it has asked
			})
		}, nil)
		require.NoError(t, err)
		require.ErrorIs(t, <-looked, guest.ErrFinished)
	})
}

// The same by chance, with other goroutines.
func TestSnapshotThatComesTooLateIsAnswered(t *testing.T) {
	patience, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range 2000 {
		var looks sync.WaitGroup
		_, ended := started(t, func(g *guest.Guest) {
			g.Cancel(nil)
			for range 3 {
				looks.Go(func() {
					for {
						if _, err := inspect.Tasks(patience, g); err != nil {
							assert.ErrorIs(t, err, guest.ErrFinished)
							return
						}
					}
				})
			}
		})
		looks.Wait()
		<-ended
	}
}

// A wait is named as one writes it, also where the compiler has put it into its caller.
func TestVerbsAreThoseOfTheProgram(t *testing.T) {
	var ch chan int // made in each bubble
	x, m, never := flow.NewVar(0), flow.NewMailbox[int](nil), guest.NewFuture[int]()
	for want, wait := range map[string]func(ctx context.Context) error{
		"flow.(*Var).Values": func(ctx context.Context) error {
			for _, err := range x.Values(ctx) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"flow.(*Mailbox).Batches": func(ctx context.Context) error {
			for _, err := range m.Batches(ctx) {
				return err
			}
			return nil
		},
		"flow.Each": func(ctx context.Context) error {
			for _, err := range flow.Each(ctx, ch) {
				return err
			}
			return nil
		},
		"flow.Recv": func(ctx context.Context) error { _, _, err := flow.Recv(ctx, ch); return err },
		"guest.AsCompleted": func(ctx context.Context) error {
			for _, err := range guest.AsCompleted(ctx, never) {
				return err
			}
			return nil
		},
		"guest.(*Future).Wait": func(ctx context.Context) error { _, err := never.Wait(ctx); return err },
		"guest.Await": func(ctx context.Context) error {
			_, err := guest.Await(ctx, func(func(int)) func() { return nil })
			return err
		},
	} {
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			ch, x, m, never = make(chan int), flow.NewVar(0), flow.NewMailbox[int](nil), guest.NewFuture[int]()
			g, _ := guest.FromContext(ctx)
			task := guest.Go(ctx, wait)
			defer task.Cancel(nil)
			assert.NoError(t, guest.Sleep(ctx, time.Second))
			s, err := inspect.Tasks(ctx, g)
			assert.NoError(t, err)
			assert.Equal(t, want, s.Tasks[0].Children[0].Verb)
			assert.Contains(t, s.Tasks[0].Children[0].At.File, "inspect_test.go")
		}, nil)
	}
}

// A task whose function is one of the library has no line of the program.
func TestVerbsOfTasksWithoutALineOfTheProgram(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		for want, start := range map[string]func(ctx context.Context){
			"guest.Submit": func(ctx context.Context) { guest.Submit(ctx, query) },
			"guest.Park":   func(ctx context.Context) { guest.Go(ctx, guest.Park) },
			// likewise after its time
			"guest.Join": func(ctx context.Context) {
				guest.After(ctx, time.Second, func(ctx context.Context) error { guest.Go(ctx, guest.Park); return guest.Join(ctx) })
			},
		} {
			task := g.Go(func(ctx context.Context) error { start(ctx); return nil })
			assert.NoError(t, guest.Sleep(ctx, time.Minute))
			s, err := inspect.Tasks(ctx, g)
			assert.NoError(t, err)
			got := s.Tasks[len(s.Tasks)-1].Children[0]
			assert.Equal(t, want, got.Verb)
			task.Cancel(nil)
			_ = task.Wait(ctx)
		}
		task := g.Go(func(ctx context.Context) error { guest.After(ctx, time.Second, guest.Park); return nil })
		assert.NoError(t, guest.Sleep(ctx, time.Minute))
		s, err := inspect.Tasks(ctx, g)
		assert.NoError(t, err)
		got := s.Tasks[len(s.Tasks)-1].Children[0]
		assert.Equal(t, "guest.Park: waits 59s in guest.Park", got.String())
		assert.Zero(t, got.Line)
		task.Cancel(nil)
		_ = task.Wait(ctx)
	}, nil)
}

// A future that is waited for twice by one call shows once.
func TestEachWaitShowsOnce(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		task := g.Go(func(ctx context.Context) error {
			f := guest.Async(ctx, func(ctx context.Context) (int, error) { return 1, guest.Park(ctx) })
			_, err := guest.All(ctx, f, f, f)
			return err
		})
		assert.NoError(t, guest.Sleep(ctx, time.Second))
		text := tree(t, ctx, g)
		assert.Equal(t, 1, strings.Count(text, "· waits for "), text)
		assert.Equal(t, 1, strings.Count(text, "· waited for by "), text)
		task.Cancel(nil)
		_ = task.Wait(ctx)
	}, nil)
}

// Without a guest, what only begins something says so at once, and not on its own goroutine.
func TestWithoutAGuestItSaysSo(t *testing.T) {
	for name, call := range map[string]func(g *guest.Guest){
		"Observe":  func(g *guest.Guest) { inspect.Observe(g, func(inspect.Event) {}) },
		"OnSignal": func(g *guest.Guest) { inspect.OnSignal(g, io.Discard, os.Interrupt) },
		"Tasks":    func(g *guest.Guest) { _, _ = inspect.Tasks(t.Context(), g) },
		"Dump":     func(g *guest.Guest) { _ = inspect.Dump(t.Context(), io.Discard, g) },
	} {
		for _, g := range []*guest.Guest{nil, {}} {
			func() {
				defer func() { assert.Contains(t, fmt.Sprint(recover()), "called on a nil or zero Guest", name) }()
				call(g)
			}()
		}
	}
	require.PanicsWithValue(t, "inspect: LogHandler called with a nil handler; pass the one that writes the records",
		func() { inspect.LogHandler(nil) })
}

// A cache has a lock that two work under.
type cache struct{ mu sync.Mutex }

//go:noinline
func (c *cache) fill(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

//go:noinline
func (c *cache) get(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return nil
}

func (c *cache) locked() bool {
	if c.mu.TryLock() {
		c.mu.Unlock()
		return false
	}
	return true
}

// A function off the UI thread that is blocked: where, in what, and by whom.
func TestDumpSaysWhereBackgroundFunctionsStand(t *testing.T) {
	g := world(t)
	c := new(cache)
	fills := g.Go(func(ctx context.Context) error { return guest.BackgroundFunc(inspect.Named(ctx, "fill"), c.fill) })
	require.Eventually(t, c.locked, 10*time.Second, time.Millisecond)
	gets := g.Go(func(ctx context.Context) error { return guest.BackgroundFunc(ctx, c.get) })
	var b strings.Builder
	for begun := time.Now(); !strings.Contains(b.String(), "waits for a mutex"); {
		require.Less(t, time.Since(begun), 10*time.Second, b.String())
		b.Reset()
		require.NoError(t, inspect.Dump(t.Context(), &b, g))
	}
	require.Regexp(t, `(?m)·   inspect_test\.\(\*cache\)\.get \(inspect_test\.go:\d+\) waits for a mutex$`, b.String())
	require.Regexp(t, `·     fill: inspect_test\.\(\*cache\)\.fill \(inspect_test\.go:\d+\) works on .*, and likely holds the lock; `+
		`it waits to receive from a channel`, b.String())
	fills.Cancel(nil)
	require.NoError(t, gets.Wait(t.Context()))
}
