package host

import (
	"iter"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// known skips the test where the standard library can't tell threads apart.
func known(t testing.TB) {
	if CurrentThread() == 0 {
		t.Skip("threads can't be told apart here")
	}
}

func TestLockedGoroutineStaysOnItsThread(t *testing.T) {
	known(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	mine := CurrentThread()
	for range 100 {
		runtime.Gosched()
		require.Equal(t, mine, CurrentThread())
	}
}

func TestLockedGoroutinesAreOnDifferentThreads(t *testing.T) {
	known(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const others = 4
	threads := make(chan Thread)
	release := make(chan struct{})
	for range others {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			threads <- CurrentThread()
			<-release // all at the same time: an id is free again once its thread has ended
		}()
	}
	seen := map[Thread]bool{CurrentThread(): true}
	for range others {
		seen[<-threads] = true
	}
	close(release)
	require.Len(t, seen, others+1)
}

// A coroutine is another goroutine on the same thread: this is why a thread, and never a
// goroutine, is the UI's identity.
func TestCoroutineIsOnTheThreadThatResumesIt(t *testing.T) {
	known(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	next, stop := iter.Pull(func(yield func(Thread) bool) {
		for yield(CurrentThread()) {
		}
	})
	defer stop()
	for range 10 {
		inside, ok := next()
		require.True(t, ok)
		require.Equal(t, CurrentThread(), inside)
	}
}

func BenchmarkCurrentThread(b *testing.B) {
	known(b)
	for b.Loop() {
		CurrentThread()
	}
}
