package comingfrom_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// tellingHost is a loop whose host wants to know how the guest has ended.
type tellingHost struct{ *headless.Loop }

func (h tellingHost) DoneCallback(outcome host.Outcome) {
	_, err := outcome.Unwrap()
	fmt.Println("the outcome:", err)
	h.Loop.DoneCallback(outcome)
}

// The program runs the loop; the guest may be used from the moment Start returns.
func Example_trioStartGuestRun() {
	runtime.LockOSThread() // in a program: in an init function
	defer runtime.UnlockOSThread()
	h := tellingHost{headless.New()}
	g, err := guest.Start(h, func(ctx context.Context) error {
		fmt.Println("main")
		return errors.New("boom")
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	g.Go(func(context.Context) error { fmt.Println("a task"); return nil })
	fmt.Println("nothing has run so far")
	if err := h.Mainloop(func() error { return nil }); err != nil {
		fmt.Println(err)
	}
	fmt.Println(g.Finish().Err)
	// Output:
	// nothing has run so far
	// main
	// a task
	// the outcome: boom
	// boom
}

// A loop that ends under the guest: Finish unwinds it there, and says what it has cancelled.
func Example_trioAbandonedRun() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	loop := headless.New()
	g, err := guest.Start(loop, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	g.Go(func(ctx context.Context) error {
		defer fmt.Println("unwound")
		loop.Quit()
		err := guest.Sleep(ctx, time.Hour)
		fmt.Println(errors.Is(err, guest.ErrHostGone))
		return err
	})
	if err := loop.Mainloop(func() error { return nil }); err != nil {
		fmt.Println(err)
	}
	report := g.Finish()
	fmt.Println(report.Err, len(report.Cancelled), len(report.Leaked))
	// Output:
	// true
	// unwound
	// <nil> 1 0
}

// A nursery: what is started in it has ended when it returns, and the first failure ends it all.
func Example_trioNursery() {
	task(func(ctx context.Context) error {
		err := guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Park(ctx)
				fmt.Println("cancelled:", context.Cause(ctx))
				return err
			})
			guest.Go(ctx, func(context.Context) error { return errors.New("boom") })
			return guest.Join(ctx)
		})
		fmt.Println(err)
		return nil
	})
	// Output:
	// cancelled: boom
	// boom
}

// Between threads, in both directions.
func Example_trioThreads() {
	task(func(ctx context.Context) error {
		answer, err := guest.Background(ctx, func(ctx context.Context) (string, error) {
			return guest.CallOnMain(ctx, func(context.Context) (string, error) { return "from the UI thread", nil })
		})
		fmt.Println(answer, err)
		return nil
	})
	// Output: from the UI thread <nil>
}

// What the host's own code wakes: a handler settles a future that a task waits for.
func Example_trioEvent() {
	task(func(ctx context.Context) error {
		clicked := guest.NewFuture[string]()
		g, _ := guest.FromContext(ctx)
		handler := func() { clicked.Resolve("clicked") }
		if err := g.Post(handler); err != nil { // the toolkit calls it
			return err
		}
		fmt.Println(clicked.Wait(ctx))
		return nil
	})
	// Output: clicked <nil>
}

// A memory channel is a channel.
func Example_trioMemoryChannel() {
	lines := make(chan string)
	go func() {
		defer close(lines)
		lines <- "one"
		lines <- "two"
	}()
	task(func(ctx context.Context) error {
		for line := range flow.Each(ctx, lines) {
			fmt.Println(line)
		}
		return ctx.Err()
	})
	// Output:
	// one
	// two
}

// Clean-up that must wait, though all is cancelled.
func Example_trioShield() {
	task(func(ctx context.Context) error {
		t := guest.Go(ctx, func(ctx context.Context) error {
			defer func() {
				fmt.Println("saved:", guest.Sleep(context.WithoutCancel(ctx), time.Millisecond))
			}()
			return guest.Park(ctx)
		})
		if err := guest.Yield(ctx); err != nil {
			return err
		}
		t.Cancel(nil)
		return nil
	})
	// Output: saved: <nil>
}

// Ctrl-C is a cancellation, if the program says so.
func Example_trioKeyboardInterrupt() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := guest.RunTask(headless.New(), func(ctx context.Context) error {
		defer fmt.Println("unwound")
		pressControlC()
		return guest.Park(ctx)
	}, &guest.Options{Context: ctx})
	fmt.Println(errors.Is(err, context.Canceled))
	// Output:
	// unwound
	// true
}

func pressControlC() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Signal(os.Interrupt)
	}
	if err != nil {
		fmt.Println(err)
	}
}

// A MockClock that jumps by itself is what every test has.
func TestTrioMockClock(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		begin := time.Now()
		require.NoError(t, guest.Sleep(ctx, time.Hour))
		require.Equal(t, time.Hour, time.Since(begin))
	}, nil)
}

// move_on_after is a context; a deadline that the host's code moves is a timer, which can be
// reset.
func TestTrioDeadlines(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		soon, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, guest.Park(soon), context.DeadlineExceeded)

		work, stop := context.WithCancelCause(ctx)
		deadline := time.AfterFunc(time.Second, func() { stop(context.DeadlineExceeded) })
		g, _ := guest.FromContext(ctx)
		require.NoError(t, g.Post(func() { deadline.Reset(time.Hour) })) // in a handler, say
		begin := time.Now()
		require.ErrorIs(t, guest.Park(work), context.DeadlineExceeded)
		require.Equal(t, time.Hour, time.Since(begin))
	}, nil)
}
