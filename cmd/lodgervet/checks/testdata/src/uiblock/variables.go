package uiblock

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type box[T any] struct{ v T }

func (b *box[T]) load() T { time.Sleep(time.Second); return b.v }

// Variables that stand for functions.
func held(b *widget.Button, x *box[int], life fyne.Lifecycle) {
	f := x.load
	b.OnTapped = func() {
		f() // want `f blocks the UI thread in a handler \(time.Sleep at variables.go:12\)`
	}
	life.SetOnStarted(func() { time.Sleep(1) }) // want `time.Sleep blocks the UI thread`
}

// Near misses: a parameter has a value before it is set, a variable of a loop has several, and
// what comes after the loop may take its time.
func mayBe(b *widget.Button, cb func(), all []func(), life fyne.Lifecycle) {
	if cb == nil {
		cb = func() { time.Sleep(1) }
	}
	for _, f := range all {
		if f == nil {
			f = func() { time.Sleep(1) }
		}
		b.OnTapped = func() { f() }
	}
	b.OnTapped = func() { cb() }
	life.SetOnStopped(func() { time.Sleep(1) })
}

type tile struct{ widget.Label }

// Tapped is called by Fyne.
func (t *tile) Tapped(*fyne.PointEvent) {
	time.Sleep(1) // want `time.Sleep blocks the UI thread in a handler \(Fyne calls it\)`
}

// Scrolled is no event's: it takes something else.
func (t *tile) Scrolled(int) { time.Sleep(1) }
