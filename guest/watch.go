package guest

import (
	"runtime"
	"strings"
	"time"
)

// A watch looks after the pump for as long as it is awake: whether the host has lost a wake-up, and whether a turn does not end. It
// looks once a second, whatever happens meanwhile, and so costs next to nothing; an idle guest has none.
type watch struct {
	timer  *time.Timer   // nil while nobody watches
	wait   time.Duration // that the timer was set to
	turn   uint64        // what was seen when it was set
	during bool          // the turn ran then; otherwise the host owed the next one
	deaf   bool          // the host was asked in vain so often that nobody watches any more
	nested uint64        // the last turn in which a nested loop was found
}

const (
	// overdue is when a wake-up counts as lost by the host, and is asked for again; and again after twice the time, and so on. A repeated
	// one is harmless.
	overdue = time.Second
	// inVain is the longest wait between two of them. It has an end, or virtual time would run away under a host that has died.
	inVain = 10 * time.Minute
	// stalled is for how long a turn may hold the UI thread before it is reported. A window that does not draw for so long is frozen.
	stalled = 5 * time.Second
)

// beWatched begins a watch if there is none. The lock is held.
func (g *Guest) beWatched() {
	if w := &g.inbox.watch; w.timer == nil {
		w.deaf = false
		g.lookAfter(overdue)
	}
}

// lookAfter sets the watch. The lock is held.
func (g *Guest) lookAfter(wait time.Duration) {
	if now := g.since(); now < 0 || now > aLifetime {
		return // another clock: the caller is in a synctest bubble and the guest is not, or the other way round
	}
	b := &g.inbox
	w := &b.watch
	w.wait, w.turn, w.during = wait, b.turn, b.answered
	w.timer = time.AfterFunc(wait, g.look)
}

// aLifetime is longer than any guest lives.
const aLifetime = 20 * 365 * 24 * time.Hour

// look is called by the timer.
func (g *Guest) look() {
	b := &g.inbox
	b.mu.Lock()
	w := &b.watch
	if w.timer == nil { // the guest has just ended
		b.mu.Unlock()
		return
	}
	w.timer = nil
	again, report := false, false
	switch {
	case !b.awake:
	case w.turn != b.turn || w.during != b.answered:
		g.lookAfter(overdue)
	case !b.answered:
		if again, w.deaf = w.wait < inVain, w.wait >= inVain; again {
			g.lookAfter(2 * w.wait)
		}
	case w.wait == overdue:
		// A task may be spinning a nested loop: when the host dispatches the wake-up there, the pump can tell (nested).
		again = true
		g.lookAfter(stalled - overdue)
	default:
		report = w.nested != b.turn
	}
	wake := g.wakes[b.nth]
	b.mu.Unlock()
	if again {
		g.ask(wake)
	}
	if report {
		g.stall()
	}
}

// retry returns the wake-up if the watch has given the host up: each post tries again then. The lock is held.
func (g *Guest) retry() (wake func()) {
	b := &g.inbox
	if !b.watch.deaf || b.answered {
		return nil
	}
	g.beWatched()
	return g.wakes[b.nth]
}

// watchNoMore ends the watch, and all asking of the host. UI thread only.
func (g *Guest) watchNoMore() {
	b := &g.inbox
	b.mu.Lock()
	b.awake, b.answered = true, true // for good
	if b.watch.timer != nil {
		b.watch.timer.Stop()
		b.watch.timer = nil
	}
	b.mu.Unlock()
}

// stall reports that a turn does not end, with the stack of what holds the UI thread. A nested loop has been reported already.
func (g *Guest) stall() {
	defer func() { _ = recover() }() // the logger's
	g.opts.logger().Error("guest: the UI thread has been held for "+stalled.String()+"; the window is frozen, and nobody can "+
		"cancel what holds it. In a task, move work to Background, receive with Recv, lock nothing for long, and never call what "+
		"waits for the UI thread itself (as fyne.DoAndWait does)", "stack", runningStacks())
}

// maxStacks is how much is looked through for the stack; with very many tasks it may not be found.
const maxStacks = 32 << 20

// runningStacks returns the stacks of the coroutines that are not parked: at most one for each guest in the process.
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
		if strings.Contains(stack, "guest.(*coro).runBeginnings(") && !strings.Contains(state, "[coroutine") {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}
