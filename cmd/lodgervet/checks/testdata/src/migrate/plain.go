package migrate

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
)

func plain(ctx context.Context, g *guest.Guest, l *widget.Label, b *widget.Button) {
	g.Go(func(ctx context.Context) error {
		fyne.Do(func() { l.SetText("x") }) // want `fyne.Do in a task, which is on the UI thread already`

		fyne.DoAndWait(func() { // want `fyne.DoAndWait in a task`
			text := "y"
			l.SetText(text)
		})
		fyne.Do(l.Show) // want `fyne.Do in a task`

		fyne.Do(func() { // want `fyne.Do in a task`
			if b.Disabled() {
				return
			}
			l.SetText("z")
		})
		return guest.BackgroundFunc(ctx, func(ctx context.Context) error {
			fyne.Do(func() { l.SetText("x") }) // want `fyne.Do in a background function`

			fyne.DoAndWait(func() { l.SetText("x") }) // want `fyne.DoAndWait in a background function`
			return nil
		})
	})
	guest.Background(ctx, func(ctx context.Context) (int, error) {
		fyne.DoAndWait(l.Show) // want `fyne.DoAndWait in a background function`
		return 0, nil
	})
	b.OnTapped = func() {
		fyne.Do(l.Show) // later, as it was meant

		fyne.DoAndWait(l.Show) // want `fyne.DoAndWait in a handler`
	}
	go func() { fyne.Do(l.Show) }()
}
