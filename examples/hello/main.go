// Hello runs two tasks in turn on one thread. Watch for this: there is no goroutine, no lock
// and no channel, and the two tasks never run at the same time.
//
//	go run ./examples/hello
package main

import (
	"context"
	"fmt"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func main() {
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		for _, word := range []string{"tick", "tock"} {
			guest.Go(ctx, func(ctx context.Context) error {
				for i := range 3 {
					fmt.Println(word, i)
					if err := guest.Yield(ctx); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return nil, guest.Join(ctx)
	}, nil)
	if err != nil {
		fmt.Println(err)
	}
}
