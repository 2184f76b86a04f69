package sched

import "time"

// While the pump is awake, a watchdog looks at it once a second: has the host lost a wake-up,
// or does a turn not end? It costs next to nothing, because it only looks when its timer fires.
// A pump that has been asleep for a second has no watchdog, unless it has idle coroutines to
// end. In that case the watchdog wakes the pump once, after keepFor, and then ends.
type watchdog struct {
	timer    *time.Timer // nil while there is none
	turns    uint64      // turns at the last look
	standing standing    // standing at the last look
	same     int         // how many looks since then saw the same
	nested   uint64      // the latest turn with a nested loop in it
}

const (
	// lostAfter is when a wake-up counts as lost by the host. The watchdog then asks for it
	// again, which is harmless if it was not lost.
	lostAfter = time.Second
	// inVain is how often the watchdog asks again. Without a limit, virtual time would run away
	// when a host has died.
	inVain = 1000
	// stalled is how long a turn may hold the UI thread before the watchdog reports it.
	stalled = 5 * time.Second
	// aLifetime is longer than any guest lives.
	aLifetime = 20 * 365 * 24 * time.Hour
)

// watch sets a watchdog if there is none, and reports whether it did. The caller holds the
// inbox's lock.
func (b *inbox) watch() bool {
	w := &b.watchdog
	if w.timer != nil {
		return false
	}
	if now := b.clock.since(); now < 0 || now > aLifetime {
		// Another clock: the caller is in a synctest bubble and the pump is not, or vice versa.
		return false
	}
	w.turns, w.standing, w.same = b.turns, b.standing, 0
	w.timer = time.AfterFunc(lostAfter, b.look)
	b.sample()
	return true
}

// look is called by the watchdog's timer.
func (b *inbox) look() {
	b.mu.Lock()
	w := &b.watchdog
	if w.timer == nil { // the pump has just ended
		b.mu.Unlock()
		return
	}
	w.timer = nil
	if b.standing == asleep && !b.surplus {
		b.mu.Unlock()
		return
	}
	same := 0
	if w.turns == b.turns && w.standing == b.standing {
		same = w.same + 1
	}
	if same < inVain {
		b.watch()
		w.same = same
	}
	// A turn that does not end may be in a nested loop of a task. If the host dispatches a
	// wake-up in that loop, the pump notices (nestedLoop).
	ask := same > 0 && b.standing == asked || same == 1 && b.standing == running
	report := b.standing == running && same == int(stalled/lostAfter) && w.nested != b.turns
	wake := b.wakes[b.nth]
	if b.standing == asleep && same >= int(keepFor/lostAfter) {
		wake, ask = b.needWakeup(something), true
	}
	b.mu.Unlock()
	if ask {
		b.request(wake)
	}
	if report {
		b.client.Stalled()
	}
}

// retry returns the wake-up that the host owes if there is no watchdog left because it has
// asked too often. In that case it sets a new one. The caller holds the inbox's lock.
func (b *inbox) retry() (wake func()) {
	if b.standing != asked || !b.watch() {
		return nil
	}
	return b.wakes[b.nth]
}

func (w *watchdog) stop() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

// nestedLoop notes that the host has called the pump inside a turn.
func (b *inbox) nestedLoop() {
	b.mu.Lock()
	b.watchdog.nested = b.turns
	b.mu.Unlock()
}
