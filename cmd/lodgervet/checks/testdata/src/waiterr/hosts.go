package waiterr

import (
	"context"

	"github.com/golodger/lodger/hosts/ebitengine"
)

// A host's own waits are waits.
func game(ctx context.Context, move func()) {
	for {
		ebitenhost.Tick(ctx) // want `when the context is done, Tick returns at once, and this loop never ends; return its error`
		move()
	}
}
