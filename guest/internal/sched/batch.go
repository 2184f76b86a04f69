package sched

// A batch is a snapshot of what is ready. What becomes ready while it runs is in the next. It
// ends with its last entry, or with its turn, or when the side that goes first has nothing left
// in it but something outside: what is left of it is in the next, in its old order. It is run
// in runs, each of entries from one queue, between two readings of the clock.
type batch struct {
	own    int   // entries that are in no run yet
	others int   // likewise, of other goroutines
	run    int   // entries of from that come next
	from   *fifo // one of the pump's two queues
	early  bool  // it is the first, and does not end before its last entry

	overtook bool // the run may overtake older entries of the guest itself
}

// left counts the entries that have not run.
func (b *batch) left() int { return b.own + b.others + b.run }

// nextRun begins a run, of a new batch if need be. It reports whether there is anything.
func (p *Pump) nextRun() bool {
	b := &p.batch
	if p.steer != nil {
		p.settleStep()
	}
	if b.own+b.others == 0 || p.mustCut() {
		p.nextBatch()
		// mostly, and quickly: nothing is to be chosen
		if b.others == 0 && b.from == &p.own && p.steer == nil {
			b.run = min(b.own, p.clock.left)
			b.own -= b.run
			return b.run > 0
		}
		if b.own+b.others == 0 {
			return false
		}
	}
	p.beginRun()
	return true
}

// nextBatch makes a batch of all that is ready now.
func (p *Pump) nextBatch() {
	p.batch.early = false
	if p.inbox.pending.Load() != 0 {
		p.takeIn()
	}
	for len(p.controls) > 0 {
		controls := p.controls
		p.controls = nil
		for _, c := range controls {
			c.Apply()
		}
	}
	p.fire()
	if p.phase == ending {
		// Nothing will be started any more: refuse posts, then run those that were accepted.
		p.phase = closed
		p.inbox.close()
		p.client.Closed()
		p.settleStep()
		p.takeIn()
		p.flush(all)
	}
	if p.steer != nil {
		p.shuffleReady()
	}
	p.batch.own, p.batch.others = p.own.n, p.others.n
}

// cutBatch ends the batch before its last entry, unless it is the first.
func (p *Pump) cutBatch() {
	if !p.batch.early {
		p.batch = batch{from: p.batch.from}
	}
}

// mustCut reports whether the batch must end for the sake of the side that goes first.
func (p *Pump) mustCut() bool {
	b := &p.batch
	switch p.clock.favoured() {
	case own:
		return b.own == 0 && !b.early && p.ownWaits()
	case others:
		return b.others == 0 && !b.early && p.othersWait()
	}
	return false
}

// ownWaits reports whether the guest itself has something to do, outside a batch that has
// nothing of it.
func (p *Pump) ownWaits() bool {
	next := p.timers.next()
	return p.own.n > 0 || p.inbox.pending.Load() == somethingOwn || next != 0 && next <= p.clock.now
}

// othersWait reports whether other goroutines may have something to do, outside a batch that
// has nothing of it.
func (p *Pump) othersWait() bool { return p.others.n > 0 || p.inbox.pending.Load() != 0 }

// beginRun chooses what of the batch, which is not empty, runs next: first come, first served,
// or the side that goes first.
func (p *Pump) beginRun() {
	b := &p.batch
	first := p.clock.favoured()
	b.overtook = false
	switch {
	case b.others == 0:
		p.runOwn(b.own)
	case b.own == 0:
		p.runOthers(b.others)
	case first == own:
		p.runOwn(b.own)
	case first == others:
		p.runOthers(b.others)
		b.overtook = true
	case p.own.peek().tag.before(p.others.peek().tag):
		p.runOwn(1)
	default:
		p.runOthers(1)
	}
	if p.steered() {
		p.choose()
	}
}

// runOwn begins a run of the guest's own entries, n at the most.
func (p *Pump) runOwn(n int) {
	p.clock.turnTo(own)
	b := &p.batch
	n = min(n, p.clock.left)
	b.own -= n
	b.run = n
	if b.from != &p.own {
		b.from = &p.own
	}
}

// runOthers begins a run of the others' entries, n at the most.
func (p *Pump) runOthers(n int) {
	p.clock.turnTo(others)
	b := &p.batch
	n = min(n, p.clock.left)
	b.others -= n
	b.run = n
	if b.from != &p.others {
		b.from = &p.others
	}
	p.backlog.ran += n
}

// insert puts n entries, which have just been readied in front of the others', into the batch,
// if one has begun.
func (p *Pump) insert(n int) {
	b := &p.batch
	if b.left() == 0 {
		return
	}
	if b.from == &p.others {
		b.others += b.run
		p.backlog.ran -= b.run
	} else {
		b.own += b.run
	}
	b.others += n
	b.run = 0
}

// oldest is when the first of all ready entries has arrived.
func (p *Pump) oldest() tag {
	at := p.latest
	if p.others.n > 0 {
		at = p.others.peek().tag
	}
	if p.own.n > 0 && p.own.peek().tag.before(at) {
		at = p.own.peek().tag
	}
	return at
}
