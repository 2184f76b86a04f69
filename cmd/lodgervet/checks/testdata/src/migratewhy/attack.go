package migratewhy

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
)

type shower struct {
	g *guest.Guest
	l *widget.Label
}

func (s *shower) show(ctx context.Context) error {
	fyne.Do(s.l.Show) // want `its function is also called where nothing says that it is the UI thread`
	return nil
}

func attack(g *guest.Guest, s *shower, l *widget.Label, load func() string, save func(string) error) {
	g.Go(s.show)
	g.Go(func(ctx context.Context) error {
		return guest.BackgroundFunc(ctx, func(ctx context.Context) error { return s.show(ctx) })
	})
	go func() error { // want `its function has results`
		text := load()
		fyne.Do(func() { l.SetText(text) })
		return save(text)
	}()
	go func() { // want `a comment would be lost`
		text := load()
		// show
		fyne.Do( /* now */ func() { l.SetText(text) })
	}()
	go func() { // want `a comment would be lost`
		// once
		text := load()
		fyne.Do(
			// once
			func() { l.SetText(text) })
	}()
	g.Go(func(ctx context.Context) error {
		fyne.Do(func() {}) // want `its function is empty`
		fyne.Do(           // want `a comment would be lost`
			// in order
			l.Show)
		return nil
	})
}

func waitsForIt(g *guest.Guest, l *widget.Label, load func() string) {
	done := make(chan bool)
	go func() { // want `the function around it blocks, perhaps until the goroutine has ended`
		text := load()
		fyne.Do(func() { l.SetText(text) })
		done <- true
	}()
	<-done
}
