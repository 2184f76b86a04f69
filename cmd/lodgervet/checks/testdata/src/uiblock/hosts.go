package uiblock

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

// The same in parts: a main function with a name, a task that it starts, and a function that
// only such tasks run.
func inParts(label *widget.Label) {
	tick := func() { label.SetText("tick") }
	go func() {
		_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				fyne.DoAndWait(tick)
				return nil
			})
			guest.Go(ctx, ticks)
			return guest.BackgroundFunc(ctx, func(ctx context.Context) error {
				fyne.DoAndWait(tick)
				return nil
			})
		}, nil)
	}()
	go guest.RunTask(headless.New(), named, nil)
}

func named(ctx context.Context) error {
	guest.Go(ctx, ticks)
	fyne.Do(func() {
		fyne.DoAndWait(func() {}) // want `fyne.DoAndWait blocks the UI thread in a handler`
	})
	guest.Go(ctx, func(ctx context.Context) error {
		time.Sleep(time.Second) // want `time.Sleep blocks the UI thread in a task`
		return nil
	})
	return nil
}

func ticks(ctx context.Context) error {
	fyne.DoAndWait(func() {})
	return nil
}
