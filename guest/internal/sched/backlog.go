package sched

import "time"

// overlong is how late a post of another goroutine may run before the pump reports a backlog.
const overlong = time.Second

// A backlog measures how late the posts of other goroutines run. At the end of a turn the pump
// notes how many of their entries wait. The time until all of these have run is how long a post
// takes.
type backlog struct {
	ran   int           // entries of other goroutines that ran since the latest look
	ahead int           // how many of those that waited at since have not run
	since time.Duration // on the pump's clock
	told  bool          // the client has been told
}

// lookAtBacklog tells the client about a backlog that has become too long. The pump calls it at
// the end of a turn.
func (p *Pump) lookAtBacklog() {
	b, now := &p.backlog, p.clock.now
	b.ahead -= b.ran
	b.ran = 0
	switch {
	case p.others.n == 0:
		*b = backlog{}
	case b.ahead <= 0:
		b.told = b.told && now-b.since >= overlong
		b.ahead, b.since = p.others.n, now
	case !b.told && now-b.since >= overlong:
		b.told = true
		p.client.Backlogged(p.others.n+p.inbox.fromOthers(), now-b.since)
	}
}
