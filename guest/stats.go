package guest

import (
	"fmt"
	"time"
)

// Stats are counts and times of a guest's work.
type Stats struct {
	Tasks      int // that have begun and not ended
	Sleeping   int // those of them that wait for a time
	Background int // functions of Background that tasks wait for
	Queued     int // posts, starts and wake-ups that wait for their turn
	// futures, also of guests below (Options.Parent), that no scope waits for, and whose error
	// is not observed yet
	Failed int
	// errors and panics so far that were unobserved, and went to Options.OnError or the log
	Unobserved int
	// posts and starts so far that were refused because the guest had ended, or was about to
	Refused int

	// How long the latest turns have held the UI thread, and how long the host took to answer
	// the latest wake-ups of a sleeping guest: the median, the 99th percentile, the slowest. Of
	// the latest 256; 0 if there were none.
	TurnP50, TurnP99, TurnMax    time.Duration
	DelayP50, DelayP99, DelayMax time.Duration
}

// String gives a line for the tasks, one for what went wrong, and one for the times.
func (s Stats) String() string {
	return fmt.Sprintf("%d tasks, %d of them asleep; %d functions off the UI thread; %d queued\n"+
		"%d errors not observed yet, %d never observed, %d starts refused\n"+
		"turns %v, %v, %v; wake-ups after %v, %v, %v (half, 99 %%, all of the latest)",
		s.Tasks, s.Sleeping, s.Background, s.Queued, s.Failed, s.Unobserved, s.Refused,
		s.TurnP50, s.TurnP99, s.TurnMax, s.DelayP50, s.DelayP99, s.DelayMax)
}

// Stats returns counts and times of the guest's work. Any goroutine. Never waits. On the UI
// thread the figures are current. Elsewhere Tasks and Sleeping are from the moment when the
// guest last gave the thread back. When the guest has ended, only Failed, Unobserved, Refused
// and the times are left.
func (g *Guest) Stats() Stats {
	g.need("Stats")
	s := Stats{
		Failed:     int(g.errors.lost.Load()),
		Unobserved: int(g.errors.reported.Load()),
		Refused:    int(g.refused.Load()),
	}
	turns, delays := g.pump.Latest()
	s.TurnP50, s.TurnP99, s.TurnMax = turns.P50, turns.P99, turns.Max
	s.DelayP50, s.DelayP99, s.DelayMax = delays.P50, delays.P99, delays.Max
	if g.over() {
		return s
	}
	c := g.pump.Counts(g.place.OnThread())
	s.Tasks, s.Sleeping, s.Background, s.Queued = c.Begun, c.Sleeping, int(g.works.n.Load()), c.Queued
	return s
}
