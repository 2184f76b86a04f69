package sched

import "time"

// A watchdog looks after a pump once a second, for as long as the pump is awake: whether the
// host has lost a wake-up, and whether a turn does not end. It looks whatever else happens, and
// so costs next to nothing. A pump that has been asleep for a second has none, unless it has
// idle coroutines to end: the watchdog has it called for that once, after keepFor, and goes.
type watchdog struct {
	timer    *time.Timer // nil while there is none
	turns    uint64      // what was seen last
	standing standing    // likewise
	same     int         // how often the same was seen since
	nested   uint64      // the latest turn in which a nested loop was found
}

const (
	// lostAfter is when a wake-up counts as lost by the host, and is asked for again. A repeated
	// wake-up is harmless.
	lostAfter = time.Second
	// inVain is how often that is done, or virtual time would run away under a host that has died.
	inVain = 1000
	// stalled is how long a turn may hold the UI thread before it is reported.
	stalled = 5 * time.Second
	// aLifetime is longer than any guest lives.
	aLifetime = 20 * 365 * 24 * time.Hour
)

// watch sets a watchdog if there is none, and reports whether it did. The inbox's lock is held.
func (b *inbox) watch() bool {
	w := &b.watchdog
	if w.timer != nil {
		return false
	}
	if now := b.clock.since(); now < 0 || now > aLifetime {
		// Another clock: the caller is in a synctest bubble and the guest is not, or vice versa.
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
	if w.timer == nil { // the guest has just ended
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
	// A turn that does not end may be in a nested loop of a task's: when the host dispatches the
	// wake-up there, the pump can tell (nestedLoop).
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

// retry returns the wake-up that the host owes if there is no watchdog any more, since it has
// asked in vain too often. The inbox's lock is held.
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

// nestedLoop notes that the host has called inside the turn.
func (b *inbox) nestedLoop() {
	b.mu.Lock()
	b.watchdog.nested = b.turns
	b.mu.Unlock()
}
