package console

import (
	"sync"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// attention is how long the guest is watched after the last question of a page. A page that is
// open asks more often, unless a look takes very long.
const attention = 10 * time.Second

// A record is what the UI thread was busy with, while pages look on.
type record struct {
	g *guest.Guest

	mu    sync.Mutex    // held only shortly: the UI thread takes it
	ended bool          // so has the console
	watch *bridge.Watch // nil while no page asks
	idle  *time.Timer   // ends the watch
	turns timeline
	steps slowest
}

// begin watches the guest, if it is not watched, until attention is over.
func (r *record) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended || r.watch != nil {
		return
	}
	w := bridge.NewWatch(r.g, bridge.Watcher{Turn: r.turn, Step: r.step})
	now, _, _ := w.Now()
	r.watch, r.turns.slow = w, w.Slow
	r.turns.until(now, true)
	r.idle = time.AfterFunc(attention, r.rest)
}

func (r *record) watched() *bridge.Watch {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.watch
}

// asked begins the watch, or keeps it going: a page has asked, and will ask again in a while.
func (r *record) asked(next time.Duration) {
	r.begin()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watch != nil {
		r.idle.Reset(max(attention, 2*next))
	}
}

// rest ends the watch. What was seen stays until forget.
func (r *record) rest() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watch == nil {
		return
	}
	now, does, since := r.watch.Now()
	r.turns.until(now, false)
	if does != bridge.Idle {
		r.turns.unknown(since) // its end is not seen
	}
	r.idle.Stop()
	r.watch.Stop()
	r.watch = nil
}

// end is rest for good.
func (r *record) end() {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.rest()
}

// forget lets go of all that was seen.
func (r *record) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watch == nil {
		r.turns, r.steps = timeline{}, slowest{next: r.steps.next}
	}
}

func (r *record) turn(t bridge.Turn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turns.add(t)
}

func (r *record) step(s bridge.Step) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.steps.arrive(s)
}

// read adds the steps that have arrived.
func (r *record) read() {
	r.mu.Lock()
	arrived := r.steps.take()
	r.mu.Unlock()
	for _, s := range arrived {
		if seen, ok := readStep(&s); ok {
			r.mu.Lock()
			r.steps.add(s, seen)
			r.mu.Unlock()
		}
	}
}

// heldFor returns how long the thread has been held, as far as is known.
func (r *record) heldFor() time.Duration {
	w := r.watched()
	if w == nil {
		return 0
	}
	now, does, since := w.Now()
	if does == bridge.Idle {
		return 0
	}
	return now - since
}

// show adds what was seen to a frame, with what goes on now.
func (r *record) show(b *builder) {
	r.read()
	r.mu.Lock()
	watch, turns := r.watch, r.turns
	if watch == nil {
		r.mu.Unlock()
		return
	}
	now, does, since := watch.Now()
	steps := r.steps.list(now)
	r.mu.Unlock()
	switch does {
	case bridge.Turns:
		turns.add(bridge.Turn{Asked: since, Began: since, Ended: now})
	case bridge.Owes:
		turns.owe(since, now)
	}
	f := turns.frame(now)
	f.Budget = watch.Budget.Microseconds()
	b.f.Turns = &f
	b.steps(steps, now)
}
