package waitctx

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// A variable that is derived from itself must not be followed for ever.
func itself(g *guest.Guest, key any) {
	g.Go(func(context.Context) error {
		var ctx context.Context
		ctx = context.WithValue(ctx, key, 1)
		return guest.Sleep(ctx, 1)
	})
}
