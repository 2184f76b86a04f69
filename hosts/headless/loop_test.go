package headless

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

var _ interface {
	host.Mainloop
	host.Threader
	host.Looper
	Quit()
} = (*Loop)(nil)

// run runs the loop on the calling goroutine, locked as a caller of Mainloop must.
func run(l *Loop, startGuest func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return l.Mainloop(startGuest)
}

// steps fails the test when they are called out of turn.
type steps struct {
	t    *testing.T
	done atomic.Int32
}

func (s *steps) step(n int32) {
	s.t.Helper()
	if done := s.done.Add(1); done != n {
		s.t.Errorf("step %d came as number %d", n, done)
	}
}

func TestNothingRunsInline(t *testing.T) {
	l, s := New(), &steps{t: t}
	require.NoError(t, run(l, func() error {
		l.RunSyncSoonNotThreadsafe(func() {
			s.step(2)
			l.RunSyncSoonThreadsafe(func() { s.step(4) })
			l.RunSyncSoonNotThreadsafe(func() {
				s.step(5)
				l.DoneCallback(host.Outcome{})
			})
			s.step(3)
		})
		s.step(1)
		return nil
	}))
	s.step(6)
}

func TestPostsBeforeTheStartRunAfterStartGuest(t *testing.T) {
	l, s := New(), &steps{t: t}
	l.RunSyncSoonThreadsafe(func() { s.step(2) })
	l.RunSyncSoonNotThreadsafe(func() { s.step(3); l.Quit() })
	require.NoError(t, run(l, func() error { s.step(1); return nil }))
	s.step(4)
}

func TestManyGoroutinesPostInOrder(t *testing.T) {
	const posters, posts = 8, 500
	l := New()
	seen := [posters][]int{}
	left := posters * posts
	require.NoError(t, run(l, func() error {
		for p := range posters {
			go func() {
				for i := range posts {
					l.RunSyncSoonThreadsafe(func() {
						// no lock: the race detector sees that there is one thread
						seen[p] = append(seen[p], i)
						if left--; left == 0 {
							l.Quit()
						}
					})
				}
			}()
		}
		return nil
	}))
	for p := range posters {
		require.Len(t, seen[p], posts)
		for i, got := range seen[p] {
			require.Equal(t, i, got)
		}
	}
}

func TestIdleLoopIsDurablyBlocked(t *testing.T) {
	l := New() // outside the bubble, as a program's package variable is
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		require.NoError(t, run(l, func() error {
			// Virtual time moves only while everything in the bubble is durably blocked, the
			// loop included.
			time.AfterFunc(24*time.Hour, func() { l.RunSyncSoonThreadsafe(l.Quit) })
			return nil
		}))
		require.Equal(t, 24*time.Hour, time.Since(begin))
	})
}

func TestQuitDropsWhatIsQueued(t *testing.T) {
	for name, quit := range map[string]func(*Loop){
		"Quit":         (*Loop).Quit,
		"DoneCallback": func(l *Loop) { l.DoneCallback(host.Outcome{}) },
	} {
		t.Run(name, func(t *testing.T) {
			l := New()
			never := func() { t.Error("ran after the end") }
			require.NoError(t, run(l, func() error {
				l.RunSyncSoonThreadsafe(func() {
					l.RunSyncSoonThreadsafe(never) // in the next batch
					quit(l)
				})
				l.RunSyncSoonThreadsafe(never) // in the same batch
				return nil
			}))
			l.RunSyncSoonThreadsafe(never)
			l.RunSyncSoonNotThreadsafe(never)
			quit(l)
			require.False(t, l.queue.Run())
		})
	}
}

func TestQuitFromAnyGoroutineWakesAnIdleLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New()
		go func() {
			synctest.Wait()
			for range 3 {
				go l.Quit()
			}
		}()
		require.NoError(t, run(l, func() error { return nil }))
	})
}

func TestQuitBeforeTheStart(t *testing.T) {
	l, s := New(), &steps{t: t}
	l.RunSyncSoonThreadsafe(func() { s.step(-1) })
	l.Quit()
	require.NoError(t, run(l, func() error {
		s.step(1)
		l.RunSyncSoonThreadsafe(func() { s.step(-1) })
		return nil
	}))
	s.step(2)
}

func TestStartErrorEndsTheLoop(t *testing.T) {
	l, refused := New(), errors.New("refused")
	l.RunSyncSoonThreadsafe(func() { t.Error("ran although the guest did not start") })
	require.Same(t, refused, run(l, func() error { return refused }))
	l.DoneCallback(host.Outcome{Err: refused}) // accepted after the end
	require.False(t, l.queue.Run())
}

func TestLoopRunsOnce(t *testing.T) {
	l := New()
	never := func() error { t.Error("started twice"); return nil }
	require.NoError(t, run(l, func() error {
		l.RunSyncSoonThreadsafe(func() {
			require.ErrorContains(t, l.Mainloop(never), "headless: Mainloop called twice")
			l.Quit()
		})
		return nil
	}))
	require.ErrorContains(t, l.Mainloop(never), "make another with New")
}

func TestPanicComesOutOfMainloopAndEndsIt(t *testing.T) {
	l := New()
	never := func() { t.Error("ran after the panic") }
	require.PanicsWithValue(t, "from a handler", func() {
		l.Mainloop(func() error {
			l.RunSyncSoonThreadsafe(func() { panic("from a handler") })
			l.RunSyncSoonThreadsafe(never)
			return nil
		})
	})
	l.RunSyncSoonThreadsafe(never)
	require.False(t, l.queue.Run())
}

func TestGoexitEndsTheLoop(t *testing.T) {
	l := New()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		l.Mainloop(func() error { l.RunSyncSoonThreadsafe(runtime.Goexit); return nil })
	}()
	<-gone
	l.RunSyncSoonThreadsafe(func() { t.Error("ran after Goexit") })
	require.False(t, l.queue.Run())
}

func TestOnThread(t *testing.T) {
	if host.CurrentThread() == 0 {
		t.Skip("threads can't be told apart here")
	}
	l := New()
	elsewhere := func() (on bool) {
		// The loop's goroutine is locked, so no other goroutine is ever on its thread.
		var wg sync.WaitGroup
		wg.Go(func() { on = l.OnThread() })
		wg.Wait()
		return on
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	require.False(t, l.OnThread(), "before the start there is no thread")
	require.NoError(t, l.Mainloop(func() error {
		require.True(t, l.OnThread())
		l.RunSyncSoonThreadsafe(func() {
			require.True(t, l.OnThread())
			require.False(t, elsewhere())
			l.Quit()
		})
		return nil
	}))
	require.True(t, l.OnThread(), "after the end too")
	require.False(t, elsewhere())
}

// The program runs the loop itself, so only the loop knows that it runs.
func TestFinishInAFunctionOfTheLoopIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		l := New()
		g, err := guest.Start(l, nil, nil)
		require.NoError(t, err)
		refused := 0
		require.NoError(t, l.Mainloop(func() error {
			assert.True(t, l.InLoop())
			l.RunSyncSoonThreadsafe(func() {
				assert.Panics(t, func() { g.Finish() })
				refused++
			})
			time.AfterFunc(time.Second, l.Quit)
			return nil
		}))
		assert.False(t, l.InLoop())
		assert.Equal(t, 1, refused)
		assert.NoError(t, g.Finish().Err)
	})
}

// Finish is usually deferred, and a panic in a function of the loop then comes by.
func TestFinishAfterAPanicInALoopUnwindsTheTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		l := New()
		unwound := false
		g, err := guest.Start(l, func(ctx context.Context) error {
			defer func() { unwound = true }()
			return guest.Park(ctx)
		}, nil)
		require.NoError(t, err)
		assert.PanicsWithValue(t, "boom", func() {
			defer g.Finish()
			_ = l.Mainloop(func() error {
				time.AfterFunc(time.Second, func() { l.RunSyncSoonThreadsafe(func() { panic("boom") }) })
				return nil
			})
		})
		assert.True(t, unwound)
	})
}

func TestWhatAFunctionHoldsIsFreedOnceItHasRun(t *testing.T) {
	l := New()
	freed := make(chan struct{})
	require.NoError(t, run(l, func() error {
		big := new([1 << 16]byte)
		runtime.AddCleanup(big, func(c chan struct{}) { close(c) }, freed)
		l.RunSyncSoonThreadsafe(func() { runtime.KeepAlive(big) })
		l.RunSyncSoonThreadsafe(func() { // the same batch
			for {
				runtime.GC()
				select {
				case <-freed:
					l.Quit()
					return
				case <-time.After(time.Millisecond): // cleanups run on a goroutine of their own
				}
			}
		})
		return nil
	}))
}

// A handler may use the method for any goroutine; the loop, which is not asleep, sees it all
// the same.
func TestPostsOnTheLoopsThreadMayMixBothMethods(t *testing.T) {
	for mask := range 8 {
		l, ran := New(), 0
		require.NoError(t, run(l, func() error {
			var next func()
			next = func() {
				if ran++; ran > 30 {
					l.Quit()
					return
				}
				if mask>>(ran%3)&1 == 0 {
					l.RunSyncSoonThreadsafe(next)
				} else {
					l.RunSyncSoonNotThreadsafe(next)
				}
			}
			next()
			return nil
		}))
		require.Equal(t, 31, ran)
	}
}

func TestRegistered(t *testing.T) {
	require.Contains(t, host.Names(), "headless")
	one, err := host.Open("headless")
	require.NoError(t, err)
	two, err := host.Open("headless")
	require.NoError(t, err)
	require.IsType(t, New(), one)
	require.NotSame(t, one, two)
}

// BenchmarkTurn is the price of one turn of the loop that calls one function.
func BenchmarkTurn(b *testing.B) {
	for name, post := range map[string]func(l *Loop, fn func()){
		"threadsafe":     (*Loop).RunSyncSoonThreadsafe,
		"not threadsafe": (*Loop).RunSyncSoonNotThreadsafe,
	} {
		b.Run(name, func(b *testing.B) {
			l, turns := New(), 0
			var turn func()
			turn = func() {
				if turns++; turns > b.N {
					l.Quit()
					return
				}
				post(l, turn)
			}
			b.ReportAllocs()
			b.ResetTimer()
			if err := run(l, func() error { turn(); return nil }); err != nil {
				b.Fatal(err)
			}
		})
	}
}
