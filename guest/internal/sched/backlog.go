package sched

import "time"

// overlong is how late what other goroutines post may run before it is reported.
const overlong = time.Second

// A backlog is what other goroutines have left and the pump has not run. At the end of a turn
// the pump notes how much there is, and some time later all of that has run: so long does a
// post take.
type backlog struct {
	ran   int           // entries of other goroutines since the latest look
	ahead int           // of those that lay there at since, so many have not run
	since time.Duration // on the pump's clock
	told  bool          // the client knows
}

// lookAtBacklog tells the client of a backlog that has become too long. At the end of a turn.
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
