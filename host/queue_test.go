package host

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A toolkit is what a Queue wakes: it notes wake-ups, and its test decides when it answers
// them.
type toolkit struct {
	*Queue
	wakes int
}

func newToolkit() *toolkit {
	k := new(toolkit)
	k.Queue = NewQueue(func() { k.wakes++ })
	return k
}

// notes returns functions that note that they ran, and the notes.
func notes() (note func(name string) func(), ran *[]string) {
	ran = new([]string)
	return func(name string) func() { return func() { *ran = append(*ran, name) } }, ran
}

func TestQueueDoesNotWakeBeforeItBegins(t *testing.T) {
	k := newToolkit()
	note, ran := notes()
	k.Post(note("a"))
	require.False(t, k.Add(note("b")))
	require.Zero(t, k.wakes)
	k.Begin()
	require.Equal(t, 1, k.wakes, "what waits is told at the beginning")
	require.True(t, k.Run())
	require.Equal(t, []string{"a", "b"}, *ran)
}

func TestQueueDoesNotWakeAtTheBeginningIfNothingWaits(t *testing.T) {
	k := newToolkit()
	k.Begin()
	require.Zero(t, k.wakes)
	require.True(t, k.Run())
}

func TestQueueHasOneWakeUpOutstanding(t *testing.T) {
	k := newToolkit()
	note, ran := notes()
	k.Begin()
	for range 3 {
		k.Post(note("x"))
	}
	require.False(t, k.Add(note("x")), "it is outstanding")
	require.Equal(t, 1, k.wakes)
	require.True(t, k.Run())
	require.Len(t, *ran, 4)
	require.True(t, k.Run(), "a wake-up too many does no harm")
	require.True(t, k.Add(note("y")), "the first was answered")
	k.Post(note("y"))
	require.Equal(t, 1, k.wakes, "the caller of Add wakes")
	require.True(t, k.Run())
	require.Len(t, *ran, 6)
}

func TestQueueRunsWhatAFunctionPostsInALaterBatch(t *testing.T) {
	k := newToolkit()
	note, ran := notes()
	k.Begin()
	k.Post(func() {
		k.Post(note("c"))
		require.Equal(t, 2, k.wakes, "and wakes for it while the batch runs")
		note("a")()
	})
	k.Post(note("b"))
	k.Run()
	require.Equal(t, []string{"a", "b"}, *ran)
	k.Run()
	require.Equal(t, []string{"a", "b", "c"}, *ran)
	require.Equal(t, 2, k.wakes)
}

func TestQueueDropsAllAfterItsEnd(t *testing.T) {
	k := newToolkit()
	note, ran := notes()
	k.Begin()
	k.Post(func() {
		note("a")()
		k.Post(note("in the next batch"))
		k.End()
		k.Post(note("after the end"))
	})
	k.Post(note("in the same batch"))
	require.False(t, k.Run())
	k.Post(note("later"))
	require.False(t, k.Add(note("later")))
	k.End()
	k.Begin()
	require.False(t, k.Run())
	require.Equal(t, []string{"a"}, *ran)
	require.Equal(t, 2, k.wakes, "one for each of the first two batches, none later")
	require.Empty(t, k.posted)
	require.Empty(t, k.batch)
}

func TestQueueThatEndsBeforeItBeginsDropsWhatWaits(t *testing.T) {
	k := newToolkit()
	k.Post(func() { t.Error("it ran") })
	k.End()
	require.Empty(t, k.posted)
	k.Begin()
	require.False(t, k.Run())
	require.Zero(t, k.wakes)
}

func TestQueueKeepsTheRestOfABatchThatPanics(t *testing.T) {
	for how, leave := range map[string]func(){
		"panic":  func() { panic("mine") },
		"Goexit": runtime.Goexit,
	} {
		t.Run(how, func(t *testing.T) {
			k := newToolkit()
			note, ran := notes()
			k.Begin()
			k.Post(func() { k.Post(note("c")) })
			k.Post(leave)
			k.Post(note("a"))
			k.Post(note("b"))
			gone := make(chan any)
			go func() {
				defer func() { gone <- recover() }()
				k.Run()
				t.Error("it went on")
			}()
			if how == "panic" {
				require.Equal(t, "mine", <-gone)
			} else {
				require.Nil(t, <-gone)
			}
			require.Equal(t, 2, k.wakes)
			require.Empty(t, *ran)
			require.True(t, k.Run())
			require.Equal(t, []string{"a", "b", "c"}, *ran)
		})
	}
}

func TestQueueAsksForTheRestOfABatchThatPanics(t *testing.T) {
	k := newToolkit()
	k.Begin()
	k.Post(func() { panic("mine") })
	k.Post(func() {})
	require.Panics(t, func() { k.Run() })
	require.Equal(t, 2, k.wakes)
	k.Run()
	k.Post(func() { panic("the last one") })
	require.Panics(t, func() { k.Run() })
	require.Equal(t, 3, k.wakes, "nothing is left to be asked for")
}

func TestQueueThatEndsInAPanicDropsTheRest(t *testing.T) {
	k := newToolkit()
	k.Begin()
	k.Post(func() { k.End(); panic("mine") })
	k.Post(func() { t.Error("it ran") })
	require.PanicsWithValue(t, "mine", func() { k.Run() })
	require.False(t, k.Run())
	require.Equal(t, 1, k.wakes)
	require.Empty(t, k.posted)
	require.Empty(t, k.batch)
}

func TestQueueKeepsTheOrderInNestedLoops(t *testing.T) {
	k := newToolkit()
	note, ran := notes()
	k.Begin()
	k.Post(func() {
		note("a")()
		k.Post(note("c"))
		k.Post(func() { note("d")(); k.Post(note("f")); k.Run(); note("g")() })
		k.Post(note("e"))
		k.Run()
		note("h")()
	})
	k.Post(note("b"))
	k.Run()
	require.Equal(t, []string{"a", "b", "c", "d", "e", "f", "g", "h"}, *ran)
	require.True(t, k.Run())
	require.Len(t, *ran, 8)
}

func TestQueueMayBeUsedInItsWakeUp(t *testing.T) {
	var k *Queue
	wakes := 0
	k = NewQueue(func() {
		wakes++
		k.Post(func() {})
		k.Begin()
		k.OnThread()
		k.End()
	})
	k.Begin()
	k.Post(func() { t.Error("it ran after the end") })
	require.False(t, k.Run())
	require.Equal(t, 1, wakes)
}

func TestQueueWithoutAWakeUpIsRunByALoopThatComesByItself(t *testing.T) {
	q := NewQueue(nil)
	note, ran := notes()
	q.Begin()
	for frame := range 3 {
		q.Post(note(fmt.Sprint(frame)))
		require.True(t, q.Run())
	}
	require.Equal(t, []string{"0", "1", "2"}, *ran)
}

func TestQueueKnowsItsThread(t *testing.T) {
	known(t)
	elsewhere := func(q *Queue) (on bool) {
		var wg sync.WaitGroup
		wg.Go(func() { on = q.OnThread() })
		wg.Wait()
		return on
	}
	runtime.LockOSThread() // so that no other goroutine is on this thread
	defer runtime.UnlockOSThread()
	q := NewQueue(nil)
	require.False(t, q.OnThread(), "there is none before the beginning")
	q.Begin()
	require.True(t, q.OnThread())
	require.False(t, elsewhere(q))
	q.End()
	require.True(t, q.OnThread())
	require.False(t, elsewhere(q))
}

func TestQueueGivesTheMemoryOfAFloodBack(t *testing.T) {
	q := NewQueue(nil)
	q.Begin()
	for range 100 * maxSpare {
		q.Post(func() {})
	}
	q.Run()
	for range 2 { // for each of the two buffers
		require.LessOrEqual(t, cap(q.posted), maxSpare)
		require.LessOrEqual(t, cap(q.batch), maxSpare)
		q.Run()
	}
	q.Post(func() {})
	q.Run()
	q.Post(func() {})
	require.Zero(t, testing.AllocsPerRun(100, func() { q.Run(); q.Post(func() {}) }), "small ones are kept")
}

// held returns a function that holds memory, and a channel that is closed when it is let go.
func held() (fn func(), freed chan struct{}) {
	big := new([1 << 16]byte)
	freed = make(chan struct{})
	runtime.AddCleanup(big, func(c chan struct{}) { close(c) }, freed)
	return func() { runtime.KeepAlive(big) }, freed
}

// requireFreed waits until freed is closed. Cleanups run on a goroutine of their own.
func requireFreed(t *testing.T, freed chan struct{}) {
	t.Helper()
	for late := time.Now().Add(10 * time.Second); time.Now().Before(late); {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-time.After(time.Millisecond):
		}
	}
	t.Error("it is still held")
}

func TestQueueLetsGoOfAFunctionThatHasRun(t *testing.T) {
	q := NewQueue(nil)
	q.Begin()
	fn, freed := held()
	q.Post(fn)
	fn = nil
	q.Post(func() { requireFreed(t, freed) }) // in the same batch
	q.Run()
	runtime.KeepAlive(q)
}

func TestQueueLetsGoOfWhatItDrops(t *testing.T) {
	q := NewQueue(nil)
	q.Begin()
	fn, waits := held()
	inBatch, rest := held()
	q.Post(func() { q.Post(fn); fn = nil; q.End() })
	q.Post(inBatch)
	inBatch = nil
	q.Run()
	requireFreed(t, waits)
	requireFreed(t, rest)
	runtime.KeepAlive(q)
}

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

// A random program posts, spins nested loops, panics, recovers and ends. The toolkit answers
// each wake-up, sometimes one that it was not asked for. All runs once, in the order posted,
// unless the end comes first.
func TestQueueKeepsItsRulesInRandomPrograms(t *testing.T) {
	for seed := range uint64(3000) {
		p := &program{t: t, seed: seed, random: rand.New(rand.NewPCG(seed, 0)), left: 40}
		p.queue = NewQueue(func() {
			if p.wakes++; p.ended {
				t.Errorf("seed %d: woken after the end", seed)
			}
		})
		p.post()
		p.post()
		require.Zero(t, p.wakes)
		p.queue.Begin()
		for p.wakes > 0 {
			p.answer()
		}
		if !p.ended {
			require.Equal(t, p.posted, p.ran, "seed %d: not all ran, and nothing is outstanding", seed)
		}
		p.queue.End()
		require.Empty(t, p.queue.posted)
	}
}

type program struct {
	t      *testing.T
	seed   uint64
	random *rand.Rand
	queue  *Queue

	left        int // how many functions may yet be posted
	posted, ran int
	wakes       int // outstanding
	ended       bool
}

func (p *program) post() {
	if p.left == 0 {
		return
	}
	p.left--
	p.posted++
	number := p.posted
	if p.ended {
		number = -1
	}
	p.queue.Post(func() {
		if p.ran++; number != p.ran {
			p.t.Errorf("seed %d: function %d ran as number %d", p.seed, number, p.ran)
		}
		p.step()
	})
}

// step is what a function does.
func (p *program) step() {
	for range p.random.IntN(3) {
		p.post()
	}
	switch p.random.IntN(12) {
	case 0:
		panic("mine")
	case 1, 2, 3:
		p.answer()
		if p.random.IntN(2) == 0 {
			p.post()
		}
	case 4:
		if p.random.IntN(4) == 0 {
			p.ended = true
			p.queue.End()
		}
	}
}

// answer is the toolkit's call, which panics don't leave, as in a host that goes on after
// them.
func (p *program) answer() {
	defer func() { _ = recover() }()
	if p.wakes > 1 {
		p.t.Errorf("seed %d: %d wake-ups are outstanding", p.seed, p.wakes)
	}
	if p.wakes > 0 {
		p.wakes--
	}
	if goesOn := p.queue.Run(); goesOn == p.ended {
		p.t.Errorf("seed %d: Run says that the loop goes on: %v", p.seed, goesOn)
	}
}

func BenchmarkQueue(b *testing.B) {
	b.Run("turn", func(b *testing.B) { // one post, one batch of it
		q := NewQueue(nil)
		q.Begin()
		fn := func() {}
		b.ReportAllocs()
		for b.Loop() {
			q.Post(fn)
			q.Run()
		}
	})
	b.Run("batch of 100", func(b *testing.B) {
		q := NewQueue(nil)
		q.Begin()
		fn := func() {}
		b.ReportAllocs()
		for b.Loop() {
			for range 100 {
				q.Post(fn)
			}
			q.Run()
		}
	})
}
