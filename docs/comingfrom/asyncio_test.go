package comingfrom_test

import (
	"context"
	"fmt"
	"log"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/loops"
)

// sell and tick are two parts of a program that use one loop: the first is fed by a queue, the
// second runs until the end.
func sell(orders <-chan string) func(ctx context.Context) (sold int, err error) {
	return func(ctx context.Context) (sold int, err error) {
		for order := range flow.Each(ctx, orders) {
			fmt.Println("sold:", order)
			sold++
		}
		return sold, ctx.Err()
	}
}

func tick(ctx context.Context) (any, error) {
	defer fmt.Println("the clock has stopped")
	return nil, guest.Every(ctx, time.Hour, func(context.Context) error { return nil }, nil).Wait(ctx)
}

// A loop in the background that the main goroutine owns, two parts that use it, and a shutdown
// after which nothing is left.
func Example_asyncioBackgroundLoop() {
	ctx := context.Background()
	background := loops.New("background", nil)
	if err := background.Start(ctx); err != nil {
		log.Fatal(err)
	}
	orders := make(chan string)
	sold := loops.Submit(ctx, background.Loop(), sell(orders))
	ticks := loops.Submit(ctx, background.Loop(), tick)
	orders <- "tea"
	close(orders)
	fmt.Println(sold.Wait(ctx))
	fmt.Println(background.Stop(ctx)) // cancel, unwind, stop, join
	fmt.Println(ticks.Wait(ctx))
	// Output:
	// sold: tea
	// 1 <nil>
	// the clock has stopped
	// <nil>
	// <nil> context canceled: guest: quit
}

// A bubble fails the test for every goroutine that is left in it.
func TestBackgroundLoopLeavesNothing(t *testing.T) {
	synctest.Test(t, func(*testing.T) { Example_asyncioBackgroundLoop() })
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
		return text, guest.After(ctx, time.Millisecond, func(context.Context) error { return nil }).Wait(ctx)
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
