package waiterr

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func loops(ctx context.Context, label *widget.Label, lines chan string, fetch func(context.Context) (string, error)) error {
	for line := ""; line != "end"; {
		line, _, _ = flow.Recv(ctx, lines) // want `Recv returns at once`
	}
	for {
		slog.InfoContext(ctx, "again")
		guest.Sleep(ctx, time.Second) // want `Sleep returns at once`
	}
	v, err := guest.Background(ctx, fetch)
	if err != nil && !errors.Is(err, context.Canceled) { // want `after a cancellation, v is used all the same`
		return err
	}
	label.SetText(v)
	return nil
}

// Near misses: loops that count, that ask by a function, and a context that is asked after.
func ends(ctx context.Context, label *widget.Label, fetch func(context.Context) (string, error)) error {
	for n := 0; n < 3; {
		guest.Sleep(ctx, time.Second)
		n++
	}
	for tries := 0; ; {
		guest.Sleep(ctx, time.Second)
		if tries += 1; tries > 3 {
			break
		}
	}
	for {
		guest.Sleep(ctx, time.Second)
		if done(ctx) {
			break
		}
	}
	v, _ := guest.Background(ctx, fetch)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	label.SetText(v)
	return nil
}

func done(ctx context.Context) bool { return ctx.Err() != nil }
