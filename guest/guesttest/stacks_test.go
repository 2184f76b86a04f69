package guesttest

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	watcher  = "goroutine 7 [running]:\nguesttest.dump()\n\t/guest/guesttest/stacks.go:97 +0x7c\n"
	outside  = "goroutine 1 [chan receive]:\ntesting.(*T).Run()\n"
	other    = "goroutine 90 [IO wait, synctest bubble 12]:\ninternal/poll.runtime_pollWait()\n"
	pump     = "goroutine 9 [sync.Cond.Wait (durable), locked to thread, synctest bubble 1]:\nsync.(*Cond).Wait(0x6dd5c0?)\n"
	onMutex  = "goroutine 13 [sync.Mutex.Lock, synctest bubble 1]:\ninternal/sync.(*Mutex).lockSlow()\n"
	long     = "goroutine 13 gp=0xc0 m=nil [sync.Mutex.Lock, 2 minutes, synctest bubble 1]:\ninternal/sync.(*Mutex).lockSlow()\n"
	onSocket = "goroutine 14 [IO wait, synctest bubble 1]:\ninternal/poll.runtime_pollWait()\n"
	ready    = "goroutine 15 [runnable, synctest bubble 1]:\nmain.compute()\n"
	running  = "goroutine 15 [running (scan), locked to thread, synctest bubble 1]:\nmain.compute()\n"
	// by Go 1.25
	inCall25 = "goroutine 16 [syscall (durable), synctest bubble 1]:\nsyscall.Syscall()\n"
	ready25  = "goroutine 15 [runnable (scan) (durable), synctest bubble 1]:\nmain.compute()\n"
	marking  = "goroutine 15 [GC assist marking, synctest bubble 1]:\nmain.compute()\n"
)

// A script is what the watcher sees, look by look.
type script struct {
	hangWatch
	batches int64
}

func watched(bubble string) *script {
	s := &script{}
	s.bubble, s.count = func() *string { return &bubble }, func() int64 { return s.batches }
	return s
}

func (s *script) sees(stacks ...string) (ids string) {
	for _, g := range s.look(func() string { return strings.Join(append([]string{watcher}, stacks...), "\n") }) {
		ids += g.id + " "
	}
	return ids
}

// repeat looks n times, and returns what the last look said; the others say nothing.
func (s *script) repeat(t *testing.T, n int, stacks ...string) string {
	t.Helper()
	for range n - 1 {
		require.Empty(t, s.sees(stacks...))
	}
	return s.sees(stacks...)
}

func TestHangIsWhatStaysBlockedWhileNothingRuns(t *testing.T) {
	s := watched("1")
	require.Equal(t, "13 ", s.repeat(t, looks+1, outside, other, pump, onMutex))

	s = watched("1")
	require.Equal(t, "13 14 ", s.repeat(t, looks, outside, pump, onMutex)+s.sees(long, onSocket), "one that came later, too")

	s = watched("1")
	require.Equal(t, "16 ", s.repeat(t, looks+1, outside, pump, inCall25))

	s = watched("1")
	require.Empty(t, s.repeat(t, 10*looks, outside, other, pump), "of others and in virtual time")
}

func TestHangIsNotWhatRunsNowAndThen(t *testing.T) {
	for _, ran := range []string{ready, ready25, running, marking} {
		s := watched("1")
		require.Empty(t, s.repeat(t, looks, pump, onMutex))
		require.Empty(t, s.sees(pump, onMutex, ran), ran)
		require.Empty(t, s.repeat(t, looks, pump, onMutex), ran)
		require.NotEmpty(t, s.sees(pump, onMutex), ran)
	}

	s := watched("1")
	require.Empty(t, s.repeat(t, looks, onMutex))
	require.Empty(t, s.repeat(t, looks, onSocket), "another one")
	s.batches++
	require.Empty(t, s.repeat(t, looks+1, onSocket), "a batch has run")
	require.NotEmpty(t, s.sees(onSocket))

	s = watched("1")
	require.Empty(t, s.repeat(t, looks, onMutex))
	require.Empty(t, s.look(func() string { return "" }), "a dump that can't be read tells nothing")
	require.Empty(t, s.repeat(t, looks, onMutex))
	s.bubble = func() *string { return nil }
	require.Empty(t, s.repeat(t, 3*looks, onMutex), "and before the bubble there is none")
}

// A later Go may print something else.
func TestHangIsFoundInADumpThatSaysLess(t *testing.T) {
	less := strings.NewReplacer(" (durable)", "")
	s := watched("1")
	require.Equal(t, "9 13 ", s.repeat(t, looks+1, outside, less.Replace(pump), onMutex))
	require.Empty(t, watched("1").repeat(t, 3*looks, less.Replace(pump), onMutex, ready))

	less = strings.NewReplacer(", synctest bubble 1", "")
	s = watched("")
	require.Equal(t, "1 13 ", s.repeat(t, looks+1, outside, less.Replace(pump), less.Replace(onMutex)))
	require.Empty(t, watched("").repeat(t, 3*looks, outside, less.Replace(onMutex), less.Replace(ready)))

	require.Empty(t, watched("1").repeat(t, 3*looks, "#1 [mutex] bubble=1"))
}

// What this Go prints.
func TestBubbleIsNamedInADump(t *testing.T) {
	require.Empty(t, bubbleHere())
	synctest.Test(t, func(t *testing.T) {
		here := bubbleHere()
		require.Regexp(t, `^\d+$`, here)
		parked := make(chan int)
		go func() { <-parked }()
		synctest.Wait()
		list := goroutines(dump())
		require.Equal(t, here, list[0].bubble)
		durable := 0
		for _, g := range list {
			if g.bubble == here && g.durable() {
				durable++
			}
		}
		require.GreaterOrEqual(t, durable, 2, "the one above, and who waits for the bubble")
		close(parked)
	})
}

// Here the watcher's time is virtual.
func TestWatcherLooksAgainAndAgainUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var looked atomic.Int64
		w := &hangWatch{each: time.Second, bubble: func() *string { return nil }, count: func() int64 { return looked.Add(1) }}
		w.start()
		time.Sleep(3500 * time.Millisecond)
		require.EqualValues(t, 3, looked.Load())
		w.stop()
		time.Sleep(time.Minute)
		require.EqualValues(t, 3, looked.Load())
	})
}
