package sched

import (
	"runtime/debug"
	"sync/atomic"
)

// wakeup is what the host is given to call, in two forms. To call it more often than asked is
// harmless. The tests of all schedules (player_test.go) make the same steps one by one: what is
// added here or in RunTurn is added there, too.
func (p *Pump) wakeup(nth uint8) {
	if p.client.Admit() && p.inbox.expects(nth) {
		p.RunTurn()
	}
}

// turns numbers the turns of all pumps in the process.
var turns atomic.Uint64

// RunTurn runs batches until nothing is left to do now, or the budget is spent. UI thread only,
// where the client admits it.
func (p *Pump) RunTurn() {
	defer func() {
		if v := recover(); v != nil {
			p.fault(v)
		}
	}()
	p.begin()
	for !p.runBatches() && !p.Spent() {
	}
	if p.phase == closed && p.ready() == 0 {
		p.stopCoros()
		p.client.Drained()
		p.inTurn = false
		return
	}
	p.giveBack(p.more())
}

// begin starts a turn.
func (p *Pump) begin() {
	p.inTurn = true
	p.turn = turns.Add(1)
	p.cutBatch()
	p.clock.start(p.behind)
	p.unneeded.slept(p.clock.now, len(p.idle))
	if seen := p.inbox.turnBegins(); seen != nil {
		p.tellOwed(seen)
	}
	p.flush(all)
	if p.batch.left() > 0 { // the first batch goes on: what is prompt does not wait for its end
		p.ApplyPrompt()
	}
}

// more reports whether there is something to do at once that is not in the inbox. If not, the
// timer is set.
func (p *Pump) more() bool {
	return p.ready() > 0 || len(p.deferred.list) > 0 || len(p.controls) > 0 || p.phase == ending || p.timers.setTimer(&p.clock)
}

// giveBack gives the thread back to the host: to be called again, or to sleep.
func (p *Pump) giveBack(more bool) {
	if p.watcher != nil {
		p.tellTurn()
	}
	p.lookAtBacklog()
	surplus := p.trim()
	wake := p.inbox.rest(more, surplus, p.counts())
	p.inTurn, p.behind = false, wake != nil
	p.client.TurnEnded()
	if wake != nil && !p.inbox.ring() {
		p.client.RequestWakeup(wake, true)
	}
}

// fault passes on a panic of the pump itself. In a deferred call, where the stack is that of the
// panic, unless a coroutine has brought its own.
func (p *Pump) fault(v any) {
	if c, ok := v.(crash); ok {
		p.client.Fault(c.value, c.stack)
	} else {
		p.client.Fault(v, debug.Stack())
	}
	p.inTurn = false
}

// runBatches returns true when the pump should rest, and false when a coroutine has ended by
// Goexit, which left the turn by a panic: the caller goes on. There is one recover for all
// batches of the turn, since one for each switch would cost a third more.
func (p *Pump) runBatches() (over bool) {
	defer func() {
		p.current = nil
		if v := recover(); v != nil {
			mark, ok := v.(exited)
			if !ok {
				panic(v)
			}
			mark.c.seq = 0 // no wake-up is for it any more
			p.ran = nil
			p.client.Exited(mark.c)
		}
	}()
	for p.batch.run > 0 || p.nextRun() {
		p.batch.run--
		if c := p.coroFor(p.batch.from.pop()); c != nil {
			// Here and not a call deeper: after a switch, the processor guesses wrong where each
			// call returns to.
			p.current = c
			c.next()
			if c.idle {
				p.giveCoro(c)
			}
		}
		if p.Spent() {
			return true
		}
	}
	return true
}

// ApplyPrompt applies the prompt control messages that have arrived, in the order of arrival.
// UI thread only.
func (p *Pump) ApplyPrompt() {
	controls := p.Controls()
	p.controls = nil
	var kept []Control
	for _, c := range controls {
		if c.Prompt() {
			c.Apply()
		} else {
			kept = append(kept, c)
		}
	}
	if kept != nil {
		p.controls = append(kept, p.controls...)
	}
}

// fire readies what is due by the clock.
func (p *Pump) fire() {
	next := p.timers.next()
	if next == 0 {
		return
	}
	if p.ready() == 0 {
		p.clock.read() // before the pump rests
	}
	if next <= p.clock.now && p.timers.fire(p.clock.now, &p.own, p.latest) {
		p.client.DeadlinePassed()
	}
}

// drain takes in what lies in the inbox; of a pump that is steered, only what is the guest's own.
func (p *Pump) drain() {
	if p.steered() {
		p.drainTo(nil)
	} else {
		p.takeIn()
	}
}

func (p *Pump) drainTo(others *fifo) {
	var first bool
	p.controls, p.latest, first = p.inbox.drain(&p.own, others, p.controls, p.inTurn)
	if first {
		p.batch.early = true
	}
}

// flush readies what is wanted of the deferred entries; it belongs to the batch that has begun.
func (p *Pump) flush(wanted func(owner any) bool) {
	if len(p.deferred.list) == 0 {
		return
	}
	if n := p.deferred.flush(&p.others, wanted, p.oldest()); n > 0 {
		p.insert(n)
	}
}

// coroFor returns the coroutine to resume for e, or nil if e comes too late, or a second time.
func (p *Pump) coroFor(e entry) *Coro {
	if e.begins() {
		p.beginning = e
		return p.takeCoro()
	}
	if c := e.what.(*Coro); c.seq == e.seq {
		return c
	}
	return nil
}

// nextBeginning pops the next entry of the batch if it is one that begins.
func (p *Pump) nextBeginning() (e entry, ok bool) {
	b := &p.batch
	if b.run == 0 {
		if b.left() == 0 || p.Spent() {
			return entry{}, false
		}
		p.settleStep()
		cut := p.mustCut()
		if !cut {
			p.beginRun()
		}
		if cut || !b.from.peek().begins() {
			p.clock.uncount()
			return entry{}, false
		}
	} else if !b.from.peek().begins() || p.Spent() {
		return entry{}, false
	}
	b.run--
	return b.from.pop(), true
}

// PostedCaller is how the name of the function ends that calls posted functions, for a search
// on the stack.
const PostedCaller = "/sched.(*Pump).callPosted"

func (p *Pump) callPosted(fn func()) {
	defer func() {
		if v := recover(); v != nil {
			p.client.Failed(v, debug.Stack())
		}
	}()
	fn()
}

// Spent counts one step and reports whether the budget of the turn is spent. UI thread only.
func (p *Pump) Spent() bool { return p.clock.spent() }

// Ready readies c from the UI thread, behind what others have posted before, if it still waits the
// wait seq then.
func (p *Pump) Ready(c *Coro, seq uint32) {
	if p.inbox.pending.Load() != 0 {
		p.drain()
	}
	p.own.push(entry{what: c, seq: seq, tag: p.latest})
}

// Requeue readies c for the wait that it is in, or is about to begin. UI thread only.
func (p *Pump) Requeue(c *Coro) { p.Ready(c, c.seq) }

// RequeueBehindOthers is Requeue behind what other goroutines have posted until now, instead of
// what the guest itself has. UI thread only.
func (p *Pump) RequeueBehindOthers(c *Coro) {
	p.Settle()
	if p.inbox.pending.Load() != 0 {
		p.takeIn()
	}
	p.others.push(entry{what: c, seq: c.seq, tag: p.latest})
}

// Overtook reports whether the coroutine was resumed by another goroutine and has overtaken
// older entries of the guest's own, which a Requeue lets run first. UI thread only, before the
// coroutine parks.
func (p *Pump) Overtook() bool { return p.batch.overtook }

// Push readies a function from the UI thread, ahead of what lies in the inbox.
func (p *Pump) Push(fn func()) { p.own.push(entry{what: callback(fn), tag: calls | p.latest}) }

// Begin readies a Runnable from the UI thread.
func (p *Pump) Begin(r Runnable) { p.own.push(entry{what: r, tag: begins | p.latest}) }

// PushLast readies a function of the client's own, whose panic is a fault of the pump, behind
// all that is ready on both sides. UI thread only.
func (p *Pump) PushLast(fn func()) {
	last := func() { p.own.push(entry{what: callback(fn), tag: callsOwn | p.latest}) }
	if p.others.n == 0 {
		last()
		return
	}
	p.others.push(entry{what: callback(last), tag: callsOwn | p.latest})
}

// Alone reports whether nothing but the running coroutine could run now. UI thread only.
func (p *Pump) Alone() bool {
	return p.ready() == 0 && len(p.controls) == 0 && p.inbox.pending.Load() == 0 && p.timers.next() == 0 && p.steer == nil
}

// Controls returns the control messages that have arrived and are not applied yet. UI thread only.
func (p *Pump) Controls() []Control {
	if p.inbox.pending.Load() != 0 {
		p.drain()
	}
	return p.controls
}
