package flow_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func TestSemaphoreServesALargeRequestBeforeLaterSmallOnes(t *testing.T) {
	inBubble(t, func(w *world) {
		s := flow.NewSemaphore(3)
		require.True(t, s.TryAcquire(2))
		var order []int
		for i, n := range []int{3, 1, 1} {
			w.g.Go(func(ctx context.Context) error {
				err := s.Acquire(ctx, n)
				order = append(order, i)
				return err
			})
		}
		synctest.Wait()
		assert.Empty(t, order, "one is free, but the first in line needs three")
		assert.False(t, s.TryAcquire(1))
		s.Release(2)
		synctest.Wait()
		assert.Equal(t, []int{0}, order)
		s.Release(3)
		synctest.Wait()
		assert.Equal(t, []int{0, 1, 2}, order)
	})
}

func TestSemaphoreGivesBackWhatACancelledWaitHasGot(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			s := flow.NewSemaphore(1)
			require.True(t, s.TryAcquire(1))
			var err error
			cancel := w.start(caller, func(ctx context.Context) { err = s.Acquire(ctx, 1) })
			synctest.Wait()
			if caller == aGoroutine {
				cancel()
				s.Release(1)
			} else {
				w.onUI(func() {
					s.Release(1)
					cancel() // it has the slot, and has not run yet
				})
			}
			synctest.Wait()
			require.ErrorIs(t, err, context.Canceled)
			require.True(t, s.TryAcquire(1), "the slot is free again")
		})
	}
}

func TestSemaphoreServesThoseBehindARequestThatIsCancelled(t *testing.T) {
	inBubble(t, func(w *world) {
		s := flow.NewSemaphore(2)
		require.True(t, s.TryAcquire(1))
		cancel := w.start(aTask, func(ctx context.Context) { assert.Error(t, s.Acquire(ctx, 2)) })
		synctest.Wait()
		served := false
		w.start(aTask, func(ctx context.Context) { served = s.Acquire(ctx, 1) == nil })
		synctest.Wait()
		require.False(t, served)
		cancel()
		synctest.Wait()
		require.True(t, served)
	})
}

func TestSemaphoreCountsARequestAboveItsLimitAsTheLimit(t *testing.T) {
	inBubble(t, func(w *world) {
		s := flow.NewSemaphore(2)
		require.True(t, s.TryAcquire(1))
		held := false
		w.start(aTask, func(ctx context.Context) { held = s.Acquire(ctx, 100) == nil })
		synctest.Wait()
		require.False(t, held)
		s.Release(1)
		synctest.Wait()
		require.True(t, held)
		require.False(t, s.TryAcquire(0))
		s.Release(100)
		require.True(t, s.TryAcquire(2))
	})
}

func TestSemaphoreOfLimitZeroPauses(t *testing.T) {
	inBubble(t, func(w *world) {
		var s flow.Semaphore
		n := 0
		for range 5 {
			w.start(aTask, func(ctx context.Context) {
				if s.Acquire(ctx, 1) == nil {
					n++
				}
			})
		}
		for _, c := range []struct{ limit, held int }{{0, 0}, {2, 2}, {0, 2}, {4, 4}, {1, 4}, {5, 5}} {
			s.SetLimit(c.limit)
			synctest.Wait()
			require.Equal(t, c.held, n)
		}
		s.SetLimit(1)
		s.Release(4)
		require.False(t, s.TryAcquire(1))
		s.Release(1)
		require.True(t, s.TryAcquire(1))
	})
}

func TestSemaphoreWithReleasesHoweverItEnds(t *testing.T) {
	s := flow.NewSemaphore(1)
	boom := errors.New("boom")
	ctx := context.Background()
	require.ErrorIs(t, s.With(ctx, 1, func(context.Context) error {
		require.False(t, s.TryAcquire(1))
		return boom
	}), boom)
	require.PanicsWithValue(t, "at", func() { _ = s.With(ctx, 1, func(context.Context) error { panic("at") }) })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.With(ctx, 1, func(context.Context) error { runtime.Goexit(); return nil })
	}()
	<-ended
	require.True(t, s.TryAcquire(1))
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.With(short, 1, func(context.Context) error { t.Error("called"); return nil }), context.DeadlineExceeded)
}

func TestSemaphoreRefusesMisuse(t *testing.T) {
	s := flow.NewSemaphore(2)
	require.True(t, s.TryAcquire(1))
	require.PanicsWithValue(t, "flow: Release called with 2 while only 1 is held; release what you acquired, and only once", func() { s.Release(2) })
	for _, misuse := range []func(){
		func() { flow.NewSemaphore(-1) }, func() { s.SetLimit(-1) }, func() { s.Release(-1) },
		func() { s.TryAcquire(-1) }, func() { _ = s.Acquire(context.Background(), -1) },
	} {
		require.PanicsWithValue(t, assertPanic(misuse), misuse)
	}
	require.True(t, s.TryAcquire(1), "it works all the same")
}

// assertPanic returns what a misuse says, which must name the remedy.
func assertPanic(misuse func()) (said any) {
	defer func() { said = recover() }()
	misuse()
	return "nothing"
}

// In the very turn in which it is cancelled, before its task has run.
func TestSemaphoreCancelledRequestLosesItsPlaceAtOnce(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			s := flow.NewSemaphore(2)
			require.True(t, s.TryAcquire(1))
			cancel := w.start(caller, func(ctx context.Context) { assert.ErrorIs(t, s.Acquire(ctx, 2), context.Canceled) })
			synctest.Wait()
			w.onUI(func() {
				assert.False(t, s.TryAcquire(1), "one is free, but for the request")
				cancel()
				assert.True(t, s.TryAcquire(1))
				s.Release(2)
				assert.True(t, s.TryAcquire(2), "and what is released is not for it")
			})
		})
	}
}

// Also when its own UI thread is too busy to let its task go.
func TestSemaphoreCancelledRequestOfABusyThreadHoldsUpNoOther(t *testing.T) {
	inBubble(t, func(w *world) {
		s := flow.NewSemaphore(1)
		require.True(t, s.TryAcquire(1))
		cancel := w.start(withDerived, func(ctx context.Context) { assert.ErrorIs(t, s.Acquire(ctx, 1), context.Canceled) })
		synctest.Wait()
		require.NoError(t, w.g.Post(func() { time.Sleep(time.Minute) }))
		began := time.Now()
		synctest.Wait()
		cancel()
		time.AfterFunc(time.Second, func() { s.Release(1) })
		require.NoError(t, s.Acquire(context.Background(), 1))
		require.Equal(t, time.Second, time.Since(began))
	})
}

// All orders in which some of four requests are cancelled, and slots come back, in one turn.
func TestSemaphoreServesInOrderWhateverIsCancelled(t *testing.T) {
	const requests, limit = 4, 2
	for _, order := range permutations(requests) {
		for cancels := range requests + 1 {
			for releases := range limit + 1 {
				inBubble(t, func(w *world) {
					s := flow.NewSemaphore(limit)
					require.True(t, s.TryAcquire(limit))
					served := []int{}
					cancel := make([]func(), requests)
					for i := range requests {
						cancel[i] = w.start(aTask, func(ctx context.Context) {
							if s.Acquire(ctx, 1) == nil {
								served = append(served, i)
							}
						})
						synctest.Wait()
					}
					w.onUI(func() {
						for n, i := range order[:cancels] {
							cancel[i]()
							if n < releases {
								s.Release(1)
							}
						}
						for range releases - cancels {
							s.Release(1)
						}
					})
					synctest.Wait()
					want := []int{}
					for i := range requests {
						if !slices.Contains(order[:cancels], i) {
							want = append(want, i)
						}
					}
					want = want[:min(len(want), releases)]
					assert.Equal(t, want, served, "order %v, %d cancelled, %d released", order, cancels, releases)
				})
			}
		}
	}
}

func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, shorter := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), at, n-1))
		}
	}
	return all
}

// Tasks and goroutines acquire, give up and release at any moment, while the limit changes.
func TestSemaphoreNeverLeaksNorExceeds(t *testing.T) {
	inWorld(t, func(w *world) {
		const most = 4
		s := flow.NewSemaphore(most)
		var held atomic.Int64
		var all sync.WaitGroup
		for i := range 12 {
			all.Add(1)
			random := rand.New(rand.NewPCG(uint64(i), 1))
			w.start(i, func(ctx context.Context) {
				defer all.Done()
				for range 100 {
					n := 1 + random.IntN(most)
					derived, cancel := context.WithCancel(ctx)
					if random.IntN(2) == 0 {
						go soon(cancel)
					}
					if s.Acquire(derived, n) == nil {
						assert.LessOrEqual(t, held.Add(int64(n)), int64(most))
						_ = guest.Yield(ctx)
						held.Add(int64(-n))
						s.Release(n)
					}
					cancel()
				}
			})
		}
		for i := range 50 {
			s.SetLimit(i % (most + 1))
		}
		s.SetLimit(most)
		all.Wait()
		require.True(t, s.TryAcquire(most), "nothing is held at the end")
		require.False(t, s.TryAcquire(1))
	})
}
