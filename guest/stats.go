package guest

// A State is how far a guest has come in its life. It only ever grows.
type State uint8

// The states of a guest, in order.
const (
	StateInitial State = iota // made; the host has not called yet, and no function of the user's has run
	StateRunning              // tasks run
	StateEnding               // cancelled, or main has ended; what is left unwinds
	StateClosing              // all tasks have ended: posts are refused, and those that were accepted run
	StateEnded                // Done is closed
)

// String returns the state in a word.
func (s State) String() string {
	if s > StateEnded {
		return "unknown"
	}
	return [...]string{"initial", "running", "ending", "closing", "ended"}[s]
}

// State says how far the guest has come. Any goroutine. Never waits. Elsewhere than on the UI thread the answer may be old
// news at once; Done and Wait are for waiting.
func (g *Guest) State() State {
	g.need("State")
	b := &g.inbox
	b.mu.Lock()
	began, closed := b.turn > 0, b.closed
	b.mu.Unlock()
	switch {
	case g.over.Load():
		return StateEnded
	case closed:
		return StateClosing
	case g.root.cancelled() != nil: // which it also is when main has ended
		return StateEnding
	case began:
		return StateRunning
	}
	return StateInitial
}

// Stats say what a guest is busy with.
type Stats struct {
	Tasks      int // that have begun and not ended
	Sleeping   int // those of them that wait for a time
	Background int // functions of Background that tasks wait for
	Queued     int // posts, starts and wake-ups that wait for their turn
	Failed     int // futures, also of guests below (Options.Parent), whose error nobody has observed, and no scope waits for; somebody yet may
	Unobserved int // errors and panics so far that nobody observed, and that went to Options.OnError or the log
	Late       int // posts and starts so far that were refused because the guest had ended, or was about to
}

// counts are what the UI thread knows by itself. The pump leaves a copy with the inbox whenever it gives the thread back, under
// the lock that it takes then anyway: so counting costs a spawn nothing.
type counts struct{ tasks, sleeping, background, ready int }

// countNow brings the counts up to date. UI thread only.
func (g *Guest) countNow() counts {
	g.counts.sleeping, g.counts.ready = g.timers.sleeping, g.ready.n+len(g.later)
	return g.counts
}

// Stats says what the guest is busy with. Any goroutine. Never waits. On the UI thread the figures are of this moment; elsewhere
// Tasks, Sleeping and Background are of the moment when the guest last gave the thread back. When the guest has ended, only Failed,
// Unobserved and Late are left.
func (g *Guest) Stats() Stats {
	g.need("Stats")
	s := Stats{Failed: int(g.lost.Load()), Unobserved: int(g.reported.Load()), Late: int(g.late.Load())}
	if g.over.Load() {
		return s
	}
	here := g.onThread()
	b := &g.inbox
	b.mu.Lock()
	c, queued := b.counts, b.queue.n
	b.mu.Unlock()
	if here {
		c = g.countNow()
	}
	s.Tasks, s.Sleeping, s.Background, s.Queued = c.tasks, c.sleeping, c.background, queued+c.ready
	return s
}
