package migratewhy

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A guest beside the windows, on a thread of its own.
func besides(label *widget.Label) {
	go headless.Run(func(ctx context.Context) (int, error) {
		for guest.Sleep(ctx, time.Second) == nil {
			fyne.Do(func() { label.SetText("tick") }) // want `change this by hand: it runs in a guest with another main loop`
		}
		return 0, ctx.Err()
	}, nil)
}
