package guest

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

var seedFlag = flag.Uint64("hostile.seed", 0, "the seed of the hostile hosts; 0 takes new ones")

// A trial is a guest at the mercy of a hostile host. All that it was given to do is counted.
type trial struct {
	l       *scriptLoop
	book    logbook
	deed    func() looptest.Deed
	nested  []func() // to be run inside a task
	g       *Guest
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

// culprit is the host that does the deeds.
func (tr *trial) culprit() *looptest.Culprit {
	return &looptest.Culprit{
		Soon:  tr.l.Post,
		After: func(d time.Duration, fn func()) { time.AfterFunc(d, func() { tr.l.Post(fn) }) },
		First: tr.l.PostFirst,
		Nest: func(fn func()) {
			tr.mu.Lock()
			tr.nested = append(tr.nested, fn)
			tr.mu.Unlock()
		},
		Quit: tr.l.Quit,
	}
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

// run plays the story: from outside come posts, a cancellation, and at last, if the guest still
// lives, the end of the loop.
func (tr *trial) run(t *testing.T, hasThread bool) {
	tr.posted, tr.ran = make(map[int]bool), make(map[int]int)
	tr.l = &scriptLoop{OnDone: func(host.Outcome) { tr.mu.Lock(); tr.doneSet = true; tr.mu.Unlock() }}
	culprit := tr.culprit()
	tr.l.OnAsk = func(fn func()) bool { culprit.Do(tr.deed(), fn, 3*time.Second); return true }
	opts := &Options{Logger: tr.book.logger(), Grace: 2 * time.Second}

	defer looptest.Lock()()
	if hasThread {
		tr.l.Settle()
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
		tr.l.Quit()
	})
	_ = tr.l.Mainloop(nil)
	left := time.Now()
	report := tr.g.Finish()
	require.LessOrEqual(t, time.Since(left), 3*2*time.Second)
	require.LessOrEqual(t, time.Since(began), time.Minute)
	outside.Wait()
	synctest.Wait() // calls on other threads
	tr.post()       // after done
	tr.g.Cancel(nil)

	require.Empty(t, tr.faults)
	require.Len(t, tr.l.Outcomes, 1)
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

// TestHostileHostNeitherLosesNorRepeatsWork lets the host do one thing always, and then at random.
func TestHostileHostNeitherLosesNorRepeatsWork(t *testing.T) {
	for d := range looptest.Deeds {
		for when, known := range map[string]bool{"": true, ", its thread unknown before the loop": false} {
			t.Run("always "+d.String()+when, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					(&trial{deed: func() looptest.Deed { return d }}).run(t, known)
				})
			})
		}
		t.Run("after three calls "+d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var n atomic.Int32
				(&trial{deed: func() looptest.Deed {
					if n.Add(1) <= 3 {
						return looptest.Soon
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
					(&trial{deed: func() looptest.Deed {
						mu.Lock()
						defer mu.Unlock()
						if r.IntN(10) < mild {
							return looptest.Soon
						}
						d := looptest.Deed(r.IntN(int(looptest.Deeds)))
						if d == looptest.Dies && r.IntN(10) > 0 {
							return looptest.Soon
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

// FuzzHostileHost writes the script of the host: a byte for each call of ours. When it is over,
// the host is a good one.
func FuzzHostileHost(f *testing.F) {
	f.Add([]byte{})
	for d := range byte(looptest.Deeds) {
		f.Add([]byte{0, d, 0, 0, d, d})
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int64
			(&trial{deed: func() looptest.Deed {
				if i := int(n.Add(1)) - 1; i < len(script) {
					return looptest.Deed(script[i]) % looptest.Deeds
				}
				return looptest.Soon
			}}).run(t, true)
		})
	})
}
