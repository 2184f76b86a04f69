//go:build js

package browserhost

import (
	"context"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// Run runs main as the first task of a guest in the page, and returns main's error when main and
// its tasks have ended; nil when main only answers that the guest was told to quit. The page
// lives on. A task that fails, started by a handler with main's ctx for example, cancels no
// other, and its error goes to Options.OnError, or to the log, which is the browser's console.
// Main goroutine, or any other. Waits.
func Run(main func(ctx context.Context) error, opts *guest.Options) error {
	return guest.RunTask(New(), main, apart.Options(opts))
}
