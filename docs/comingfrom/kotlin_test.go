package comingfrom_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/headless"
)

// launch on Main, withContext(IO), and back in the next line.
func Example_kotlinLaunch() {
	task(func(ctx context.Context) error {
		app, _ := guest.FromContext(ctx)
		job := app.Go(func(ctx context.Context) error {
			fmt.Println("searching…")
			hits, err := guest.Background(ctx, func(context.Context) (int, error) { return 3, nil })
			fmt.Println(hits, "hits")
			return err
		})
		return job.Wait(ctx)
	})
	// Output:
	// searching…
	// 3 hits
}

// coroutineScope and supervisorScope.
func Example_kotlinScopes() {
	fail := func(context.Context) error { return errors.New("boom") }
	task(func(ctx context.Context) error {
		fmt.Println(guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, fail)
			return guest.Park(ctx) // cancelled by the failure
		}))
		fmt.Println(guest.Supervise(ctx, func(ctx context.Context) error {
			child := guest.Go(ctx, fail)
			fmt.Println("child:", child.Wait(ctx))
			return nil
		}))
		return nil
	})
	// Output:
	// boom
	// child: boom
	// <nil>
}

// async and await; select over what comes first.
func Example_kotlinAsync() {
	task(func(ctx context.Context) error {
		one := guest.Async(ctx, func(context.Context) (int, error) { return 1, nil })
		two := guest.Async(ctx, func(ctx context.Context) (int, error) { return 2, guest.Sleep(ctx, time.Millisecond) })
		for f, err := range guest.AsCompleted(ctx, two, one) {
			if err != nil {
				return err
			}
			fmt.Println(f.Wait(ctx))
		}
		return nil
	})
	// Output:
	// 1 <nil>
	// 2 <nil>
}

// limitedParallelism; a state flow of which the newest value counts.
func Example_kotlinDefault() {
	task(func(ctx context.Context) error {
		pool := flow.NewPool(0) // all processors but one, for the window
		shown := 0
		state := flow.NewProgress(ctx, func(v int) { shown = v })
		sum, err := guest.Background(flow.WithExecutor(ctx, pool), func(ctx context.Context) (sum int, err error) {
			for v := range 10 {
				sum += v
				state.Report(v)
			}
			return sum, ctx.Err()
		})
		fmt.Println(sum, shown)
		return err
	})
	// Output: 45 9
}

// withContext(NonCancellable) in a finally.
func Example_kotlinNonCancellable() {
	task(func(ctx context.Context) error {
		job := guest.Go(ctx, func(ctx context.Context) error {
			defer func() {
				err := guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
				fmt.Println("saved", err)
			}()
			return guest.Park(ctx)
		})
		if err := guest.Yield(ctx); err != nil {
			return err
		}
		job.Cancel(errors.New("no longer shown"))
		fmt.Println(job.Wait(ctx))
		return nil
	})
	// Output:
	// saved <nil>
	// context canceled: no longer shown
}

// A handler for what nobody catches; and what runs at once, if one is on Main already.
func Example_kotlinExceptionHandler() {
	main := func(ctx context.Context) error {
		app, _ := guest.FromContext(ctx)
		app.Go(func(context.Context) error { return errors.New("boom") })
		return guest.RunOnMain(ctx, func() { fmt.Println("at once") })
	}
	_ = guest.RunTask(headless.New(), main, &guest.Options{OnError: func(err error) {
		fmt.Println("nobody caught:", errors.Unwrap(err))
	}})
	// Output:
	// at once
	// nobody caught: boom
}

// runTest: the main dispatcher of a test, whose delays take no time.
func TestKotlinRunTest(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		soon, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		require.ErrorIs(t, guest.Sleep(soon, time.Hour), context.DeadlineExceeded)
	}, nil)
}
