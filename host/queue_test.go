package host

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

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
