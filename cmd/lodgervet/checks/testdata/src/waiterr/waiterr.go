package waiterr

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func bad(ctx context.Context, label *widget.Label, more func() bool, fetch func(context.Context) (string, error)) error {
	for {
		guest.Sleep(ctx, time.Second) // want `when the context is done, Sleep returns at once, and this loop never ends; return its error`
		label.SetText(time.Now().String())
	}
	for more() {
		_ = guest.Yield(ctx) // want `Yield returns at once, and this loop goes on without the wait`
	}
	text, _ := guest.Background(ctx, fetch) // want `the error of Background is ignored, and text is used`
	label.SetText(text)
	v, err := guest.Background(ctx, fetch)
	if err != nil && !guest.Cancelled(err) { // want `after a cancellation, v is used all the same`
		return err
	}
	label.SetText(v)
	return nil
}

// Near misses.
func fine(ctx context.Context, label *widget.Label, fetch func(context.Context) (string, error), ch chan string) error {
	for {
		if err := guest.Sleep(ctx, time.Second); err != nil {
			return err
		}
	}
	for ctx.Err() == nil {
		guest.Sleep(ctx, time.Second)
	}
	for range 3 {
		guest.Sleep(ctx, time.Second)
	}
	for i := 0; i < 3; i++ {
		guest.Sleep(ctx, time.Second)
	}
	for {
		guest.Sleep(ctx, time.Second)
		if ctx.Err() != nil {
			return nil
		}
	}
	for text, err := range flow.Each(ctx, ch) {
		label.SetText(text)
		_ = err
	}
	_, _ = guest.Background(ctx, fetch)
	sure, _ := guest.Background(context.Background(), fetch)
	label.SetText(sure)
	v, err := guest.Background(ctx, fetch)
	if err != nil && !guest.Cancelled(err) {
		return errors.New("x")
	}
	if err == nil {
		label.SetText(v)
	}
	guest.Park(ctx)
	return nil
}
