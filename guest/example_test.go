package guest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/loops"
	"github.com/golodger/lodger/hosts/headless"
)

// A whole program: the loop, the guest and the first task in one call.
func ExampleRun() {
	sum, err := guest.Run(headless.New(), func(ctx context.Context) (int, error) {
		a := guest.Async(ctx, func(ctx context.Context) (int, error) {
			return guest.Background(ctx, func(context.Context) (int, error) { return 40, nil })
		})
		b, err := a.Wait(ctx)
		return b + 2, err
	}, nil)
	fmt.Println(sum, err)
	// Output: 42 <nil>
}

// A program that runs the loop itself: it locks the goroutine before, and finishes the guest
// after.
func ExampleStart() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	loop := headless.New()
	app, err := guest.Start(loop, nil, nil) // until Cancel
	if err != nil {
		fmt.Println(err)
		return
	}
	app.Go(func(ctx context.Context) error {
		fmt.Println("on the UI thread")
		app.Cancel(guest.ErrQuit)
		return nil
	})
	if err := loop.Mainloop(func() error { return nil }); err != nil {
		fmt.Println(err)
	}
	fmt.Println(app.Finish())
	// Output:
	// on the UI thread
	// err: <nil>
}

// The first failure cancels the others, and Scope returns when all have ended.
func ExampleScope() {
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		err := guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Sleep(ctx, time.Hour)
				fmt.Println("cancelled:", context.Cause(ctx))
				return err
			})
			guest.Go(ctx, func(context.Context) error { return errors.New("no such host") })
			return nil
		})
		return nil, err
	}, nil)
	fmt.Println("err:", err)
	// Output:
	// cancelled: no such host
	// err: no such host
}

// Values of a channel, on the UI thread.
func ExampleEach() {
	lines := make(chan string)
	go func() {
		defer close(lines)
		lines <- "one"
		lines <- "two"
	}()
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		for line := range flow.Each(ctx, lines) {
			fmt.Println(line)
		}
		return nil, ctx.Err()
	}, nil)
	// Output:
	// one
	// two
}

// Work that eats CPU runs in a pool and reports its progress as it goes.
func ExamplePool() {
	pool := flow.NewPool(0)
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		done := 0
		sum, err := guest.Background(flow.WithExecutor(ctx, pool), func(ctx context.Context) (sum int, err error) {
			for i := range 3 {
				sum += i
				_ = guest.RunOnMain(ctx, func() { done++ })
			}
			return sum, nil
		})
		fmt.Println(sum, "after", done, "steps")
		return nil, err
	}, nil)
	// Output: 3 after 3 steps
}

// A future that something else settles: a callback, say.
func ExampleNewFuture() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		answer := guest.NewFuture[string]()
		time.AfterFunc(time.Millisecond, func() { answer.Resolve("yes") })
		text, err := answer.Wait(ctx)
		fmt.Println(text)
		return nil, err
	}, nil)
	// Output: yes
}

// A task may be cancelled and awaited by whoever holds it.
func ExampleTask() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		search := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		search.Cancel(errors.New("another was asked for"))
		fmt.Println(search.Wait(ctx))
		return nil, nil
	}, nil)
	// Output: context canceled: another was asked for
}

// Any worker pool is an executor with a few lines; here one worker and a channel.
func ExampleExecutor() {
	jobs := make(worker, 16)
	defer close(jobs)
	go func() {
		for job := range jobs {
			job()
		}
	}()
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		fmt.Println(guest.Background(ctx, func(context.Context) (string, error) { return "by the worker", nil }))
		return nil, nil
	}, &guest.Options{Executor: jobs})
	// Output: by the worker <nil>
}

type worker chan func()

func (w worker) Execute(ctx context.Context, fn func(ctx context.Context)) {
	w <- func() { fn(ctx) } // a pool without a limit would not wait here
}

// How a guest ended, for the last line of a log.
func ExampleReport() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	loop := headless.New()
	g, err := guest.Start(loop, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		g.Go(func(ctx context.Context) error {
			loop.Quit() // the window is gone, and nobody was asked
			return guest.Park(ctx)
		})
	}
	_ = loop.Mainloop(func() error { return nil })
	var report guest.Report = g.Finish()
	for _, n := range report.Cancelled {
		fmt.Println(n, "tasks were cancelled")
	}
	fmt.Println("lost:", len(report.Leaked), report.Dropped)
	// Output:
	// 2 tasks were cancelled
	// lost: 0 0
}

// A panic in a task is an error with the task's own stack.
func ExamplePanicError() {
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		guest.Go(ctx, func(context.Context) error { panic("no such widget") })
		return nil, nil
	}, nil)
	var p *guest.PanicError
	fmt.Println(errors.As(err, &p), p.Value)
	// Output: true no such widget
}

// What nobody looks at reaches the program's own handler, also from a background loop.
func ExampleOptions() {
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		db, err := loops.Create(ctx, "db", nil)
		if err != nil {
			return nil, err
		}
		loops.Submit(ctx, db.Loop(), func(context.Context) (int, error) { return 0, errors.New("the disk is full") })
		return guest.Background(ctx, func(ctx context.Context) (any, error) { return nil, db.Stop(ctx) })
	}, &guest.Options{
		Name:    "archive",
		OnError: func(err error) { fmt.Println("nobody looked:", errors.Unwrap(err)) },
	})
	fmt.Println(err)
	// Output:
	// nobody looked: the disk is full
	// <nil>
}
