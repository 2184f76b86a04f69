package sched

import (
	"runtime/debug"
	"sync/atomic"
	"time"
)

// The host calls wakeup, in two forms that alternate (see nextWakeup). It may call it more
// often than asked. The tests of all schedules (player_test.go) repeat the steps of wakeup and
// RunTurn one by one: if you add a step here, add it there.
func (p *Pump) wakeup(nth uint8) {
	if p.client.Admit() && p.inbox.expects(nth) {
		p.RunTurn()
	}
}

// turns numbers the turns of all pumps in the process.
var turns atomic.Uint64

// RunTurn runs batches until nothing is left to do now, or the budget is spent. UI thread only,
// where the client's Admit allows it.
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
	p.heedWatcher()
	p.clock.start(p.behind)
	p.unneeded.slept(p.clock.now, len(p.idle))
	if seen := p.inbox.turnBegins(); seen != nil {
		p.tellOwed(seen)
	}
	p.flush(all)
	if p.batch.left() > 0 { // the first batch goes on: prompt controls do not wait for its end
		p.ApplyPrompt()
	}
}

// more reports whether there is something to do at once, apart from the inbox. If not, it sets
// the timer.
func (p *Pump) more() bool {
	return p.ready() > 0 || len(p.deferred.list) > 0 || len(p.controls) > 0 || p.phase == ending || p.timers.setTimer(&p.clock)
}

// giveBack gives the thread back to the host. The pump asks to be called again, or sleeps.
func (p *Pump) giveBack(more bool) {
	if w := p.watcher.Load(); w != nil {
		p.tellTurn(w)
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

// fault passes on a panic of the pump itself. It must run in a deferred call, where debug.Stack
// still shows the panic's stack. A panic in a coroutine brings its own stack.
func (p *Pump) fault(v any) {
	if c, ok := v.(crash); ok {
		p.client.Fault(c.value, c.stack)
	} else {
		p.client.Fault(v, debug.Stack())
	}
	p.inTurn = false
}

// runBatches returns true when the turn is over. It returns false when a coroutine has ended by
// Goexit, which arrives here as a panic; the caller then goes on. There is one recover for all
// batches of the turn, because one for each switch would make a switch a third slower.
func (p *Pump) runBatches() (over bool) {
	defer func() {
		p.current = nil
		if v := recover(); v != nil {
			mark, ok := v.(exited)
			if !ok {
				panic(v)
			}
			mark.c.seq = 0 // no wake-up reaches it from now on
			p.ran = nil
			p.client.Exited(mark.c)
		}
	}()
	for p.batch.run > 0 || p.nextRun() {
		p.batch.run--
		e := p.source().pop()
		var c *Coro
		if e.begins() {
			p.beginning = e
			c = p.takeCoro()
		} else if c = e.resumes(); c.seq != e.seq {
			c = nil // its wait has ended
		}
		if c != nil {
			// Call next here and not one call deeper: after a switch, the processor predicts
			// the return of every call wrongly.
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

// fire readies what is due. next is when the first is.
func (p *Pump) fire(next time.Duration) {
	if p.ready() == 0 {
		p.clock.read() // before the pump rests
	}
	if next <= p.clock.now && p.timers.fire(p.clock.now, &p.own, p.latest) {
		p.client.DeadlinePassed()
	}
}

// drain takes in what lies in the inbox. If the pump is steered, it takes in only what is the
// guest's own.
func (p *Pump) drain() {
	if p.steered() {
		p.drainTo(false)
	} else {
		p.takeIn()
	}
}

func (p *Pump) drainTo(all bool) {
	if p.inbox.drain(&p.taken, all, p.inTurn) {
		p.batch.early = true
	}
}

// flush readies the deferred entries whose owner is wanted, and adds them to the batch that has
// begun.
func (p *Pump) flush(wanted func(owner any) bool) {
	if len(p.deferred.list) == 0 {
		return
	}
	if n := p.deferred.flush(&p.others, wanted, p.oldest()); n > 0 {
		p.insert(n)
	}
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
		if cut || !p.source().peek().begins() {
			p.clock.uncount()
			return entry{}, false
		}
	} else if !p.source().peek().begins() || p.Spent() {
		return entry{}, false
	}
	b.run--
	return p.source().pop(), true
}

// PostedCaller is the end of the name of the function that calls posted functions. It serves to
// find that function on a stack.
const PostedCaller = "/sched.(*Pump).callPosted"

func (p *Pump) callPosted(fn func()) { fn() }

// Spent counts one step and reports whether the budget of the turn is spent. UI thread only.
func (p *Pump) Spent() bool { return p.clock.spent() }

// Ready queues c to be resumed, behind everything that was posted before, if it is still in the
// wait seq then. UI thread only.
func (p *Pump) Ready(c *Coro, seq uint32) {
	if p.inbox.lie() != 0 {
		p.drain()
	}
	p.own.push(entry{what: (*resumption)(c), seq: seq, tag: p.latest})
}

// Requeue is Ready for the wait that c is in, or is about to begin. UI thread only.
func (p *Pump) Requeue(c *Coro) { p.Ready(c, c.seq) }

// RequeueBehindOthers is Requeue, but in the queue of other goroutines: c comes behind
// everything that they have posted until now. UI thread only.
func (p *Pump) RequeueBehindOthers(c *Coro) {
	p.Settle()
	if p.inbox.lie() != 0 {
		p.takeIn()
	}
	p.others.push(entry{what: (*resumption)(c), seq: c.seq, tag: p.latest})
}

// Overtook reports whether the running coroutine was resumed by another goroutine and has
// overtaken older entries of the guest itself. A Requeue lets those run first. UI thread only,
// before the coroutine parks.
func (p *Pump) Overtook() bool { return p.batch.overtook }

// Push queues a function ahead of what lies in the inbox. UI thread only.
func (p *Pump) Push(fn func()) { p.own.push(entry{what: callback(fn), tag: calls | p.latest}) }

// Begin queues a Runnable ahead of what lies in the inbox. UI thread only.
func (p *Pump) Begin(r Runnable) { p.own.push(entry{what: r, tag: begins | p.latest}) }

// PushLast queues a function of the client behind everything that is ready on both sides. If
// the function panics, that is a fault of the pump. UI thread only.
func (p *Pump) PushLast(fn func()) {
	last := func() { p.own.push(entry{what: callback(fn), tag: callsOwn | p.latest}) }
	if p.others.n == 0 {
		last()
		return
	}
	p.others.push(entry{what: callback(last), tag: callsOwn | p.latest})
}

// Alone reports whether only the running coroutine could run now. UI thread only.
func (p *Pump) Alone() bool {
	return p.ready() == 0 && len(p.controls) == 0 && p.inbox.lie() == 0 && p.timers.next() == 0 && p.steer == nil
}

// Controls returns the control messages that have arrived but are not applied yet. UI thread
// only.
func (p *Pump) Controls() []Control {
	if p.inbox.lie() != 0 {
		p.drain()
	}
	return p.controls
}
