package headless

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Run runs main as the first task of a guest in a new loop, on the calling goroutine. It returns
// main's result when main and its tasks have ended. It needs no display and no C compiler. In a
// testing/synctest bubble it takes virtual time. It is [guest.Run] with a loop from [New]. Any
// goroutine. Waits.
func Run[T any](main func(ctx context.Context) (T, error), opts *guest.Options) (T, error) {
	return guest.Run(New(), main, opts)
}
