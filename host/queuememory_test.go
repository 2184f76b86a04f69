package host

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
