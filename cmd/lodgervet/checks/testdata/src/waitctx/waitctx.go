package waitctx

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func bad(outer context.Context, g *guest.Guest, task *guest.Task) {
	guest.Go(context.Background(), func(ctx context.Context) error { // want `Go panics with a context without a guest`
		guest.Sleep(context.TODO(), time.Second) // want `Sleep with context.Background\(\) goes on when its task is cancelled`
		guest.Sleep(outer, time.Second)          // want `Sleep waits with an outer outer, and its own task's ctx does not end it; use ctx`
		guest.Background(ctx, func(bctx context.Context) (int, error) {
			return 0, guest.Sleep(ctx, time.Second) // want `Sleep panics in a background function with the context of a task; use the context that the background function is given`
		})
		go func() {
			guest.Yield(ctx) // want `Yield panics in a goroutine with the context of a task`
		}()
		return nil
	})
}

func soon(ctx context.Context) {
	guest.Go(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		guest.Go(ctx, func(ctx context.Context) error { return nil }) // want `the task is cancelled as soon as this function returns, by the deferred cancel`
		return nil
	})
}

func window(ctx context.Context, a fyne.App, w fyne.Window) {
	fynehost.WithWindow(ctx, w, func(wctx context.Context) error {
		label := widget.NewLabel("")
		widget.NewButton("", func() {
			guest.Go(ctx, func(ctx context.Context) error { // want `the task outlives its window, and uses label of it`
				label.SetText("x")
				return nil
			})
			guest.Go(ctx, func(ctx context.Context) error { return open(ctx, a) }) // another window
			guest.Go(wctx, func(ctx context.Context) error {
				label.SetText("x")
				return nil
			})
		})
		return guest.Park(wctx)
	})
}

func open(ctx context.Context, a fyne.App) error { return nil }

// Near misses.
func fine(outer context.Context, g *guest.Guest, done chan int) {
	g.Go(func(ctx context.Context) error {
		guest.Sleep(context.WithoutCancel(ctx), time.Second)
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		guest.Sleep(short, time.Second)
		guest.Go(short, func(ctx context.Context) error { return nil })
		guest.Join(short)
		guest.Background(ctx, func(ctx context.Context) (int, error) {
			return guest.CallOnMain(ctx, func(ctx context.Context) (int, error) { return 0, nil })
		})
		guest.Go(outer, func(ctx context.Context) error { return nil })
		return nil
	})
	go func() { guest.Sleep(context.Background(), time.Second) }()
}
