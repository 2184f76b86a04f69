package comingfrom_test

import (
	"context"
	"fmt"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/loops"
)

// A loop in the background, the two parts that use it, and a shutdown after which nothing is left.
func Example_asyncioBackgroundLoop() {
	ctx := context.Background()
	background := loops.New("background", nil)
	if err := background.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	orders := make(chan string) // one part feeds it a queue
	shop := loops.Submit(ctx, background.Loop(), func(ctx context.Context) (any, error) {
		for order := range guest.Each(ctx, orders) {
			fmt.Println("sold:", order)
		}
		return nil, ctx.Err()
	})
	clock := loops.Submit(ctx, background.Loop(), func(ctx context.Context) (any, error) {
		defer fmt.Println("the clock has stopped") // another part runs until the end
		return nil, guest.Every(ctx, time.Hour, func(context.Context) error { return nil }, nil).Await(ctx)
	})
	orders <- "tea"
	close(orders)
	_, err := shop.Wait(ctx)
	fmt.Println(err)
	fmt.Println(background.Stop(ctx)) // cancel, unwind, stop, join
	_, err = clock.Wait(ctx)
	fmt.Println(err)
	// Output:
	// sold: tea
	// <nil>
	// the clock has stopped
	// <nil>
	// context canceled: guest: quit
}

// From a thread into the loop, with a time-out; and what asyncio calls soon, later, and elsewhere.
func Example_asyncioThreadsafe() {
	ctx := context.Background()
	background := loops.New("", nil)
	if err := background.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	soon, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	future := loops.Submit(soon, background.Loop(), func(ctx context.Context) (string, error) {
		text, err := guest.Background(ctx, func(context.Context) (string, error) { return "read", nil })
		if err != nil {
			return "", err
		}
		g, _ := guest.FromContext(ctx)
		if err := g.Post(func() { fmt.Println("soon") }); err != nil {
			return "", err
		}
		return text, guest.After(ctx, time.Millisecond, func(context.Context) error { return nil }).Await(ctx)
	})
	fmt.Println(future.Wait(soon))
	fmt.Println(background.Stop(ctx))
	// Output:
	// soon
	// read <nil>
	// <nil>
}

// gather, wait_for, and the first of several.
func Example_asyncioGather() {
	task(func(ctx context.Context) error {
		sleep := func(n int, d time.Duration) *guest.Future[int] {
			return guest.Async(ctx, func(ctx context.Context) (int, error) { return n, guest.Sleep(ctx, d) })
		}
		fmt.Println(guest.All(ctx, sleep(1, 2*time.Millisecond), sleep(2, time.Millisecond)))
		fmt.Println(guest.First(ctx, sleep(1, time.Hour), sleep(2, time.Millisecond)))

		soon, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		fmt.Println(guest.Sleep(soon, time.Hour))
		return nil
	})
	// Output:
	// [1 2] <nil>
	// 2 <nil>
	// context deadline exceeded
}
