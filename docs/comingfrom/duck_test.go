package comingfrom_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/loops"
)

func count(context.Context) (int, error) { return 3, nil }

// A manager, from start to stop. Submitting never waits; waiting has a context, and so a time-out.
func Example_duckManager() {
	ctx := context.Background()
	manager := loops.New("render", nil)
	fmt.Println(manager.Start(ctx))
	fmt.Println(errors.Is(manager.Start(ctx), loops.ErrStarted))

	future := loops.Submit(ctx, manager.Loop(), count)
	fmt.Println(future.Wait(ctx))
	fmt.Println(manager.Stop(ctx))
	// Output:
	// <nil>
	// true
	// 3 <nil>
	// <nil>
}

// The lineage is that of contexts, not of threads: what is found in no scope on the way up is
// made at the root.
func Example_duckGetOrCreate() {
	over, cancel := context.WithCancel(context.Background())
	program := loops.Scoped(over)
	request := loops.Scoped(program)

	fmt.Println(loops.Lookup(request, "db")) // strictly_get
	db, _ := loops.Get(request, "db", nil)
	same, _ := loops.Lookup(program, "db")
	fmt.Println(db, same)

	_, err := loops.Create(request, "db", nil) // force_create: here, whatever there is above
	hidden, _ := loops.Lookup(request, "db")
	fmt.Println(err, hidden == db)
	_, err = loops.Create(request, "db", nil)
	fmt.Println(err)

	cancel() // the scopes' loops end with them
	<-db.Done()
	<-hidden.Done()
	fmt.Println(len(loops.All()))
	// Output:
	// <nil> loops: no loop "db" in this scope or above it; make one with Create or Get, or pass a context of its scope
	// db db
	// <nil> false
	// loops: this scope already has a loop "db"; use that loop with Get, or open your own scope with Scoped
	// 0
}

// A loop for one kind of work.
func Example_duckTaskType() {
	ctx := loops.Scoped(context.Background())
	manager, err := loops.Create(ctx, "db", &loops.Options{Kind: "sql"})
	if err != nil {
		fmt.Println(err)
		return
	}
	db, _ := loops.Lookup(ctx, "db")
	_, err = loops.Submit(ctx, db, count).Wait(ctx)
	var unknown *loops.UnknownKindError
	fmt.Println(errors.As(err, &unknown), unknown.Given == "", unknown.Expected)
	fmt.Println(loops.Submit(ctx, db.For("sql"), count).Wait(ctx))
	fmt.Println(manager.Stop(ctx))
	// Output:
	// true true sql
	// 3 <nil>
	// <nil>
}

// A synchronous caller with a deadline.
func Example_duckSyncFuture() {
	ctx, cancel := context.WithCancel(loops.Scoped(context.Background()))
	defer cancel()
	manager, err := loops.Create(ctx, "slow", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	future := loops.Submit(ctx, manager.Loop(), func(ctx context.Context) (string, error) {
		defer fmt.Println("unwound")
		return "", guest.Park(ctx)
	})
	cancel() // or a deadline: the caller stops waiting, and what it has submitted is cancelled
	_, err = future.Wait(context.WithoutCancel(ctx))
	fmt.Println(err)
	fmt.Println(manager.Stop(context.WithoutCancel(ctx)))
	// Output:
	// unwound
	// context canceled
	// <nil>
}
