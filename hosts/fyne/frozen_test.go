package fynehost_test

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/frozen"
)

func init() { stories.AddAll(frozen.Stories(freezes())) }

// freezes are windows of Fyne's that freeze.
func freezes() frozen.Toolkit {
	button := widget.NewButton("freeze", nil)
	return frozen.Toolkit{
		Run: func(main func(ctx context.Context) error, opts *guest.Options) error {
			a := app.NewWithID("test")
			return fynehost.Run(a, func(ctx context.Context) error {
				w := a.NewWindow("frozen")
				w.SetContent(button)
				w.Show()
				return main(ctx)
			}, opts)
		},
		Click: func(handler func()) {
			button.OnTapped = handler
			fyne.Do(func() { button.Tapped(&fyne.PointEvent{}) })
		},
		Itself: func() { fyne.DoAndWait(func() { button.SetText("done") }) },
	}
}

func TestFrozenWindowIsExplained(t *testing.T) { frozen.Run(t, freezes()) }
