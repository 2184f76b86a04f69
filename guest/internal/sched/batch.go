package sched

// A batch is a snapshot of what is ready. Entries that become ready while it runs belong to the
// next batch. A batch ends with its last entry or with its turn. It also ends when the side
// that goes first has nothing left in it, but has something outside it. The rest of its entries
// are then in the next batch, in their old order. A batch is run in runs: a run takes entries
// from one queue, between two readings of the clock.
type batch struct {
	own      int  // the guest's own entries that are in no run yet
	others   int  // entries of other goroutines that are in no run yet
	run      int  // entries that come next, all from one queue: see Pump.source
	ofOthers bool // these are of other goroutines
	early    bool // this is the first batch: it ends only with its last entry

	overtook bool // the run may overtake older entries of the guest itself
}

// source returns the queue of the batch's run.
func (p *Pump) source() *fifo {
	if p.batch.ofOthers {
		return &p.others
	}
	return &p.own
}

// left counts the entries that have not run.
func (b *batch) left() int { return b.own + b.others + b.run }

// nextRun begins a run, and a new batch if necessary. It reports whether there is anything to
// run.
func (p *Pump) nextRun() bool {
	b := &p.batch
	if p.steer != nil {
		p.settleStep()
	}
	if b.own+b.others == 0 || p.mustCut() {
		// A new batch, of all that is ready now.
		b.early = false
		if p.inbox.lie() != 0 {
			p.takeIn()
		}
		if p.hasDuties() {
			p.doDuties()
		}
		b.own, b.others = p.own.n, p.others.n
		// The usual case, kept fast: there is nothing to choose.
		if b.others == 0 && !b.ofOthers && p.steer == nil {
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

// hasDuties reports whether doDuties has anything to do. Mostly it has not, which needs no call.
// It must know of all that doDuties does.
func (p *Pump) hasDuties() bool {
	return len(p.controls) > 0 || p.timers.next() != 0 || p.phase == ending || p.steer != nil
}

// doDuties does what the pump does between two batches.
func (p *Pump) doDuties() {
	for len(p.controls) > 0 {
		controls := p.controls
		p.controls = nil
		for _, c := range controls {
			c.Apply()
		}
	}
	if next := p.timers.next(); next != 0 {
		p.fire(next)
	}
	if p.phase == ending {
		// Nothing new will start: refuse posts, then run those that were accepted.
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
}

// cutBatch ends the batch before its last entry, unless it is the first.
func (p *Pump) cutBatch() {
	if !p.batch.early {
		p.batch = batch{ofOthers: p.batch.ofOthers}
	}
}

// mustCut reports whether the batch must end early, so that the side that goes first can run.
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

// ownWaits reports whether the guest itself has something to do outside the batch, which holds
// none of the guest's own entries.
func (p *Pump) ownWaits() bool {
	next := p.timers.next()
	return p.own.n > 0 || p.inbox.lie() == somethingOwn || next != 0 && next <= p.clock.now
}

// othersWait reports whether other goroutines may have something to do outside the batch, which
// holds none of their entries.
func (p *Pump) othersWait() bool { return p.others.n > 0 || p.inbox.lie() != 0 }

// beginRun chooses what runs next from the batch, which is not empty. Entries run first come,
// first served, unless one side goes first.
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

// runOwn begins a run of at most n of the guest's own entries.
func (p *Pump) runOwn(n int) {
	p.clock.turnTo(own)
	b := &p.batch
	n = min(n, p.clock.left)
	b.own -= n
	b.run, b.ofOthers = n, false
}

// runOthers begins a run of at most n entries of other goroutines.
func (p *Pump) runOthers(n int) {
	p.clock.turnTo(others)
	b := &p.batch
	n = min(n, p.clock.left)
	b.others -= n
	b.run, b.ofOthers = n, true
	p.backlog.ran += n
}

// insert adds n entries to the batch, if one has begun. The caller has just put them at the
// front of the others' queue.
func (p *Pump) insert(n int) {
	b := &p.batch
	if b.left() == 0 {
		return
	}
	if b.ofOthers {
		b.others += b.run
		p.backlog.ran -= b.run
	} else {
		b.own += b.run
	}
	b.others += n
	b.run = 0
}

// oldest returns when the first of all ready entries arrived.
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
