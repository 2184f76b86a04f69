package guest_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// run runs main headless, for examples that have no result.
func run(main func(ctx context.Context) error) {
	if err := guest.RunTask(headless.New(), main, nil); err != nil {
		fmt.Println("failed:", err)
	}
}

// A main without a result, as programs with windows have. To be asked to quit is no failure.
func ExampleRunTask() {
	err := guest.RunTask(headless.New(), func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		guest.After(ctx, time.Millisecond, func(context.Context) error { g.Cancel(guest.ErrQuit); return nil })
		return guest.Park(ctx)
	}, nil)
	fmt.Println(err)
	// Output: <nil>
}

// Two panels of one window: the failure of one is told, and the other goes on.
func ExampleSupervise() {
	said := func(err error) { fmt.Println("told:", err.(*guest.UnobservedError).Err) }
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(context.Context) error { return errors.New("no weather today") })
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Sleep(ctx, time.Millisecond)
				fmt.Println("news:", err)
				return err
			})
			return nil
		})
	}, &guest.Options{OnError: said})
	// Output:
	// told: no weather today
	// news: <nil>
}

// OnError gets errors that no code has asked for, with the task that they come from.
func ExampleUnobservedError() {
	onError := func(err error) {
		var u *guest.UnobservedError
		fmt.Println(errors.As(err, &u), u.Err, errors.Is(err, fs.ErrNotExist))
	}
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		g.Go(func(context.Context) error { return fs.ErrNotExist })
		return guest.Yield(ctx)
	}, &guest.Options{OnError: onError})
	// Output: true file does not exist true
}

// Deferred calls run before a task's children have ended. What the children use is closed after
// a Join.
func ExampleJoin() {
	run(func(ctx context.Context) error {
		defer fmt.Println("closed")
		guest.Go(ctx, func(ctx context.Context) error {
			defer fmt.Println("the child has ended")
			return guest.Yield(ctx)
		})
		return guest.Join(ctx)
	})
	// Output:
	// the child has ended
	// closed
}

// What a Background function has opened is closed when the scope ends, also if the task was
// cancelled meanwhile and has dropped it.
func ExampleCleanup() {
	run(func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (string, error) {
				return "a file", guest.Cleanup(ctx, func(ctx context.Context) {
					_ = guest.Sleep(ctx, time.Millisecond) // it may wait
					fmt.Println("closed")
				})
			})
			fmt.Println("used", err)
			return err
		})
	})
	// Output:
	// used <nil>
	// closed
}

// A function that answers through a callback, as dialogs do, becomes a call.
func ExampleAwait() {
	ask := func(question string, answer func(yes bool)) (dismiss func()) {
		go answer(question == "Sure?")
		return func() {}
	}
	run(func(ctx context.Context) error {
		yes, err := guest.Await(ctx, func(answer func(bool)) (cancel func()) { return ask("Sure?", answer) })
		fmt.Println(yes, err)
		return err
	})
	// Output: true <nil>
}

// A function without a value.
func ExampleBackgroundFunc() {
	run(func(ctx context.Context) error {
		err := guest.BackgroundFunc(ctx, func(context.Context) error { return errors.New("the disk is full") })
		fmt.Println(err)
		return nil
	})
	// Output: the disk is full
}

// A function that spins a loop of its own, as GTK's dialog.Run does, runs between the turns: all
// tasks go on meanwhile.
func ExampleModal() {
	run(func(ctx context.Context) error {
		err := guest.Modal(ctx, func() { fmt.Println("the dialog's own loop") })
		fmt.Println(err)
		return err
	})
	// Output:
	// the dialog's own loop
	// <nil>
}

// One task shows the failure of another, and keeps quiet if that one was cancelled.
func ExampleCancelled() {
	run(func(ctx context.Context) error {
		load := guest.Go(ctx, guest.Park)
		load.Cancel(nil)
		if err := load.Wait(ctx); err != nil && !guest.Cancelled(err) {
			fmt.Println("shown to the user:", err)
		}
		fmt.Println("quiet")
		return nil
	})
	// Output: quiet
}

// The exit code of a program: to quit in order is no failure.
func ExampleIsQuit() {
	_, err := headless.Run(func(ctx context.Context) (int, error) {
		g, _ := guest.FromContext(ctx)
		g.Cancel(guest.ErrQuit)
		return 0, fmt.Errorf("main: %w", guest.Park(ctx))
	}, nil)
	fmt.Println(err != nil, guest.IsQuit(err))
	// Output: true true
}

// A package that shows something before it waits refuses a call from elsewhere first.
func ExampleCurrentTask() {
	_, ok := guest.CurrentTask()
	fmt.Println(ok)
	run(func(context.Context) error {
		_, ok := guest.CurrentTask()
		fmt.Println(ok)
		return nil
	})
	// Output:
	// false
	// true
}
