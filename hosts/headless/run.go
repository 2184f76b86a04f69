package headless

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Run runs main as the first task of a guest in a loop of its own, on the calling goroutine,
// and returns main's result when main and its tasks have ended. It needs no display and no C
// compiler, and takes virtual time in a testing/synctest bubble. Any goroutine. Waits. It is
// [guest.Run] with [New].
func Run[T any](main func(ctx context.Context) (T, error), opts *guest.Options) (T, error) {
	return guest.Run(New(), main, opts)
}
