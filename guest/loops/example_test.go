package loops_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/loops"
)

// A loop that several parts of a program use, and that main owns: it feeds it a queue, and at
// the end cancels what runs, lets it unwind, and waits for the loop. Nothing is left behind.
func Example() {
	ctx := loops.Scoped(context.Background())
	owner, _ := loops.Create(ctx, "worker", nil)

	lines := make(chan string)
	worker, _ := loops.Lookup(ctx, "worker") // one part knows the name
	printed := loops.Submit(ctx, worker, func(ctx context.Context) (n int, err error) {
		for line := range flow.Each(ctx, lines) {
			fmt.Println(line)
			n++
		}
		return n, nil
	})
	// another waits for the end
	forever := loops.Submit(ctx, owner.Loop(), func(ctx context.Context) (any, error) {
		defer fmt.Println("unwound")
		return nil, guest.Park(ctx)
	})

	lines <- "one"
	lines <- "two"
	close(lines)
	n, err := printed.Wait(ctx)
	fmt.Println(n, err)
	fmt.Println(owner.Stop(ctx), len(loops.All()))
	_, err = forever.Wait(ctx)
	fmt.Println(err)
	// Output:
	// one
	// two
	// 2 <nil>
	// unwound
	// <nil> 0
	// context canceled: guest: quit
}

// The context is the lineage: what is not found in the own scope is looked for above it.
func ExampleScoped() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	program := loops.Scoped(ctx)
	window := loops.Scoped(program)

	a, _ := loops.Get(window, "db", nil) // made at the root
	b, _ := loops.Lookup(program, "db")
	fmt.Println(a.ID(), b.ID())

	_, _ = loops.Create(window, "cache", nil)
	_, err := loops.Lookup(program, "cache")
	fmt.Println(err)

	cancel() // ends them all
	<-a.Done()
	// Output:
	// db db
	// loops: no loop "cache" in this scope or above it; make one with Create or Get, or pass a context of its scope
}

// A protected loop takes only its own kind.
func ExampleLoop_For() {
	ctx := loops.Scoped(context.Background())
	m, _ := loops.Create(ctx, "db", &loops.Options{Kind: "sql"})
	query := func(context.Context) (string, error) { return "done", nil }

	l, _ := loops.Lookup(ctx, "db")
	_, err := loops.Submit(ctx, l, query).Wait(ctx)
	fmt.Println(err)
	fmt.Println(loops.Submit(ctx, l.For("sql"), query).Wait(ctx))
	fmt.Println(m.Stop(ctx))
	// Output:
	// loops: work of kind "" given to a loop that takes only "sql"; submit through loop.For("sql")
	// done <nil>
	// <nil>
}

// The code that creates a loop also stops it, and learns how it ended.
func ExampleManager() {
	ctx := context.Background()
	m := loops.New("mail", nil)
	if err := m.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(loops.Submit(ctx, m.Loop(), func(context.Context) (string, error) { return "sent", nil }).Wait(ctx))
	fmt.Println(m.Stop(ctx))
	_, err := loops.Submit(ctx, m.Loop(), func(context.Context) (any, error) { return nil, nil }).Wait(ctx)
	fmt.Println(errors.Is(err, guest.ErrFinished), m.Report().Err)
	// Output:
	// sent <nil>
	// <nil>
	// true <nil>
}

// Create wants the name to be free, Lookup wants it taken.
func ExampleCreate() {
	over, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx := loops.Scoped(over)
	_, err := loops.Lookup(ctx, "db")
	var missing *loops.NotFoundError
	fmt.Println(errors.As(err, &missing), missing.ID)

	db, err := loops.Create(ctx, "db", nil)
	fmt.Println(err)
	_, err = loops.Create(ctx, "db", nil)
	var taken *loops.ExistsError
	fmt.Println(errors.As(err, &taken), taken.ID)
	fmt.Println(db.Stop(ctx))
	// Output:
	// true db
	// <nil>
	// true db
	// <nil>
}
