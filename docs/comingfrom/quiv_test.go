package comingfrom_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/jobs"
	"github.com/golodger/lodger/hosts/headless"
)

// deepDown is somewhere below, and was given neither a context nor a guest.
func deepDown(fn func()) error { return guest.RunOnMain(context.Background(), fn) }

// From any depth, without anything threaded through.
func Example_quivRunOnMain() {
	task(func(ctx context.Context) error {
		status := ""
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			if err := deepDown(func() { status = "half done" }); err != nil {
				return nil, err
			}
			return nil, guest.RunOnMain(ctx, func() { status += ", done" })
		})
		fmt.Println(status)
		return err
	})
	fmt.Println(errors.Is(deepDown(func() {}), guest.ErrNoGuest))
	// Output:
	// half done, done
	// true
}

// On the UI thread it runs in place, and then it must not wait: what waits is a task.
func Example_quivRunOnMainAsync() {
	task(func(ctx context.Context) error {
		if err := deepDown(func() { fmt.Println("in place") }); err != nil {
			return err
		}
		guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Sleep(ctx, time.Millisecond)
			fmt.Println("a task")
			return err
		})
		g, _ := guest.FromContext(ctx)
		err := g.Post(func() { fmt.Println("in strict order") })
		fmt.Println("next line")
		return err
	})
	// Output:
	// in place
	// next line
	// in strict order
	// a task
}

// A job asks the main loop and waits; its own stop reaches the question.
func Example_quivCallOnMain() {
	// nobody answers
	ask := func(ctx context.Context) (string, error) { return "", guest.Park(ctx) }
	task(func(ctx context.Context) error {
		job, stop := context.WithTimeout(ctx, time.Millisecond)
		defer stop()
		_, err := guest.Background(job, func(ctx context.Context) (string, error) {
			return guest.CallOnMain(ctx, ask)
		})
		fmt.Println(errors.Is(err, context.DeadlineExceeded))
		return nil
	})
	// Output: true
}

// The stop reaches the question at once, and not at the next look.
func TestQuivStopReachesTheWaiterAtOnce(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		job, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		began := time.Now()
		_, err := guest.Background(job, func(ctx context.Context) (any, error) {
			return guest.CallOnMain(ctx, func(ctx context.Context) (any, error) { return nil, guest.Park(ctx) })
		})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began))
	}, nil)
}

// With several instances, a job's own is the one that is meant, and not the newest.
func TestQuivJobsFindTheirOwnInstance(t *testing.T) {
	own := func(ctx context.Context, g *guest.Guest) bool {
		where, err := guest.CallOnMain(ctx, func(ctx context.Context) (*guest.Guest, error) {
			g, _ := guest.FromContext(ctx)
			return g, nil
		})
		return err == nil && where == g
	}
	synctest.Test(t, func(t *testing.T) {
		task(func(ctx context.Context) error {
			older, _ := guest.FromContext(ctx)
			_, err := guest.Background(ctx, func(job context.Context) (any, error) {
				task(func(ctx context.Context) error { // the newer one, on this goroutine
					newer, _ := guest.FromContext(ctx)
					_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
						assert.True(t, own(job, older))
						assert.True(t, own(ctx, newer))
						return nil, nil
					})
					return err
				})
				return nil, nil
			})
			return err
		})
	})
}

// What goes wrong in such a function is not the caller's; it is reported, and counted.
func Example_quivErrors() {
	main := func(ctx context.Context) error {
		err := guest.RunOnMain(ctx, func() { panic("no such row") })
		g, _ := guest.FromContext(ctx)
		fmt.Println(err, g.Stats().Unobserved)
		return nil
	}
	_ = guest.RunTask(headless.New(), main, &guest.Options{OnError: func(err error) {
		var p *guest.PanicError
		fmt.Println(errors.As(err, &p), p.Value)
	}})
	// Output:
	// <nil> 1
	// true no such row
}

// What is still to run when one would like to go.
func Example_quivPendingWork() {
	task(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		for range 3 {
			if err := g.Post(func() {}); err != nil {
				return err
			}
		}
		fmt.Println(g.Stats().Queued)
		return nil // all of it runs before the guest ends
	})
	// Output: 3
}

// A progress hook that may be called as often as one likes.
func Example_quivProgress() {
	task(func(ctx context.Context) error {
		shown := 0
		progress := flow.NewProgress(ctx, func(percent int) { shown = percent })
		result, err := guest.Background(ctx, func(context.Context) (string, error) {
			for percent := range 101 {
				progress.Report(percent)
			}
			return "result", nil
		})
		fmt.Println(shown, result)
		return err
	})
	// Output: 100 result
}

// add_task with most of its arguments, and what can be done to a task afterwards.
func TestQuivTasks(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		set := jobs.New(ctx)
		heard := map[jobs.Kind]int{}
		set.Listen(ctx, func(e jobs.Event) { heard[e.Kind]++ })

		began, attempts := time.Now(), 0
		id := set.Add("mail", func(ctx context.Context) error {
			id, _ := jobs.IDFrom(ctx)
			require.Equal(t, jobs.ID(1), id)
			if attempts++; attempts == 1 {
				return guest.Park(ctx) // too long
			}
			return nil
		}, &jobs.Options{
			Every: time.Hour, AfterEnd: true, Delay: time.Minute, Jitter: time.Second,
			Timeout: time.Minute, Retry: &flow.RetryPolicy{Attempts: 4, Delay: time.Second},
		})
		require.NoError(t, guest.Sleep(ctx, 3*time.Minute))
		run := set.Jobs()[0].History[0]
		require.Equal(t, 2, run.Attempts)
		require.NoError(t, run.Err)
		require.InDelta(t, time.Minute, run.Began.Sub(began), float64(time.Second))

		require.True(t, set.Pause(id))
		require.NoError(t, guest.Sleep(ctx, 24*time.Hour-5*time.Minute))
		require.NoError(t, set.RunNow(id).Wait(ctx))
		require.Equal(t, 2, set.Jobs()[0].Runs)
		require.True(t, set.Resume(id))
		require.True(t, set.Remove(id))
		require.NoError(t, guest.Yield(ctx))
		require.Equal(t, map[jobs.Kind]int{
			jobs.Added: 1, jobs.Began: 2, jobs.Succeeded: 2, jobs.PausedNow: 1, jobs.Resumed: 1, jobs.Removed: 1,
		}, heard)
	}, nil)
}

// A task that runs once: a single line.
func TestQuivRunOnce(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		set, ran := jobs.New(ctx), false
		set.Add("reminder", func(context.Context) error { ran = true; return nil }, &jobs.Options{Delay: time.Hour})
		require.NoError(t, guest.Sleep(ctx, 2*time.Hour))
		require.True(t, ran)
		require.Empty(t, set.Jobs())
	}, nil)
}
