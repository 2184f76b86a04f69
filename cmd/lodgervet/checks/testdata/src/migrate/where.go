package migrate

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
)

// Where the guest comes from: a task's own context, but none that is cancelled too soon.
func inTask(l *widget.Label) {
	theGuest.Go(func(ctx context.Context) error {
		go func() { // want `a goroutine that posts`
			save()
			fyne.Do(l.Show)
		}()
		return nil
	})
	theGuest.Go(func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() { // want `a goroutine that posts`
			save()
			fyne.Do(l.Show)
		}()
		return guest.Yield(ctx)
	})
}

// In init no guest has begun.
func init() {
	l := widget.NewLabel("")
	go func() {
		save()
		fyne.Do(l.Show)
	}()
}
