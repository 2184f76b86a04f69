package sched

import (
	"runtime"
	"strings"
	"time"
)

// A watchdog looks after a loop once a second, for as long as the loop is awake: whether the host has
// lost a wake-up, and whether a turn does not end. It looks whatever else happens, and so costs next
// to nothing. A loop that has been asleep for a second has none.
type watchdog struct {
	timer  *time.Timer // nil while there is none
	turns  uint64      // what was seen last
	wakeup wakeup      // likewise
	same   int         // how often the same was seen since
	nested uint64      // the latest turn in which a nested loop was found
}

const (
	// overdue is when a wake-up counts as lost by the host, and is asked for again. A repeated
	// wake-up is harmless.
	overdue = time.Second
	// inVain is how often that is done, or virtual time would run away under a host that has died.
	inVain = 1000
	// stalled is how long a turn may hold the UI thread before it is reported.
	stalled = 5 * time.Second
	// aLifetime is longer than any guest lives.
	aLifetime = 20 * 365 * 24 * time.Hour
)

// watch sets a watchdog if there is none, and reports whether it did. The inbox's lock is held.
func (l *Loop) watch() bool {
	b := &l.inbox
	w := &b.watchdog
	if w.timer != nil {
		return false
	}
	if now := l.Since(); now < 0 || now > aLifetime {
		// Another clock: the caller is in a synctest bubble and the guest is not, or vice versa.
		return false
	}
	w.turns, w.wakeup, w.same = b.turns, b.wakeup, 0
	w.timer = time.AfterFunc(overdue, l.look)
	return true
}

// look is called by the watchdog's timer.
func (l *Loop) look() {
	b := &l.inbox
	b.mu.Lock()
	w := &b.watchdog
	if w.timer == nil { // the guest has just ended
		b.mu.Unlock()
		return
	}
	w.timer = nil
	if b.wakeup == asleep {
		b.mu.Unlock()
		return
	}
	same := 0
	if w.turns == b.turns && w.wakeup == b.wakeup {
		same = w.same + 1
	}
	if same < inVain {
		l.watch()
		w.same = same
	}
	// A turn that does not end may be in a nested loop of a task's: when the host dispatches the
	// wake-up there, the loop can tell (Nested).
	ask := same > 0 && b.wakeup == asked || same == 1
	report := b.wakeup == running && same == int(stalled/overdue) && w.nested != b.turns
	wake := l.wakes[b.nth]
	b.mu.Unlock()
	if ask {
		l.Request(wake)
	}
	if report {
		l.client.Stalled(runningStacks())
	}
}

// retry returns the wake-up that the host owes if there is no watchdog any more, since it has asked
// in vain too often. The inbox's lock is held.
func (l *Loop) retry() (wake func()) {
	b := &l.inbox
	if b.wakeup != asked || !l.watch() {
		return nil
	}
	return l.wakes[b.nth]
}

func (w *watchdog) stop() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

// Nested says that the host has called inside the turn: a coroutine runs a loop of its own, which
// the watchdog does not report as a stall. UI thread only.
func (l *Loop) Nested() {
	b := &l.inbox
	b.mu.Lock()
	b.watchdog.nested = b.turns
	b.mu.Unlock()
}

// maxStacks is how much is searched for the stack; with very many coroutines it may not be found.
const maxStacks = 32 << 20

// runningStacks returns the stacks of the coroutines that are not parked: at most one for each loop
// in the process.
func runningStacks() string {
	all := make([]byte, 1<<20)
	for {
		n := runtime.Stack(all, true)
		if n < len(all) || n >= maxStacks {
			all = all[:n]
			break
		}
		all = make([]byte, 2*len(all))
	}
	var found []string
	for stack := range strings.SplitSeq(string(all), "\n\n") {
		state, _, _ := strings.Cut(stack, "\n")
		if strings.Contains(stack, "sched.(*Coro).runBeginnings(") && !strings.Contains(state, "[coroutine") {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}
