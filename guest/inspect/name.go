package inspect

import (
	"context"
	"runtime/pprof"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// Named returns a context for one start: the task or background function that is started with it
// bears name in snapshots, logs and reports, beside that of its function, and in profiles, as the
// label "task". What that starts in turn does not, but goroutines started with a go statement
// inherit the label, as all do. Any goroutine.
//
//	guest.Go(inspect.Named(ctx, "autosave"), save)
func Named(ctx context.Context, name string) context.Context {
	labels := pprof.WithLabels(context.Background(), pprof.Labels("task", name))
	return context.WithValue(ctx, &bridge.NameKey, &bridge.Name{
		Text:  name,
		Enter: func() { pprof.SetGoroutineLabels(labels) },
		Leave: func() { pprof.SetGoroutineLabels(context.Background()) },
	})
}
