package waitctx

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest"
)

// Variables that hold a context of no guest.
func derived1(g *guest.Guest) {
	base := context.Background()
	guest.Go(base, nil)                               // want `Go panics with a context without a guest`
	guest.Go(context.WithValue(base, "key", ""), nil) // want `Go panics`
	short, cancel := context.WithTimeout(base, time.Second)
	defer cancel()
	guest.Go(short, nil) // want `Go panics`
}

// Near misses: a default for what is given, and a helper that lives as long as the work beside it.
func given(ctx context.Context, g *guest.Guest) {
	if ctx == nil {
		ctx = context.Background()
	}
	guest.Go(ctx, nil)
	g.Go(func(ctx context.Context) error {
		helper, cancel := context.WithCancel(ctx)
		defer cancel()
		guest.Go(helper, func(ctx context.Context) error { return guest.Park(ctx) })
		return guest.Sleep(ctx, time.Second)
	})
}
