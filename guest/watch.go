package guest

import (
	"runtime"
	"strings"
	"time"
)

// A watch looks after the pump once a second for as long as the pump is awake: whether the host has lost a wake-up, and whether a
// turn does not end. It looks whatever happens meanwhile, and so costs next to nothing; a guest that has been idle for a second has none.
type watch struct {
	timer    *time.Timer // nil while nobody watches
	turn     uint64      // what was seen last
	answered bool        // and whether that turn ran, or the host owed the next one
	same     int         // how often nothing else was seen since
	nested   uint64      // the last turn in which a nested loop was found
}

const (
	// overdue is when a wake-up counts as lost by the host, and is asked for again. A repeated one is harmless.
	overdue = time.Second
	// inVain is how often that is done, or virtual time would run away under a host that has died.
	inVain = 1000
	// stalled is for how long a turn may hold the UI thread before it is reported. A window that does not draw for so long is frozen.
	stalled = 5 * time.Second
)

// beWatched begins a watch if there is none, and reports whether it did. The lock is held.
func (g *Guest) beWatched() bool {
	b := &g.inbox
	w := &b.watch
	if w.timer != nil {
		return false
	}
	if now := g.since(); now < 0 || now > aLifetime {
		return false // another clock: the caller is in a synctest bubble and the guest is not, or the other way round
	}
	w.turn, w.answered, w.same = b.turn, b.answered, 0
	w.timer = time.AfterFunc(overdue, g.look)
	return true
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
	if !b.awake {
		b.mu.Unlock()
		return
	}
	same := 0
	if w.turn == b.turn && w.answered == b.answered {
		same = w.same + 1
	}
	if same < inVain {
		g.beWatched()
		w.same = same
	}
	// A turn that does not end may be in a nested loop of a task's: when the host dispatches the wake-up there, the pump can tell (nested).
	ask := same > 0 && !b.answered || same == 1
	report := b.answered && same == int(stalled/overdue) && w.nested != b.turn
	wake := g.wakes[b.nth]
	b.mu.Unlock()
	if ask {
		g.ask(wake)
	}
	if report {
		g.stall()
	}
}

// retry returns the wake-up that the host owes if nobody watches any more: it was asked in vain too often. The lock is held.
func (g *Guest) retry() (wake func()) {
	b := &g.inbox
	if b.answered || !g.beWatched() {
		return nil
	}
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
