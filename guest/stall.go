package guest

import (
	"runtime"
	"strings"
	"time"
)

// stalled is for how long a turn may hold the UI thread before it is reported. A window that does not draw for so long is frozen.
const stalled = 5 * time.Second

// stall reports turn if it still runs, with the stack of what holds the UI thread. A nested loop has been reported already.
func (g *Guest) stall(turn uint64) {
	b := &g.inbox
	b.mu.Lock()
	report := g.watchOn(turn) && b.nested != turn
	b.mu.Unlock()
	if !report {
		return
	}
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
