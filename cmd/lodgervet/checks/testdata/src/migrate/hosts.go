package migrate

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
			fyne.Do(func() { label.SetText("tick") })
			fyne.DoAndWait(func() { label.SetText("tack") })
		}
		return 0, ctx.Err()
	}, nil)
}
