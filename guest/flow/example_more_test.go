package flow_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// News of background work on the UI thread; the last value comes before the result.
func ExampleProgress() {
	_ = really(func(ctx context.Context) error {
		last := 0
		n, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
			bar := flow.NewProgress(ctx, func(done int) { last = done }) // bar.SetValue, say
			for i := range 1000 {
				bar.Report(i + 1)
			}
			return 1000, nil
		})
		fmt.Println(n, last, err)
		return err
	})
	// Output: 1000 1000 <nil>
}

func ExampleRecv() {
	_ = really(func(ctx context.Context) error {
		answers := make(chan string)
		go func() { answers <- "42"; close(answers) }()
		v, ok, err := flow.Recv(ctx, answers)
		fmt.Println(v, ok, err)
		_, ok, err = flow.Recv(ctx, answers)
		fmt.Println(ok, err)
		return err
	})
	// Output:
	// 42 true <nil>
	// false <nil>
}

func ExampleEach() {
	_ = really(func(ctx context.Context) error {
		lines := make(chan string)
		go func() {
			defer close(lines)
			for _, line := range []string{"one", "two"} {
				lines <- line
			}
		}()
		for line, err := range flow.Each(ctx, lines) {
			if err != nil {
				return err // ctx is done; line is the last one, if one was taken just then
			}
			fmt.Println(line)
		}
		return nil
	})
	// Output:
	// one
	// two
}

// Functions that eat CPU, at most two at a time.
func ExamplePool() {
	_ = really(func(ctx context.Context) error {
		ctx = flow.WithExecutor(ctx, flow.NewPool(2))
		var sums []*guest.Future[int]
		for i := range 4 {
			sums = append(sums, guest.Submit(ctx, func(context.Context) (int, error) { return i * i, nil }))
		}
		fmt.Println(guest.All(ctx, sums...))
		return nil
	})
	// Output: [0 1 4 9] <nil>
}

// A value that is equal to the one before is no change.
func ExampleNewVarFunc() {
	_ = really(func(ctx context.Context) error {
		name := flow.NewVarFunc("Ada", strings.EqualFold)
		name.Bind(ctx, func(v string) { fmt.Println("shown:", v) })
		_ = guest.Sleep(ctx, time.Millisecond)
		name.Set("ADA")
		_ = guest.Sleep(ctx, time.Millisecond)
		name.Set("Grace")
		return guest.Sleep(ctx, time.Millisecond)
	})
	// Output:
	// shown: Ada
	// shown: Grace
}

// Two of many at a time; the others wait in line.
func ExampleLimit() {
	_ = really(func(ctx context.Context) error {
		now, most := 0, 0
		load := flow.NewAction(ctx, func(ctx context.Context, _ string) error {
			now++
			defer func() { now-- }()
			most = max(most, now)
			return guest.Sleep(ctx, time.Millisecond)
		}, flow.Limit(2))
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			load.Call(name)
		}
		if err := guest.Join(ctx); err != nil {
			return err
		}
		fmt.Println("at the most:", most)
		return nil
	})
	// Output: at the most: 2
}
