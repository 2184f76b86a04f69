//go:build cgo

package gtkhost_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// A doomed program does a little of everything; its loop is quit at one of its steps, behind
// the guest's back.
type doomed struct {
	loop        *glib.MainLoop
	steps, last int // UI thread only: taken so far, and at which the loop is quit

	begun, unwound int // tasks; UI thread only
	accepted, ran  atomic.Int64
	outside        sync.WaitGroup // goroutines that post, call and wait
}

// step counts, and quits the loop in time. UI thread only.
func (d *doomed) step() {
	if d.steps++; d.steps == d.last {
		d.loop.Quit()
	}
}

// task makes a task's function of fn, which counts itself in, and out in a deferred call that
// takes its time.
func (d *doomed) task(fn func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		d.begun++
		d.step()
		defer func() {
			d.step()
			_ = guest.Yield(context.WithoutCancel(ctx))
			d.step()
			d.unwound++
		}()
		return fn(ctx)
	}
}

// main is the guest's first task: about 200 steps.
func (d *doomed) main(ctx context.Context) error {
	g, _ := guest.FromContext(ctx)
	answer, gate := guest.NewFuture[int](), make(chan int)
	d.goroutine(func() {
		for range 10 {
			if g.Post(func() { d.ran.Add(1); d.step() }) == nil {
				d.accepted.Add(1)
			}
			_, _ = guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
				d.step()
				return 0, guest.Yield(ctx)
			})
		}
	})
	d.goroutine(func() { _ = g.Wait(context.Background()) })
	outside, stop := context.WithCancel(context.Background()) // a goroutine has no task's context
	context.AfterFunc(ctx, stop)
	d.goroutine(func() { _, _ = answer.Wait(outside) })
	d.goroutine(func() {
		defer close(gate)
		for i := range 5 {
			select {
			case gate <- i:
			case <-g.Done():
			}
		}
	})
	return guest.Scope(ctx, d.task(func(ctx context.Context) error {
		defer answer.Resolve(1)
		for range 5 {
			guest.Go(ctx, d.task(func(ctx context.Context) error {
				for range 20 {
					d.step()
					if err := guest.Yield(ctx); err != nil {
						return err
					}
					if err := guest.Sleep(ctx, 100*time.Microsecond); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		guest.Go(ctx, d.task(func(ctx context.Context) error {
			for range flow.Each(ctx, gate) {
				d.step()
			}
			return ctx.Err()
		}))
		guest.Go(ctx, d.task(func(ctx context.Context) error {
			for range 5 {
				if _, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
					return 0, guest.RunOnMain(ctx, d.step)
				}); err != nil {
					return err
				}
				d.step()
			}
			return nil
		}))
		guest.Go(ctx, d.task(func(ctx context.Context) error {
			for range 3 {
				if err := guest.Modal(ctx, d.dialog); err != nil {
					return err
				}
			}
			return nil
		}))
		g.Go(d.task(guest.Park)) // ends with main
		_, err := guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, d.task(guest.Yield)(ctx) }).Wait(ctx)
		return err
	}))
}

// dialog is a nested loop in which steps are taken, too.
func (d *doomed) dialog() {
	nested, left := glib.MainLoopNew(nil, false), 5
	glib.IdleAdd(func() bool {
		d.step()
		if left--; left == 0 {
			nested.Quit()
		}
		return left > 0
	})
	nested.Run()
}

func (d *doomed) goroutine(fn func()) { d.outside.Go(fn) }

// play runs the program in its own loop, or in the host's.
func (d *doomed) play(own bool) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	d.loop = glib.MainLoopNew(nil, false)
	h, err := gtkhost.NewLoop(d.loop.Run, d.loop.Quit)
	if err != nil {
		return err
	}
	if !own {
		return guest.RunTask(h, d.main, nil)
	}
	g, err := guest.Start(h, d.main, nil)
	if err != nil {
		return err
	}
	d.goroutine(func() {
		<-g.Done()
		glib.IdleAdd(d.loop.Quit)
	})
	d.loop.Run()
	report := g.Finish()
	if len(report.Leaked)+len(report.Abandoned) > 0 {
		return fmt.Errorf("left behind: %+v", report)
	}
	return report.Err
}

// Wherever the loop is quit, all that has begun unwinds, nobody waits for ever, and what was
// accepted has run.
func TestLoopMayBeQuitAtEachStep(t *testing.T) {
	whole := &doomed{}
	require.NoError(t, whole.play(false))
	whole.outside.Wait()
	t.Logf("%d steps", whole.steps)
	require.Greater(t, whole.steps, 150)
	if testing.Short() {
		whole.steps = 50
	}
	for _, own := range []bool{false, true} {
		for last := 1; last <= whole.steps; last++ {
			d := &doomed{last: last}
			start := time.Now()
			err := d.play(own)
			require.Less(t, time.Since(start), 3*time.Second, "step %d", last)
			if err != nil && !errors.Is(err, guest.ErrHostGone) {
				t.Fatalf("step %d, own loop %v: %v", last, own, err)
			}
			letGo := make(chan struct{})
			go func() { d.outside.Wait(); close(letGo) }()
			for end := time.After(3 * time.Second); ; {
				glib.MainContextDefault().Iteration(false)
				select {
				case <-letGo:
				case <-end:
					t.Fatalf("step %d, own loop %v: somebody still waits", last, own)
				default:
					runtime.Gosched()
					continue
				}
				break
			}
			require.Equal(t, d.begun, d.unwound, "step %d", last)
			require.Equal(t, d.accepted.Load(), d.ran.Load(), "step %d", last)
		}
	}
}

// inventory counts what a guest might leave behind.
func inventory(t *testing.T) (goroutines, descriptors int) {
	runtime.GC()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc here: descriptors can't be counted")
	}
	return runtime.NumGoroutine(), len(fds)
}

// Guests come and go, some with their own loop, some that never ran, and leave no goroutine,
// descriptor or source.
func TestStormOfGuestsLeavesNothingBehind(t *testing.T) {
	locked(t)
	cycle := func(i int) {
		h, err := gtkhost.New()
		require.NoError(t, err)
		switch i % 4 {
		case 0:
			require.NoError(t, guest.RunTask(h, func(ctx context.Context) error { return guest.Sleep(ctx, 1) }, nil))
		case 1: // the program's loop goes on until the guest has ended
			g, err := guest.Start(h, guest.Yield, nil)
			require.NoError(t, err)
			for g.State() != "ended" {
				glib.MainContextDefault().Iteration(true)
			}
			require.NoError(t, g.Finish().Err)
		case 2: // the loop never runs
			g, err := guest.Start(h, guest.Park, nil)
			require.NoError(t, err)
			require.ErrorIs(t, g.Finish().Err, guest.ErrHostGone)
		case 3: // no guest ever comes
			h.RunSyncSoonThreadsafe(func() {})
			h.DoneCallback(host.Outcome{})
		}
	}
	for i := range 20 {
		cycle(i)
	}
	goroutines, descriptors := inventory(t)
	for i := range 200 {
		cycle(i)
	}
	iterate(time.Millisecond)
	require.False(t, glib.MainContextDefault().Pending(), "a source is left, and ready")
	left := func() string {
		g, d := inventory(t)
		if g <= goroutines && d <= descriptors {
			return ""
		}
		return fmt.Sprintf("goroutines: %d, then %d; descriptors: %d, then %d", goroutines, g, descriptors, d)
	}
	for end := time.Now().Add(5 * time.Second); left() != "" && time.Now().Before(end); {
		time.Sleep(time.Millisecond) // the last goroutines are on their way out
	}
	require.Empty(t, left())
}
