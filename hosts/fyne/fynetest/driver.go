package fynetest

import (
	"slices"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
)

// A driver is Fyne's test driver with a queue and a thread. It begins and ends as the real
// driver does. Before the loop, posts on its thread run inline. At Quit it drops the queue and
// releases the callers that wait. Later posts run on the caller. It asks the current app for the
// hooks each time, before and after it drops the queue.
//
// The loop waits for a sync.Cond, which testing/synctest calls durably blocked.
type driver struct {
	fyne.Driver
	thread host.Thread
	left   atomic.Bool
	rest   rest
	frames frames

	mu      sync.Mutex
	wake    sync.Cond
	queue   []call
	running bool
	over    bool

	// The windows that the app made. The test driver has one more. UI thread only.
	own     []*window
	front   *window
	screen  string // what the windows showed when keepScreen was called
	printed bool   // screen was printed
}

type call struct {
	fn   func()
	done chan struct{} // nil: no code waits
}

// newDriver makes a driver for the calling thread. In a bubble the driver knows when the program
// is at rest.
func newDriver(inner fyne.Driver, inBubble bool) *driver {
	d := &driver{Driver: inner, thread: host.CurrentThread()}
	d.wake.L = &d.mu
	d.rest = rest{inBubble: inBubble, post: d.postToLoop, turn: make(chan struct{}, 1), calls: 1}
	d.frames.post = d.postToLoop
	return d
}

// post is fyne.Do. Any goroutine. Never waits.
func (d *driver) post(fn func()) { d.DoFromGoroutine(fn, false) }

// postToLoop is post for functions that are dropped when the loop has ended.
func (d *driver) postToLoop(fn func()) {
	d.post(func() {
		if d.onLoop() {
			fn()
		}
	})
}

// OnThread implements host.Threader: the UI thread need not be the main thread.
func (d *driver) OnThread() bool { return !d.left.Load() && host.CurrentThread() == d.thread }

// leave says that the thread is no longer the UI thread. Once its goroutine is not locked to it,
// other goroutines run there and must not be taken for the UI.
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
	if wait && d.OnThread() {
		d.mu.Unlock()
		panic("fynetest: fyne.DoAndWait called on the UI thread, where it hangs the program; call the function itself")
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
	d.rest.end()
	d.keepScreen()
	d.frames.end()
	stopped := lifecycle().OnStopped()
	d.close()
	lifecycle()
	if stopped != nil {
		stopped()
	}
}

// hooks has the methods of Fyne's lifecycle type that its interface lacks.
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
		d.rest.called()
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
