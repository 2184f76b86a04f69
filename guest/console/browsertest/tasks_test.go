package browsertest

import (
	"context"
	"fmt"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

func sleep(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }

func query(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

func load(ctx context.Context) error {
	return guest.BackgroundFunc(inspect.Named(ctx, "select"), query)
}

func window(ctx context.Context) error {
	for i := range 4 {
		guest.Go(inspect.Named(ctx, fmt.Sprint("thumbnail ", i+1)), load)
	}
	guest.Go(ctx, blink)
	return guest.Park(ctx)
}

func blink(ctx context.Context) error {
	for guest.Sleep(ctx, 400*time.Millisecond) == nil {
	}
	return ctx.Err()
}

// deaf waits for let, and ignores its cancellation.
func deaf(ctx context.Context, let *guest.Future[bool]) error {
	_, err := let.Wait(context.WithoutCancel(ctx))
	return err
}

// editor has 30 tasks of all kinds. One of them ends with let.
func editor(ctx context.Context, let *guest.Future[bool]) error {
	return guest.Supervise(ctx, func(ctx context.Context) error {
		save := guest.Go(inspect.Named(ctx, "autosave"), sleep)
		guest.Go(inspect.Named(ctx, "close"), func(ctx context.Context) error { return save.Wait(ctx) })
		guest.Go(inspect.Named(ctx, "<b>markup</b>"), sleep)
		guest.Go(inspect.Named(ctx, "search"), load)
		for _, name := range []string{"main window", "second window", "settings"} {
			guest.Go(inspect.Named(ctx, name), window)
		}
		guest.Go(inspect.Named(ctx, "import"), func(ctx context.Context) error { guest.Go(ctx, sleep); return nil })
		guest.After(ctx, time.Hour, sleep)
		guest.Go(inspect.Named(ctx, "upload"), func(ctx context.Context) error { return deaf(ctx, let) }).Cancel(fmt.Errorf("the user has closed the window"))
		return guest.Park(ctx)
	})
}

// crowd has ten thousand tasks, in a hundred groups.
func crowd(ctx context.Context, _ *guest.Future[bool]) error {
	for i := range 100 {
		guest.Go(inspect.Named(ctx, fmt.Sprint("group ", i+1)), func(ctx context.Context) error {
			for j := range 99 {
				switch j % 10 {
				case 0:
					guest.Go(inspect.Named(ctx, fmt.Sprint("blinker ", j)), blink)
				default:
					guest.Go(ctx, sleep)
				}
			}
			return guest.Park(ctx)
		})
	}
	return guest.Park(ctx)
}
