package inspect

import (
	"context"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// Named returns a context for one start: the task or background function that is started with it
// bears name in snapshots, logs and reports, beside that of its function. What that starts in
// turn does not. Any goroutine.
//
//	guest.Go(inspect.Named(ctx, "autosave"), save)
func Named(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, &bridge.NameKey, &bridge.Name{Text: name})
}
