package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"syscall/js"
	"time"

	"github.com/golodger/lodger/guest"
	browserhost "github.com/golodger/lodger/hosts/browser"
)

func main() {
	err := browserhost.Run(func(ctx context.Context) error {
		guest.Go(ctx, count)
		guest.Go(ctx, fetch)
		guest.Go(ctx, primes)
		guest.Go(ctx, ball)
		element("program").Set("hidden", false)
		return guest.Join(ctx)
	}, nil)
	fmt.Fprintln(os.Stderr, err)
}

func element(id string) js.Value { return js.Global().Get("document").Call("getElementById", id) }

func say(id string, what ...any) { element(id).Set("textContent", fmt.Sprint(what...)) }

// count handles one click after the other. Clicks that come meanwhile wait.
func count(ctx context.Context) error {
	clicks := 0
	for range browserhost.Events(ctx, element("count"), "click") {
		say("clicks", "counting…")
		if err := guest.Sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		clicks++
		say("clicks", clicks)
	}
	return ctx.Err()
}

// fetch asks a slow server. The user can cancel the request.
func fetch(ctx context.Context) error {
	start, stop := element("fetch"), element("cancel")
	for range browserhost.Events(ctx, start, "click") {
		start.Set("disabled", true)
		stop.Set("disabled", false)
		say("answer", "asking…")
		text, err := answer(ctx, stop)
		switch {
		case errors.Is(err, errCancelled):
			say("answer", "cancelled")
		case err != nil:
			say("answer", err)
		default:
			say("answer", text)
		}
		start.Set("disabled", false)
		stop.Set("disabled", true)
	}
	return ctx.Err()
}

var errCancelled = errors.New("the user has cancelled")

// answer returns the server's answer, or errCancelled if the user clicks stop first.
func answer(ctx context.Context, stop js.Value) (text string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := guest.Go(ctx, func(ctx context.Context) error {
		if _, err := browserhost.Event(ctx, stop, "click"); err == nil {
			cancel(errCancelled)
		}
		return nil
	})
	defer watch.Cancel(nil)
	response, err := browserhost.Abortable(ctx, func(signal js.Value) js.Value {
		return js.Global().Call("fetch", "slow.txt", map[string]any{"signal": signal})
	})
	if err == nil {
		response, err = browserhost.Await(ctx, response.Call("text"))
	}
	if err != nil {
		return "", err
	}
	return response.String(), nil
}

// primes counts on the page's own thread. It yields, so the page stays alive.
func primes(ctx context.Context) error {
	found := 0
	for n := 2; ; n++ {
		if isPrime(n) {
			found++
		}
		if n%1000 == 0 {
			say("primes", found, " primes below ", n)
			if err := guest.Yield(ctx); err != nil {
				return err
			}
		}
	}
}

func isPrime(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return false
		}
	}
	return true
}

// ball moves the ball in every frame.
func ball(ctx context.Context) error {
	var at time.Duration
	frames := 0
	for dt, err := range browserhost.Frames(ctx) {
		if err != nil {
			return err
		}
		at += dt
		frames++
		x := 50 - 50*math.Cos(at.Seconds()*math.Pi/2)
		element("ball").Get("style").Set("left", fmt.Sprintf("calc(%.2f%% - %.2frem)", x, x/50))
		say("frames", frames, " frames in ", at.Truncate(100*time.Millisecond))
	}
	return nil
}
