package comingfrom_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// The loop is chosen by name when the program runs; an unknown name says what is known.
func Example_asyncKernelHostByName() {
	h, err := host.Open("mine")
	if err != nil {
		fmt.Println(err)
		return
	}
	sum, err := guest.Run(h, func(ctx context.Context) (int, error) {
		current, ok := host.Current()
		fmt.Println(ok, current == h)
		return 42, nil
	}, nil)
	fmt.Println(sum, err)
	_, err = guest.Start(h, nil, nil)
	fmt.Println(err)
	_, err = host.Open("qt")
	fmt.Println(err)
	// Output:
	// true true
	// 42 <nil>
	// guest: this host value already served a guest; make a new host for every guest
	// host: no host is registered as "qt" (known: headless, mine); import its package, for example _ "github.com/golodger/lodger/hosts/fyne/auto"
}

// A loop of one's own gets a name, too.
func init() {
	host.Register("mine", func() (host.Mainloop, error) { return headless.New(), nil })
}

// No toolkit, no host: the scheduler alone.
func Example_asyncKernelRun() {
	text, err := headless.Run(func(ctx context.Context) (string, error) {
		return guest.Background(ctx, func(context.Context) (string, error) { return "read", nil })
	}, nil)
	fmt.Println(text, err)
	// Output: read <nil>
}

// What a Caller does: soon, later, elsewhere, and without a result.
func Example_asyncKernelCaller() {
	load := func(context.Context) (string, error) { return "loaded", nil }
	task(func(ctx context.Context) error {
		soon := guest.Async(ctx, load)
		later := guest.After(ctx, 10*time.Millisecond, func(context.Context) error {
			fmt.Println("later")
			return nil
		})
		if err := guest.RunOnMain(ctx, func() { fmt.Println("directly") }); err != nil {
			return err
		}
		fmt.Println(soon.Wait(ctx))
		fmt.Println(guest.Background(ctx, load)) // in a goroutine: the window lives on
		return later.Wait(ctx)
	})
	// Output:
	// directly
	// loaded <nil>
	// loaded <nil>
	// later
}

// One queue for each function whose calls must not overlap.
func Example_asyncKernelQueue() {
	task(func(ctx context.Context) error {
		saves := new(guest.Queue[string])
		save := func(text string) *guest.Future[string] {
			return saves.Add(ctx, func(ctx context.Context) (string, error) {
				return text + " saved", guest.Sleep(ctx, time.Millisecond)
			})
		}
		draft, final := save("draft"), save("final")
		fmt.Println(final.Wait(ctx))
		fmt.Println(draft.Wait(ctx))
		return saves.Close(ctx)
	})
	// Output:
	// final saved <nil>
	// draft saved <nil>
}

// A Pending, piece by piece.
func Example_asyncKernelPending() {
	type download struct { // instead of metadata
		*guest.Future[int]
		url string
	}
	task(func(ctx context.Context) error {
		d := download{guest.NewFuture[int](), "example.org"}
		if err := d.OnDone(ctx, func(n int, err error) { fmt.Println("done:", n, err) }); err != nil {
			return err
		}

		soon, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		_, err := d.Wait(soon) // a wait that ends cancels nobody
		fmt.Println(d.url, err)

		g, _ := guest.FromContext(ctx)
		_ = g.Post(func() { // on the UI thread, outside a task
			_, err := d.Wait(ctx)
			fmt.Println(errors.Is(err, guest.ErrWouldDeadlock))
		})
		if err := guest.Yield(ctx); err != nil {
			return err
		}

		_, err = guest.Background(ctx, func(context.Context) (bool, error) { return d.Resolve(3), nil })
		fmt.Println(d.Wait(ctx))
		return err
	})
	// Output:
	// example.org context deadline exceeded
	// true
	// done: 3 <nil>
	// 3 <nil>
}

// A canceller: whoever would answer is asked to stop, and has the last word.
func Example_asyncKernelCanceller() {
	task(func(ctx context.Context) error {
		answer := guest.NewFuture[string]()
		err := answer.OnCancel(ctx, func(cause error) { answer.Reject(fmt.Errorf("given up: %w", cause)) })
		if err != nil {
			return err
		}
		answer.Cancel(errors.New("too late"))
		_, err = answer.Wait(ctx)
		fmt.Println(err)
		return nil
	})
	// Output: given up: too late
}

// The four modes of a pending group: whether one that is cancelled cancels the others, and
// whether the group then fails.
func Example_asyncKernelPendingGroup() {
	task(func(ctx context.Context) error {
		soon := func(ctx context.Context) error { return guest.Sleep(ctx, time.Millisecond) }
		var other *guest.Task
		err := guest.Scope(ctx, func(ctx context.Context) error { // mode 0: neither
			guest.Go(ctx, guest.Park).Cancel(nil)
			other = guest.Go(ctx, soon)
			return nil
		})
		fmt.Println(0, err, other.Err())

		forever := func(ctx context.Context) (int, error) { return 0, guest.Park(ctx) }
		a, b := guest.Async(ctx, forever), guest.Async(ctx, forever)
		a.Cancel(nil)
		_, err = guest.All(ctx, a, b) // mode 1: both; and mode 2 for who ignores the error
		_, cancelled := b.Wait(ctx)
		fmt.Println(1, err, cancelled)

		// mode 3: the others go on, and the group fails
		err = guest.Supervise(ctx, func(ctx context.Context) error {
			stopped := guest.Go(ctx, guest.Park)
			other = guest.Go(ctx, soon)
			stopped.Cancel(nil)
			return errors.Join(other.Wait(ctx), stopped.Wait(ctx))
		})
		fmt.Println(3, err, other.Err())
		return nil
	})
	// Output:
	// 0 <nil> <nil>
	// 1 context canceled context canceled: guest: no longer needed; another future has decided the result
	// 3 context canceled <nil>
}

// What is done first comes first.
func Example_asyncKernelAsCompleted() {
	task(func(ctx context.Context) error {
		sleep := func(name string, d time.Duration) *guest.Future[string] {
			return guest.Async(ctx, func(ctx context.Context) (string, error) { return name, guest.Sleep(ctx, d) })
		}
		for f, err := range guest.AsCompleted(ctx, sleep("slow", 50*time.Millisecond), sleep("quick", time.Millisecond)) {
			if err != nil {
				return err
			}
			fmt.Println(f.Wait(ctx))
		}
		fmt.Println(guest.First(ctx, sleep("far", time.Hour), sleep("near", time.Millisecond)))
		return nil
	})
	// Output:
	// quick <nil>
	// slow <nil>
	// near <nil>
}

// Work for a guest that has ended is refused, and says so.
func Example_asyncKernelStopped() {
	var g *guest.Guest
	task(func(ctx context.Context) error {
		g, _ = guest.FromContext(ctx)
		fmt.Println(g.State())
		return nil
	})
	late := g.Go(guest.Park)
	fmt.Println(g.State(), errors.Is(late.Err(), guest.ErrFinished))
	// Output:
	// running
	// ended true
}
