package waiterr

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// All these ask whether the context is done.
func asking(ctx context.Context) error {
	for {
		guest.Sleep(ctx, 1)
		err := ctx.Err()
		if err != nil {
			return err
		}
	}
}

func switching(ctx context.Context) error {
	for {
		guest.Sleep(ctx, 1)
		switch ctx.Err() {
		case nil:
		default:
			return nil
		}
	}
}

func selecting(ctx context.Context) error {
	done := ctx.Done()
	for {
		guest.Sleep(ctx, 1)
		select {
		case <-done:
			return nil
		default:
		}
	}
}

func inCases(ctx context.Context, n int, load func(context.Context) (string, error), show func(string)) {
	switch n {
	case 1:
		text, _ := guest.Background(ctx, load) // want `the error of Background is ignored, and text is used`
		show(text)
	}
	if text, _ := guest.Background(ctx, load); text != "" { // want `the error of Background is ignored, and text is used`
		show(text)
	}
}
