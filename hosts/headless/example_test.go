package headless_test

import (
	"context"
	"fmt"
	"runtime"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A program in one call: no display, no toolkit.
func ExampleRun() {
	fmt.Println(headless.Run(func(ctx context.Context) (int, error) {
		return guest.Background(ctx, func(context.Context) (int, error) { return 42, nil })
	}, nil))
	// Output: 42 <nil>
}

// A loop that the program runs itself, and that ends as rudely as a toolkit's: what was left
// unwinds after it.
func ExampleLoop() {
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
		return guest.Park(ctx)
	})
	fmt.Println(loop.Mainloop(func() error { return nil }))
	fmt.Println(g.Finish().Err)
	// Output:
	// <nil>
	// unwound
	// <nil>
}
