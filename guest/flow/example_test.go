package flow_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

// A label follows a value, whoever changes it, without a task.
func ExampleVar() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		status := flow.NewVar("idle")
		status.Bind(ctx, func(text string) { fmt.Println("label:", text) }) // label.SetText
		_ = guest.Sleep(ctx, time.Millisecond)
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			status.Set("searching…")
			return 0, nil
		})
		return nil, err
	}, nil)
	// Output:
	// label: idle
	// label: searching…
}

// A task does something for each value, and skips those that come while it is at work.
func ExampleVar_Values() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		query := flow.NewVar("g")
		guest.Go(ctx, func(ctx context.Context) error {
			for _, text := range []string{"gu", "gue", "guest"} { // one types fast
				query.Set(text)
			}
			return nil
		})
		for text, err := range query.Values(ctx) {
			if err != nil {
				return nil, err
			}
			fmt.Println("search for", text)
			if text == "guest" {
				break
			}
		}
		return nil, nil
	}, nil)
	// Output:
	// search for g
	// search for guest
}

// A live log: any goroutine puts lines, and the window takes them in batches.
func ExampleMailbox() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		lines := flow.NewMailbox[string](&flow.MailboxOptions{Limit: 3})
		for i := range 5 {
			lines.Put(fmt.Sprint("line ", i))
		}
		lines.Close()
		for batch, err := range lines.Batches(ctx) {
			if err != nil {
				return nil, err
			}
			fmt.Println(batch, "and", lines.Dropped(), "dropped")
		}
		return nil, nil
	}, nil)
	// Output:
	// [line 2 line 3 line 4] and 2 dropped
}

// At most two downloads at a time, until somebody pauses them.
func ExampleSemaphore() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		slots := flow.NewSemaphore(2)
		running, most := 0, 0
		for range 5 {
			guest.Go(ctx, func(ctx context.Context) error {
				return slots.With(ctx, 1, func(ctx context.Context) error {
					running++
					most = max(most, running)
					err := guest.Sleep(ctx, time.Millisecond)
					running--
					return err
				})
			})
		}
		err := guest.Join(ctx)
		fmt.Println("at most", most)
		slots.SetLimit(0)
		fmt.Println("while paused:", slots.TryAcquire(1))
		return nil, err
	}, nil)
	// Output:
	// at most 2
	// while paused: false
}

// A task feeds a worker that reads a channel.
func ExampleSend() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		work := make(chan int)
		sum := guest.Submit(ctx, func(context.Context) (sum int, err error) {
			for n := range work {
				sum += n
			}
			return sum, nil
		})
		for n := range 4 {
			if _, err := flow.Send(ctx, work, n); err != nil {
				return nil, err
			}
		}
		close(work)
		n, err := sum.Wait(ctx)
		fmt.Println(n)
		return nil, err
	}, nil)
	// Output: 6
}

// A server that is down twice.
func ExampleRetry() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		down := 2
		page, err := flow.Retry(ctx, func(context.Context) (string, error) {
			if down > 0 {
				down--
				return "", errors.New("connection refused")
			}
			return "welcome", nil
		}, &flow.RetryPolicy{Delay: time.Millisecond, OnRetry: func(attempt int, err error, _ time.Duration) {
			fmt.Println("attempt", attempt, "failed:", err)
		}})
		fmt.Println(page)
		return nil, err
	}, nil)
	// Output:
	// attempt 1 failed: connection refused
	// attempt 2 failed: connection refused
	// welcome
}
