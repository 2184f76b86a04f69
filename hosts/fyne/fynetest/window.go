package fynetest

import (
	"slices"

	"fyne.io/fyne/v2"
)

// A window is a window of the test driver that behaves like one of the real driver. It closes
// only once, and the last one ends the app. Close calls its hook at once, and the window stays
// in the list until the loop's next turn. The fields have the same names as Fyne's, since
// fynehost reads them.
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

// AllWindows returns the windows of the app. The test driver's own list has the windows that
// they wrap.
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

// clickClose acts as a click on the close button.
func (w *window) clickClose() {
	if w.onCloseIntercepted != nil {
		w.onCloseIntercepted()
		return
	}
	w.Close()
}

// destroy removes the window.
func (w *window) destroy() {
	w.driver.own = slices.DeleteFunc(w.driver.own, func(o *window) bool { return o == w })
	if len(w.driver.own) == 0 {
		w.driver.Quit()
	}
}

// CanvasForObject returns the canvas of the window in front: the one that was shown last, or in
// which a user has acted since. The test driver would take the newest window, whatever window o
// is in. This driver can't search for o, since Fyne calls this while it builds the tree of
// objects.
func (d *driver) CanvasForObject(o fyne.CanvasObject) fyne.Canvas {
	if w := d.inFront(); w != nil {
		return w.Canvas()
	}
	return d.Driver.CanvasForObject(o)
}

// AbsolutePositionForObject returns the position of o in the window in front, or zero.
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

// inFront returns the window in front, or else the newest open one.
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

// roots returns the window's content and everything above it, from bottom to top.
func (w *window) roots() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	if c := w.Canvas().Content(); c != nil {
		list = append(list, c)
	}
	return append(list, w.Canvas().Overlays().List()...)
}
