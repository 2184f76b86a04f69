package fynetest

import (
	"slices"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
)

// A driver is Fyne's test driver with a queue and a thread. It begins and ends as rudely as the
// real one: before the loop its thread runs functions inline; what is queued at Quit is
// dropped, who waits for it is let go, and what is posted later runs on the caller. For the
// hooks it asks the current app, each time anew, before and after it drops what is queued, too.
type driver struct {
	fyne.Driver
	thread host.Thread
	left   atomic.Bool

	mu      sync.Mutex
	wake    sync.Cond
	queue   []call
	running bool
	over    bool

	own []fyne.Window // made by the app; the test driver has one more. UI thread only
}

type call struct {
	fn   func()
	done chan struct{} // nil: nobody waits
}

func newDriver(inner fyne.Driver) *driver {
	d := &driver{Driver: inner, thread: host.CurrentThread()}
	d.wake.L = &d.mu
	return d
}

// OnThread makes the driver a host.Threader: its UI thread need not be the main one.
func (d *driver) OnThread() bool { return !d.left.Load() && host.CurrentThread() == d.thread }

// leave says that the thread is nobody's from now on. Once its goroutine is no longer locked to
// it, others run there, and must not be taken for the UI's.
func (d *driver) leave() { d.left.Store(true) }

// onLoop reports whether the caller is below Run.
func (d *driver) onLoop() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running && d.OnThread()
}

func (d *driver) DoFromGoroutine(fn func(), wait bool) {
	c := call{fn: fn}
	if wait {
		c.done = make(chan struct{})
	}
	d.mu.Lock()
	if d.over || !d.running && d.OnThread() {
		d.mu.Unlock()
		fn()
		return
	}
	d.queue = append(d.queue, c)
	d.wake.Signal()
	d.mu.Unlock()
	if wait {
		<-c.done
	}
}

func (d *driver) Run() {
	if !d.begin() {
		return
	}
	if started := lifecycle().OnStarted(); started != nil {
		started()
	}
	d.loop()
	stopped := lifecycle().OnStopped()
	d.close()
	lifecycle()
	if stopped != nil {
		stopped()
	}
}

// hooks are what Fyne's lifecycle type has beyond its interface.
type hooks interface {
	OnStarted() func()
	OnStopped() func()
}

func lifecycle() hooks { return fyne.CurrentApp().Lifecycle().(hooks) }

func (d *driver) begin() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.running = !d.over
	return d.running
}

func (d *driver) loop() {
	d.mu.Lock()
	for d.running {
		if len(d.queue) == 0 {
			d.wake.Wait()
			continue
		}
		c := d.queue[0]
		d.queue = slices.Delete(d.queue, 0, 1)
		d.mu.Unlock()
		c.run()
		d.mu.Lock()
	}
	d.mu.Unlock()
}

func (d *driver) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = true
	for _, c := range d.queue {
		c.finish()
	}
	d.queue = nil
}

func (c call) run() {
	defer c.finish()
	c.fn()
}

func (c call) finish() {
	if c.done != nil {
		close(c.done)
	}
}

func (d *driver) Quit() {
	d.mu.Lock()
	d.running = false
	d.wake.Signal()
	d.mu.Unlock()
}

func (d *driver) CreateWindow(title string) fyne.Window {
	w := &window{Window: d.Driver.CreateWindow(title), driver: d}
	d.own = append(d.own, w)
	return w
}

// AllWindows are those of the app; the test driver's own list has what they wrap.
func (d *driver) AllWindows() []fyne.Window { return d.windows() }

func (d *driver) windows() []fyne.Window { return slices.Clone(d.own) }

// A window is the test driver's, with a close that happens once, and ends the app with the
// last, as the real one's: its hook is called at once, and the window stays in the list until
// the loop comes by. The names of the fields are those of Fyne's, at which fynehost looks.
type window struct {
	fyne.Window
	driver             *driver
	closing            bool
	onClosed           func()
	onCloseIntercepted func()
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
	w.driver.DoFromGoroutine(w.destroy, false)
}

// destroy takes the window away.
func (w *window) destroy() {
	w.driver.own = slices.DeleteFunc(w.driver.own, func(o fyne.Window) bool { return o == fyne.Window(w) })
	if len(w.driver.own) == 0 {
		w.driver.Quit()
	}
}
