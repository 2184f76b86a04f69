package guest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

// A scriptLoop is a main loop that keeps the contract, except where its script takes a call over. It works in a synctest
// bubble. Its owner reads turns and outcomes on the loop's thread, or after the loop.
type scriptLoop struct {
	mu     sync.Mutex
	cond   sync.Cond
	queue  []func()
	ended  bool
	thread atomic.Uint64

	asked    atomic.Int64   // calls that the guest asked for
	turns    int64          // functions that the loop has run
	outcomes []host.Outcome // what DoneCallback was told

	onAsk  func(fn func()) bool    // true: it has dealt with the call
	onTurn func()                  // before each function
	onIdle func()                  // before the loop looks whether it may sleep, and holds no lock
	onDone func(host.Outcome)      // in DoneCallback
	onMain func(func() error) bool // in Mainloop; true: go on as usual
	err    error                   // what Mainloop returns
	stays  bool                    // DoneCallback does not end the loop
}

var _ interface {
	host.Mainloop
	host.Threader
} = (*scriptLoop)(nil)

func (l *scriptLoop) RunSyncSoonThreadsafe(fn func()) {
	l.asked.Add(1)
	if l.onAsk == nil || !l.onAsk(fn) {
		l.post(fn)
	}
}

func (l *scriptLoop) RunSyncSoonNotThreadsafe(fn func()) { l.RunSyncSoonThreadsafe(fn) }

// post queues a function, as the contract says.
func (l *scriptLoop) post(fn func()) {
	l.mu.Lock()
	if !l.ended {
		l.queue = append(l.queue, fn)
	}
	l.mu.Unlock()
	l.cond.Signal()
}

// postFirst queues a function before all others.
func (l *scriptLoop) postFirst(fn func()) {
	l.mu.Lock()
	if !l.ended {
		l.queue = slices.Insert(l.queue, 0, fn)
	}
	l.mu.Unlock()
	l.cond.Signal()
}

func (l *scriptLoop) DoneCallback(o host.Outcome) {
	l.outcomes = append(l.outcomes, o)
	if !l.stays {
		l.quit()
	}
	if l.onDone != nil {
		l.onDone(o)
	}
}

// quit ends the loop and drops what is queued. Any goroutine.
func (l *scriptLoop) quit() {
	l.mu.Lock()
	l.ended, l.queue = true, nil
	l.mu.Unlock()
	l.cond.Signal()
}

func (l *scriptLoop) OnThread() bool {
	thread := l.thread.Load()
	return thread != 0 && thread == uint64(host.CurrentThread())
}

func (l *scriptLoop) Mainloop(startGuest func() error) error {
	l.cond.L = &l.mu
	l.thread.Store(uint64(host.CurrentThread()))
	defer l.quit()
	if l.onMain != nil && !l.onMain(startGuest) {
		return l.err
	}
	if startGuest != nil {
		if err := startGuest(); err != nil {
			return err
		}
	}
	for fn := l.next(true); fn != nil; fn = l.next(true) {
		l.run(fn)
	}
	return l.err
}

func (l *scriptLoop) run(fn func()) {
	l.turns++
	if l.onTurn != nil {
		l.onTurn()
	}
	fn()
}

// nest runs what is queued now, in a nested loop.
func (l *scriptLoop) nest() {
	for fn := l.next(false); fn != nil; fn = l.next(false) {
		l.run(fn)
	}
}

func (l *scriptLoop) next(wait bool) func() {
	if l.onIdle != nil && wait {
		l.onIdle()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for wait && len(l.queue) == 0 && !l.ended {
		l.cond.Wait()
	}
	if l.ended || len(l.queue) == 0 {
		return nil
	}
	fn := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return fn
}

// embedded runs the loop as a program does that has its own: Start, the loop, Finish.
func (l *scriptLoop) embedded(g *Guest) Report {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_ = l.Mainloop(nil)
	return g.Finish()
}

// elsewhere calls fn on another goroutine than the caller's, and waits for it.
func elsewhere(fn func()) {
	var wg sync.WaitGroup
	wg.Go(fn)
	wg.Wait()
}

// chapters fails the test when a step is made out of turn.
type chapters struct {
	t  *testing.T
	at atomic.Int32
}

func (c *chapters) step(n int32) {
	c.t.Helper()
	if at := c.at.Add(1); at != n {
		c.t.Errorf("step %d came as number %d", n, at)
	}
}

// A logbook keeps what is logged, a line for each record.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logbook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

func (b *logbook) lines() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(strings.Split(b.buf.String(), "\n"), func(s string) bool { return s == "" })
}

// count returns how many lines have what in them.
func (b *logbook) count(what string) (n int) {
	for _, line := range b.lines() {
		if strings.Contains(line, what) {
			n++
		}
	}
	return n
}

// mute is a logger for tests in which the log is not the point.
func mute() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// long is whether the tests that grow with the time they are given get much of it.
var long = os.Getenv("LODGER_LONG") != ""

// raced is whether this is a build for the race detector, in which memory and time say nothing.
var raced = func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}()

var seedFlag = flag.Uint64("hostile.seed", 0, "the seed of the hostile hosts; 0 takes new ones")

// The deeds that a hostile host may do with a call, instead of running it soon.
const (
	deedSoon = iota
	deedInline
	deedTwice
	deedLate
	deedFirst
	deedLost
	deedOnAnotherThread
	deedOnTwoThreads
	deedPanics
	deedPanicsLater
	deedInsideATask
	deedDies
	deeds
)

var deedNames = [deeds]string{"soon", "inline", "twice", "late", "out of order", "never", "on another thread",
	"on two threads at once", "panics instead", "runs it and panics", "inside the pump", "dies"}

// A trial is a guest at the mercy of a hostile host. All that it was given to do is counted.
type trial struct {
	l       *scriptLoop
	book    logbook
	deed    func() int
	nested  []func() // to be run inside a task
	g       *Guest
	others  sync.WaitGroup
	mu      sync.Mutex
	nPosts  int
	posted  map[int]bool // whether the post was accepted
	ran     map[int]int
	doneSet bool
	faults  []string
	begun   int
	undone  int // deferred calls that have run
}

func (tr *trial) fault(format string, args ...any) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.faults = append(tr.faults, fmt.Sprintf(format, args...))
}

// misdeed is the script of the host.
func (tr *trial) misdeed(fn func()) bool {
	switch tr.deed() {
	case deedInline:
		fn()
	case deedTwice:
		tr.l.post(fn)
		tr.l.post(fn)
	case deedLate:
		time.AfterFunc(3*time.Second, func() { tr.l.post(fn) })
	case deedFirst:
		tr.l.postFirst(fn)
	case deedLost:
	case deedOnAnotherThread:
		tr.others.Go(fn)
	case deedOnTwoThreads:
		tr.others.Go(fn)
		tr.l.post(fn)
	case deedPanics:
		panic(fmt.Sprintf("hostile %d", tr.l.asked.Load()))
	case deedPanicsLater:
		tr.l.post(fn)
		panic("hostile")
	case deedInsideATask:
		tr.mu.Lock()
		tr.nested = append(tr.nested, fn)
		tr.mu.Unlock()
	case deedDies:
		tr.l.post(fn)
		tr.l.post(tr.l.quit)
	default:
		return false
	}
	return true
}

// post posts a function that counts itself. Any goroutine.
func (tr *trial) post() {
	tr.mu.Lock()
	id := tr.nPosts
	tr.nPosts++
	tr.mu.Unlock()
	err := tr.g.Post(func() {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.ran[id]++
		if tr.doneSet {
			tr.faults = append(tr.faults, "a post ran after DoneCallback")
		}
	})
	switch err {
	case nil:
		tr.mu.Lock()
		tr.posted[id] = true
		tr.mu.Unlock()
	case ErrFinished:
	default:
		tr.fault("Post returned %v", err)
	}
}

// task counts itself in, and out in a deferred call.
func (tr *trial) task(fn func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		if !tr.l.OnThread() {
			tr.fault("a task ran on a wrong thread")
		}
		tr.begun++ // without a lock: the race detector sees that tasks run on one thread
		defer func() { tr.undone++ }()
		tr.nest()
		return fn(ctx)
	}
}

// nest makes a host that re-enters the pump do so: in a task.
func (tr *trial) nest() {
	tr.mu.Lock()
	fns := tr.nested
	tr.nested = nil
	tr.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
}

func (tr *trial) main(ctx context.Context) error {
	tr.post() // in the first step
	for i := range 4 {
		Go(ctx, tr.task(func(ctx context.Context) error {
			for range 5 {
				tr.nest()
				tr.post() // in a later step
				if err := Sleep(ctx, time.Duration(i+1)*700*time.Millisecond); err != nil {
					_ = Sleep(context.WithoutCancel(ctx), time.Second) // clean-up
					return err
				}
				for range 3 {
					if err := Yield(ctx); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	Go(ctx, tr.task(func(ctx context.Context) error {
		_, err := Background(ctx, func(ctx context.Context) (int, error) {
			time.Sleep(2 * time.Second)
			tr.post()
			return 0, nil
		})
		return err
	}))
	Go(ctx, tr.task(func(ctx context.Context) error {
		for range 3 {
			if err := Modal(ctx, func() { tr.post() }); err != nil {
				return err
			}
		}
		return nil
	}))
	return Park(ctx)
}

// run plays the story: from outside come posts, a cancellation, and at last, if the guest still lives, the end of the loop.
func (tr *trial) run(t *testing.T, hasThread bool) {
	tr.posted, tr.ran = make(map[int]bool), make(map[int]int)
	tr.l = &scriptLoop{onAsk: tr.misdeed, onDone: func(host.Outcome) { tr.mu.Lock(); tr.doneSet = true; tr.mu.Unlock() }}
	opts := &Options{Logger: tr.book.logger(), Grace: 2 * time.Second}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if hasThread {
		tr.l.thread.Store(uint64(host.CurrentThread()))
	}
	var err error
	tr.g, err = Start(tr.l, tr.task(tr.main), opts)
	require.NoError(t, err)
	tr.post() // at the start
	began := time.Now()
	var outside sync.WaitGroup
	for range 2 {
		outside.Go(func() {
			for range 10 {
				tr.post()
				tr.g.Go(tr.task(func(ctx context.Context) error { return Yield(ctx) }))
				time.Sleep(1500 * time.Millisecond)
			}
		})
	}
	outside.Go(func() {
		time.Sleep(20 * time.Second)
		tr.g.Cancel(nil)
		for range 10 {
			tr.post() // while it is cancelled, and closes
			time.Sleep(1100 * time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		tr.l.quit()
	})
	_ = tr.l.Mainloop(nil)
	left := time.Now()
	report := tr.g.Finish()
	require.LessOrEqual(t, time.Since(left), 3*2*time.Second)
	require.LessOrEqual(t, time.Since(began), time.Minute)
	outside.Wait()
	tr.others.Wait()
	tr.post() // after done
	tr.g.Cancel(nil)

	require.Empty(t, tr.faults)
	require.Len(t, tr.l.outcomes, 1)
	require.Zero(t, report.Dropped)
	require.Empty(t, report.Leaked)
	require.Equal(t, tr.begun, tr.undone, "deferred calls")
	for id := range tr.nPosts {
		want := 0
		if tr.posted[id] {
			want = 1
		}
		require.Equal(t, want, tr.ran[id], "post %d", id)
	}
	for _, line := range tr.book.lines() {
		require.Contains(t, line, "guest: ")
		require.Equal(t, 1, tr.book.count(line), "said more than once: %s", line)
	}
	require.NotErrorIs(t, report.Err, ErrGoexit)
}

// TestAHostileHostNeitherLosesNorRepeatsWork lets the host do one thing always, and then at random.
func TestAHostileHostNeitherLosesNorRepeatsWork(t *testing.T) {
	for d, name := range deedNames {
		t.Run("always "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				(&trial{deed: func() int { return d }}).run(t, true)
			})
		})
		t.Run("after three calls "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var n atomic.Int32
				(&trial{deed: func() int {
					if n.Add(1) <= 3 {
						return deedSoon
					}
					return d
				}}).run(t, true)
			})
		})
	}
	rounds := 150
	if long {
		rounds = 5000
	}
	seed := *seedFlag
	if seed != 0 {
		rounds = 1
	}
	t.Run("at random", func(t *testing.T) {
		for range rounds {
			s := seed
			if s == 0 {
				s = rand.Uint64()
			}
			ok := t.Run("", func(t *testing.T) {
				t.Logf("replay with -hostile.seed=%d", s)
				synctest.Test(t, func(t *testing.T) {
					var mu sync.Mutex
					r := rand.New(rand.NewPCG(s, 0))
					mild := r.IntN(10)
					(&trial{deed: func() int {
						mu.Lock()
						defer mu.Unlock()
						if r.IntN(10) < mild {
							return deedSoon
						}
						d := r.IntN(deeds)
						if d == deedDies && r.IntN(10) > 0 {
							return deedSoon
						}
						return d
					}}).run(t, true)
				})
			})
			if !ok {
				return
			}
		}
	})
}

// FuzzHostileHost writes the script of the host: a byte for each call of ours. When it is over, the host is a good one.
func FuzzHostileHost(f *testing.F) {
	f.Add([]byte{})
	for d := range byte(deeds) {
		f.Add([]byte{deedSoon, d, deedSoon, deedSoon, d, d})
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int64
			(&trial{deed: func() int {
				if i := int(n.Add(1)) - 1; i < len(script) {
					return int(script[i]) % deeds
				}
				return deedSoon
			}}).run(t, true)
		})
	})
}

func TestAnInlineHostIsToldSoOnceAndNothingRunsInline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		l.onAsk = func(fn func()) bool { fn(); return true }
		ran := 0
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		l.thread.Store(uint64(host.CurrentThread()))
		g, err := Start(l, func(context.Context) error { ran++; return nil }, &Options{Logger: book.logger()})
		require.NoError(t, err)
		for range 10 {
			require.NoError(t, g.Post(func() { ran++ }))
			time.Sleep(2 * time.Second) // so that each post asks again
		}
		require.Zero(t, ran)
		require.Greater(t, l.asked.Load(), int64(5))
		require.Equal(t, []string{`level=ERROR msg="guest: the host broke its contract: it ran a wake-up inside the call that ` +
			`asked for it; prove it with host/hosttest" host=*guest.scriptLoop`}, book.lines())
		require.NoError(t, g.Finish().Err)
		require.Equal(t, 11, ran)
	})
}

func TestALostWakeUpIsAskedForAgainByALaterPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var deaf atomic.Bool
		deaf.Store(true)
		l.onAsk = func(func()) bool { return deaf.Load() }
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		go func() {
			require.NoError(t, g.Post(func() {}))
			deaf.Store(false)
			time.Sleep(overdue / 2)
			asked := l.asked.Load()
			require.NoError(t, g.Post(func() {}))
			require.Equal(t, asked, l.asked.Load(), "too early to count as lost")
			time.Sleep(overdue)
			require.NoError(t, g.Post(func() {}))
			require.Equal(t, asked+1, l.asked.Load())
			g.Cancel(nil)
		}()
		require.NoError(t, l.embedded(g).Err)
	})
}

func TestALostWakeUpIsAskedForAgainByTheNextTimer(t *testing.T) {
	for name, after := range map[string]time.Duration{"within a second": overdue / 2, "later": 2 * overdue} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &scriptLoop{}
				var deaf atomic.Bool
				l.onAsk = func(func()) bool { return deaf.Load() }
				g, err := Start(l, func(ctx context.Context) error { return Sleep(ctx, after) }, nil)
				require.NoError(t, err)
				go func() {
					synctest.Wait()
					deaf.Store(true)
					require.NoError(t, g.Post(func() {}))
					deaf.Store(false) // nobody else will post
				}()
				began := time.Now()
				require.NoError(t, l.embedded(g).Err)
				require.Equal(t, after, time.Since(began))
			})
		})
	}
}

// TestARepeatedWakeUpDoesNotMultiply: or else a busy guest on a host that runs a call twice would ask for one more each time.
func TestARepeatedWakeUpDoesNotMultiply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		l.onAsk = func(fn func()) bool { l.post(fn); l.post(fn); return true }
		g, err := Start(l, func(ctx context.Context) error {
			for {
				if err := Yield(ctx); err != nil {
					return err
				}
			}
		}, nil)
		require.NoError(t, err)
		longest := 0
		l.onTurn = func() {
			longest = max(longest, len(l.queue))
			if l.turns == 200 {
				g.Cancel(nil)
			}
		}
		require.ErrorIs(t, l.embedded(g).Err, ErrQuit)
		require.LessOrEqual(t, longest, 4)
		require.LessOrEqual(t, l.asked.Load(), l.turns)
	})
}

func TestAHostThatPanicsIsToldSoOnceHoweverItPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		l.onAsk = func(func()) bool { panic(l.asked.Load()) } // another value each time
		g, err := Start(l, nil, &Options{Logger: book.logger()})
		require.NoError(t, err)
		for range 5 {
			time.Sleep(2 * overdue)
			require.NoError(t, g.Post(func() {}))
		}
		require.Equal(t, int64(6), l.asked.Load())
		require.Len(t, book.lines(), 1)
		require.Contains(t, book.lines()[0], "its RunSyncSoon method panicked")
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		require.NoError(t, g.Finish().Err)
	})
}

// TestAModalCallThatTheHostOwesCanBeCancelled: Modal waits for as long as the host owes the call, or until it is cancelled.
func TestAModalCallThatTheHostOwesCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(ctx context.Context) error {
			deaf := true
			l.onAsk = func(fn func()) bool { return deaf && fmt.Sprintf("%p", fn) == fmt.Sprintf("%p", g.modal) }
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			err := Modal(ctx, func() { t.Error("a withdrawn call ran") })
			deaf = false
			return err
		}, nil)
		require.NoError(t, err)
		require.ErrorIs(t, l.embedded(g).Err, context.DeadlineExceeded)
		l.queue = nil
		g.modal() // much too late
	})
}

func TestAModalCallThatIsRefusedNeverBegins(t *testing.T) {
	// The refusal gives way when the budget is spent, and the host's call comes just then.
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(ctx context.Context) error {
			t := Go(ctx, func(ctx context.Context) error {
				ran := false
				l.onAsk = func(fn func()) bool {
					if fmt.Sprintf("%p", fn) == fmt.Sprintf("%p", g.modal) {
						return true // comes below
					}
					return false
				}
				err := Modal(ctx, func() { ran = true })
				if err != nil && ran {
					return errors.New("refused, and yet it ran")
				}
				return nil
			})
			if err := Yield(ctx); err != nil {
				return err
			}
			if err := Sleep(ctx, time.Second); err != nil {
				return err
			}
			t.Cancel(nil)
			if err := Yield(ctx); err != nil { // now the task has been woken, behind this one
				return err
			}
			g.clock.left, g.clock.steps = 2, 0 // and the budget is spent in its step
			l.postFirst(g.modal)
			return t.Await(ctx)
		}, nil)
		require.NoError(t, err)
		require.NoError(t, l.embedded(g).Err)
	})
}

// TestTheRunsThreadIsThatOfTheFirstWakeUpOnlyIfTheHostDoesNotSay: nothing better is known then.
func TestTheRunsThreadIsThatOfTheFirstWakeUpOnlyIfTheHostDoesNotSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		bare := struct{ host.Host }{l} // no Threader
		g, err := Start(&bare, nil, nil)
		require.NoError(t, err)
		g.Cancel(nil)
		require.NoError(t, l.embedded(g).Err)
		require.EqualValues(t, g.thread.Load(), l.thread.Load())
	})
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		l.thread.Store(1 << 40) // some thread, and not ours
		g, err := Start(l, nil, &Options{Logger: book.logger()})
		require.NoError(t, err)
		l.nest()
		require.Equal(t, 1, book.count("it ran a wake-up on another thread than its own"))
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		g.Finish()
	})
}

func TestANestedLoopInATaskPausesTheTasksAndIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		c := &chapters{t: t}
		var wake func()
		l.onAsk = func(fn func()) bool { wake = fn; return false }
		g, err := Start(l, func(ctx context.Context) error {
			c.step(1)
			other := Go(ctx, func(context.Context) error { c.step(4); return nil })
			l.post(wake) // as a toolkit does that was asked before
			l.post(func() { c.step(2) })
			l.nest()
			c.step(3)
			return other.Await(ctx)
		}, &Options{Logger: book.logger()})
		require.NoError(t, err)
		require.NoError(t, l.embedded(g).Err)
		c.step(5)
		require.Len(t, book.lines(), 1)
		require.Contains(t, book.lines()[0], "runs a nested loop")
		require.Contains(t, book.lines()[0], "guest.Modal")
		require.Contains(t, book.lines()[0], "TestANestedLoopInATask")
	})
}

// TestALoggerThatPanicsOrExitsHarmsNobody: not even where the guest says something from the pump itself.
func TestALoggerThatPanicsOrExitsHarmsNobody(t *testing.T) {
	for name, harm := range map[string]func(){"panics": func() { panic("logger") }, "exits": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &scriptLoop{}
				records := 0
				logger := slog.New(handlerFunc(func(slog.Record) { records++; harm() }))
				g, err := Start(l, func(ctx context.Context) error {
					g, _ := FromContext(ctx)
					g.Go(func(context.Context) error { return errors.New("unobserved") })
					assert.NoError(t, g.Post(func() { panic("posted") }))
					assert.NoError(t, g.Post(runtime.Goexit))
					_ = Park(ctx)
					return Sleep(context.WithoutCancel(ctx), time.Minute) // beyond the grace: it is named
				}, &Options{Logger: logger, Grace: time.Second})
				require.NoError(t, err)
				time.AfterFunc(time.Second, func() { g.Cancel(nil) })
				require.NoError(t, l.embedded(g).Err)
				require.Equal(t, 4, records)
			})
		})
	}
}

type handlerFunc func(slog.Record)

func (handlerFunc) Enabled(context.Context, slog.Level) bool        { return true }
func (h handlerFunc) Handle(_ context.Context, r slog.Record) error { h(r); return nil }
func (h handlerFunc) WithAttrs([]slog.Attr) slog.Handler            { return h }
func (h handlerFunc) WithGroup(string) slog.Handler                 { return h }
