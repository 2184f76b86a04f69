package host

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Goroutines post while the loop falls asleep, wakes up and works, as often as it can. The
// bubble sees at once when all wait for something that never comes. The race detector sees
// whether there is one thread.
func TestQueueLosesNoWakeUp(t *testing.T) {
	const posters, posts = 4, 300
	synctest.Test(t, func(t *testing.T) {
		awake := make(chan struct{}, 1)
		var outstanding atomic.Int32
		q := NewQueue(func() {
			if n := outstanding.Add(1); n > 1 {
				t.Errorf("%d wake-ups are outstanding", n)
			}
			awake <- struct{}{}
		})
		var seen [posters][]int
		left := posters * posts
		for p := range posters {
			go func() {
				for i := range posts {
					q.Post(func() {
						seen[p] = append(seen[p], i)
						if left--; left == 0 {
							q.Post(q.End)
						}
					})
					if i%8 == p {
						runtime.Gosched()
					}
				}
			}()
		}
		q.Begin()
		for {
			<-awake
			outstanding.Add(-1)
			if !q.Run() {
				break
			}
		}
		for p := range posters {
			require.Len(t, seen[p], posts)
			for i, got := range seen[p] {
				require.Equal(t, i, got, "of one goroutine, in the order posted")
			}
		}
	})
}

// A goroutine posts just when the loop takes its batch. The post is in that batch, or it
// wakes.
func TestQueueLosesNoPostBesideABatch(t *testing.T) {
	const rounds, span = 100_000, 300 * time.Millisecond // whichever is over first
	var outstanding, start, posted, delay atomic.Int32
	q := NewQueue(func() { outstanding.Add(1) })
	q.Begin()
	ran := 0
	fn := func() { ran++ }
	patience := 5000 // so that both goroutines keep a processor each
	if runtime.GOMAXPROCS(0) == 1 {
		patience = 1
	}
	reach := func(count *atomic.Int32, round int32) {
		for tries := 1; count.Load() < round; tries++ {
			if tries%patience == 0 {
				runtime.Gosched()
			}
		}
	}
	const over = 1 << 30
	var poster sync.WaitGroup
	poster.Go(func() {
		for round := int32(1); ; round++ {
			reach(&start, round)
			if start.Load() == over {
				return
			}
			q.Post(fn)
			posted.Store(round)
		}
	})
	defer poster.Wait()
	defer start.Store(over)
	random, late := rand.New(rand.NewPCG(0, 0)), time.Now().Add(span)
	for round := int32(1); round <= rounds && time.Now().Before(late); round++ {
		q.Post(fn)
		start.Store(round)
		for range random.IntN(80) {
			delay.Add(1)
		}
		outstanding.Store(0) // the toolkit calls
		q.Run()
		reach(&posted, round)
		if outstanding.Load() > 0 {
			outstanding.Store(0)
			q.Run()
		}
		if ran != 2*int(round) {
			t.Fatalf("round %d: a function waits, and no wake-up is outstanding", round)
		}
	}
}

// Posts meet the end: none runs later, none waits, and nothing is kept.
func TestQueueMeetsItsEndFromAnyGoroutine(t *testing.T) {
	for range 200 {
		q := NewQueue(func() {})
		q.Begin()
		var over atomic.Bool
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 20 {
					q.Post(func() {
						if over.Load() {
							t.Error("it ran after the end")
						}
					})
				}
			})
		}
		wg.Go(func() { runtime.Gosched(); q.End() })
		for q.Run() {
			runtime.Gosched()
		}
		over.Store(true)
		wg.Wait()
		require.False(t, q.Run())
		require.Empty(t, q.posted)
		require.Empty(t, q.batch)
	}
}
