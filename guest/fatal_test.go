package guest

import (
	"context"
	"iter"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What ends the process is tried in a child: the same test, run again by itself with this
// variable set.
const childVar = "LODGER_FATAL_CHILD"

// inChild reports whether the test is the child; if it is not, it runs the child and returns
// what that said and how it ended.
func inChild(t *testing.T) (is bool, output string, err error) {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("no processes can be started here")
	}
	if os.Getenv(childVar) != "" {
		return true, "", nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), childVar+"=1", "GOTRACEBACK=none")
	out, err := cmd.CombinedOutput()
	require.NoError(t, ctx.Err(), "the child hangs:\n%s", out)
	return false, string(out), err
}

// TestLockOSThreadLeftOpenInATaskEndsTheProcess is a canary: Go shows nobody its lock count, so
// the guest can't warn. Should a later Go be milder, this test says so, and the documentation
// may follow.
func TestLockOSThreadLeftOpenInATaskEndsTheProcess(t *testing.T) {
	is, out, err := inChild(t)
	if is {
		_, _ = Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
			runtime.LockOSThread()
			return 0, Yield(ctx)
		}, nil)
		_, _ = Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
			runtime.LockOSThread()
			return 0, Sleep(ctx, 1)
		}, nil)
		return
	}
	require.Error(t, err, "the child survived:\n%s", out)
	require.Contains(t, out, "coro: OS thread locking must match locking at coroutine creation")
}

func TestLockOSThreadThatIsClosedBeforeTheWaitIsFine(t *testing.T) {
	_, err := Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
		for range 3 {
			runtime.LockOSThread()
			runtime.UnlockOSThread()
			if err := Sleep(ctx, 1); err != nil {
				return 0, err
			}
		}
		return 0, nil
	}, nil)
	require.NoError(t, err)
}

// TestParkingATaskFromAnotherGoroutineWouldEndTheProcess is what the checks before each wait
// are for.
func TestParkingATaskFromAnotherGoroutineWouldEndTheProcess(t *testing.T) {
	is, out, err := inChild(t)
	if is {
		_, _ = Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
			coro := scopeOf(ctx).task.coro
			elsewhere(func() { coro.Park() }) // past all checks
			return 0, nil
		}, nil)
		return
	}
	require.Error(t, err, "the child survived:\n%s", out)
	require.Contains(t, out, "coro: ")
}

// TestUnlockOSThreadTooOftenInATaskEndsTheProcess: the other direction is as fatal.
func TestUnlockOSThreadTooOftenInATaskEndsTheProcess(t *testing.T) {
	is, out, err := inChild(t)
	if is {
		_, _ = Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
			runtime.UnlockOSThread()
			return 0, Sleep(ctx, 1)
		}, nil)
		return
	}
	require.Error(t, err, "the child survived:\n%s", out)
	require.Contains(t, out, "coro: OS thread locking must match locking at coroutine creation")
}

// TestFinishWithAnotherLockCountThanTheLoopEndsTheProcess is why Finish says how its goroutine
// must be locked.
func TestFinishWithAnotherLockCountThanTheLoopEndsTheProcess(t *testing.T) {
	is, out, err := inChild(t)
	if is {
		l := &scriptLoop{}
		runtime.LockOSThread()
		g, err := Start(l, func(ctx context.Context) error { l.Quit(); return Park(ctx) }, nil)
		require.NoError(t, err)
		require.NoError(t, l.Mainloop(nil))
		runtime.LockOSThread()
		g.Finish()
		return
	}
	require.Error(t, err, "the child survived:\n%s", out)
	require.Contains(t, out, "coro: OS thread locking must match locking at coroutine creation")
}

// TestStoppingACoroutineOnAnotherThreadEndsTheProcess: so only the pump stops them.
func TestStoppingACoroutineOnAnotherThreadEndsTheProcess(t *testing.T) {
	is, out, err := inChild(t)
	if is {
		runtime.LockOSThread()
		next, stop := iter.Pull(func(yield func(int) bool) { yield(1) })
		next()
		elsewhere(stop)
		return
	}
	require.Error(t, err, "the child survived:\n%s", out)
	require.Contains(t, out, "coro: OS thread locking must match locking at coroutine creation")
}

// TestGoexitInABareCoroutineEndsWhoResumedIt is what the mark in coro.go is for: on a host's
// thread, the window would freeze.
func TestGoexitInABareCoroutineEndsWhoResumedIt(t *testing.T) {
	wentOn := false
	elsewhere(func() {
		next, _ := iter.Pull(func(func(int) bool) { runtime.Goexit() })
		next()
		wentOn = true
	})
	require.False(t, wentOn)
}
