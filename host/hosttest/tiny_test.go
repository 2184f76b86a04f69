package hosttest

import (
	"sync"
	"time"

	"github.com/golodger/lodger/host"
)

// tiny is a loop of its own, for what can't be had by wrapping.
type tiny struct {
	wrapped
	mu    sync.Mutex
	queue []func()
	wake  chan struct{}
	ended bool

	sleepy   bool               // a post from another thread wakes nobody
	shuffle  func(fns []func()) // called with each batch
	restless bool               // ends when there is nothing to do
	drowsy   bool               // a post that comes while it falls asleep wakes nobody
	drains   bool               // what a function posts runs in the same turn
	quits    bool               // the toolkit was told to end, of which the host does not know

	event func() // the toolkit's; mu
	over  bool   // mu
}

// tinyOptions tell the kit how the toolkit of a tiny is asked for an event.
var tinyOptions = Options[host.Host]{
	Event: func(h host.Host, fn func()) {
		t := h.(*tiny)
		t.mu.Lock()
		t.event = fn
		t.mu.Unlock()
		t.ring()
	},
}

func newTiny(broken func(*tiny)) func() (host.Mainloop, error) {
	return func() (host.Mainloop, error) {
		t := &tiny{wake: make(chan struct{}, 1), shuffle: func([]func()) {}}
		thread := host.CurrentThread() // open is called on the main goroutine
		t.post = func(fn func()) {
			t.mu.Lock()
			if !t.over {
				t.queue = append(t.queue, fn)
			}
			t.mu.Unlock()
			if !t.sleepy || host.CurrentThread() == thread {
				t.ring()
			}
		}
		t.here = t.post
		t.done = func(host.Outcome) { t.ended, t.quits = true, true }
		t.main = t.run
		broken(t)
		return t, nil
	}
}

func (t *tiny) ring() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *tiny) run(startGuest func() error) error {
	defer t.close()
	if err := startGuest(); err != nil {
		return err
	}
	for !t.quits {
		batch := t.turn()
		if len(batch) == 0 {
			if t.restless {
				return nil
			}
			if t.drowsy {
				time.Sleep(10 * time.Microsecond)
				select {
				case <-t.wake:
				default:
				}
			}
			<-t.wake
			continue
		}
		t.shuffle(batch)
		for len(batch) > 0 && !t.ended {
			for _, fn := range batch {
				if fn(); t.ended {
					break
				}
			}
			batch = nil
			if t.drains {
				batch = t.take()
			}
		}
	}
	return nil
}

func (t *tiny) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over, t.queue = true, nil
}

// turn is the toolkit's: it calls its event, and then the host.
func (t *tiny) turn() []func() {
	t.mu.Lock()
	event := t.event
	t.event = nil
	t.mu.Unlock()
	if event != nil {
		event()
	}
	return t.take()
}

func (t *tiny) take() []func() {
	t.mu.Lock()
	defer t.mu.Unlock()
	batch := t.queue
	t.queue = nil
	return batch
}
