package guest

// Stats say what a guest is busy with.
type Stats struct {
	Tasks      int // that have begun and not ended
	Sleeping   int // those of them that wait for a time
	Background int // functions of Background that tasks wait for
	Queued     int // posts, starts and wake-ups that wait for their turn
	// futures, also of guests below (Options.Parent), whose error nobody has observed, and no
	// scope waits for; somebody yet may
	Failed int
	// errors and panics so far that nobody observed, and that went to Options.OnError or the
	// log
	Unobserved int
	// posts and starts so far that were refused because the guest had ended, or was about to
	Refused int
}

// Stats says what the guest is busy with. Any goroutine. Never waits. On the UI thread the
// figures are of this moment; elsewhere Tasks and Sleeping are of the moment when the guest
// last gave the thread back. When the guest has ended, only Failed, Unobserved and Refused are
// left.
func (g *Guest) Stats() Stats {
	g.need("Stats")
	s := Stats{
		Failed:     int(g.errors.lost.Load()),
		Unobserved: int(g.errors.reported.Load()),
		Refused:    int(g.refused.Load()),
	}
	if g.over() {
		return s
	}
	c := g.pump.Counts(g.place.OnThread())
	s.Tasks, s.Sleeping, s.Background, s.Queued = c.Begun, c.Sleeping, int(g.works.n.Load()), c.Queued
	return s
}
