package migrate

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
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

// A handler that a task sets may run when the task has ended, unless it is a window's or main.
func inHandlers(b *widget.Button, l *widget.Label, w fyne.Window) {
	theGuest.Go(func(ctx context.Context) error {
		b.OnTapped = func() {
			go func() { // want `a goroutine that posts`
				save()
				fyne.Do(l.Show)
			}()
		}
		func() {
			go func() { // want `a goroutine that posts`
				save()
				fyne.Do(l.Hide)
			}()
		}()
		return nil
	})
	fynehost.WithWindow(context.TODO(), w, func(ctx context.Context) error {
		b.OnTapped = func() {
			go func() { // want `a goroutine that posts`
				save()
				fyne.Do(l.Show)
			}()
		}
		return guest.Park(ctx)
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
