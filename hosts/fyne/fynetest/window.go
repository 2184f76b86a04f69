package fynetest

import (
	"slices"

	"fyne.io/fyne/v2"
)

// A window is the test driver's, with a close that happens once, and ends the app with the
// last, as the real one's: its hook is called at once, and the window stays in the list until
// the loop comes by. The names of the fields are those of Fyne's, at which fynehost looks.
type window struct {
	fyne.Window
	driver             *driver
	shown              bool
	closing            bool
	onClosed           func()
	onCloseIntercepted func()
}

func (d *driver) CreateWindow(title string) fyne.Window {
	w := &window{Window: d.Driver.CreateWindow(title), driver: d}
	d.own = append(d.own, w)
	return w
}

// AllWindows are those of the app; the test driver's own list has what they wrap.
func (d *driver) AllWindows() []fyne.Window {
	list := make([]fyne.Window, len(d.own))
	for i, w := range d.own {
		list[i] = w
	}
	return list
}

func (w *window) Show() {
	w.shown = true
	w.RequestFocus()
}

func (w *window) RequestFocus() {
	w.driver.front = w
	w.Window.RequestFocus()
}

func (w *window) ShowAndRun() {
	w.Show()
	w.driver.Run()
}

func (w *window) Hide() {
	w.shown = false
	w.Window.Hide()
}

func (w *window) SetCloseIntercept(fn func()) { w.onCloseIntercepted = fn }

func (w *window) SetOnClosed(fn func()) { w.onClosed = fn }

func (w *window) Close() {
	if w.closing {
		return
	}
	if fn := w.onClosed; fn != nil {
		w.onClosed = nil
		fn()
	}
	w.closing = true
	w.Window.Close()
	w.driver.post(w.destroy)
}

// clickClose does what a click on the close button does.
func (w *window) clickClose() {
	if w.onCloseIntercepted != nil {
		w.onCloseIntercepted()
		return
	}
	w.Close()
}

// destroy takes the window away.
func (w *window) destroy() {
	w.driver.own = slices.DeleteFunc(w.driver.own, func(o *window) bool { return o == w })
	if len(w.driver.own) == 0 {
		w.driver.Quit()
	}
}

// CanvasForObject returns the canvas of the window in front: the one that was shown last, or
// that a user has done something in since. The test driver takes the newest, in whatever window
// o is. To look for o would be no good: Fyne asks while it makes what is looked through.
func (d *driver) CanvasForObject(o fyne.CanvasObject) fyne.Canvas {
	if w := d.inFront(); w != nil {
		return w.Canvas()
	}
	return d.Driver.CanvasForObject(o)
}

// AbsolutePositionForObject returns where o is in the window in front, or zero.
func (d *driver) AbsolutePositionForObject(o fyne.CanvasObject) (at fyne.Position) {
	w := d.inFront()
	if w == nil {
		return d.Driver.AbsolutePositionForObject(o)
	}
	for _, root := range w.roots() {
		if at, ok := positionBelow(root, o); ok {
			return at
		}
	}
	return fyne.Position{}
}

// inFront returns the window in front, or else the newest that is open.
func (d *driver) inFront() *window {
	if d.front != nil && !d.front.closing {
		return d.front
	}
	for _, w := range slices.Backward(d.own) {
		if !w.closing {
			return w
		}
	}
	return nil
}

// roots are the window's content and what lies above it, from bottom to top.
func (w *window) roots() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	if c := w.Canvas().Content(); c != nil {
		list = append(list, c)
	}
	return append(list, w.Canvas().Overlays().List()...)
}
