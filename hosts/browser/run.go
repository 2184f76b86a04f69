//go:build js

package browserhost

import (
	"context"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// Run runs main as the first task of a guest in the page. It returns main's error when main and
// its tasks have ended, or nil if main only passes on that the guest was told to quit. The page
// lives on. If a task fails, for example one that a handler starts with main's ctx, it cancels
// no other task. Its error goes to Options.OnError, or to the log, which is the browser's
// console. Any goroutine. Waits.
func Run(main func(ctx context.Context) error, opts *guest.Options) error {
	return guest.RunTask(New(), main, apart.Options(opts))
}
