package guest

import (
	"math"
	"time"
)

// Timers are a heap of deadlines in the guest, four children to a node, with nothing but numbers and one pointer in it,
// so that a comparison touches no task. One Go timer carries the earliest deadline and pokes the pump. A wait that ended
// early leaves its deadline behind; when those make up half of the heap, it is swept.
type timers struct {
	heap     []deadline
	asked    uint64        // deadlines so far: equal ones come in the order of asking
	sleeping int           // tasks that wait for one of them
	grace    time.Duration // when the end of the run loses patience; never is zero
	timer    *time.Timer
	armed    time.Duration // what timer is set to; meaningful while it runs
}

type deadline struct {
	when time.Duration // on the guest's clock
	nth  uint64
	task *Task
	seq  uint32
}

const (
	never = time.Duration(math.MaxInt64)
	// longest is the longest that the Go timer is set to: a clock that stood still during a suspend is looked at once a day.
	longest = 24 * time.Hour
)

func (a *deadline) before(b *deadline) bool {
	return a.when < b.when || a.when == b.when && a.nth < b.nth
}

// add asks for t to be woken at when. UI thread only.
func (ts *timers) add(when time.Duration, t *Task) {
	if len(ts.heap) > 64 && len(ts.heap) > 2*ts.sleeping {
		ts.sweep()
	}
	ts.asked++
	ts.heap = append(ts.heap, deadline{when, ts.asked, t, t.coro.seq})
	ts.up(len(ts.heap) - 1)
}

// due pops the first deadline if it has come by now.
func (ts *timers) due(now time.Duration) (deadline, bool) {
	if len(ts.heap) == 0 || ts.heap[0].when > now {
		return deadline{}, false
	}
	d := ts.heap[0]
	last := len(ts.heap) - 1
	ts.heap[0] = ts.heap[last]
	ts.heap[last] = deadline{}
	ts.heap = ts.heap[:last]
	if last > 0 {
		ts.down(0)
	} else if cap(ts.heap) > 1024 {
		ts.heap = nil
	}
	return d, true
}

// next returns the earliest moment at which the pump has something to do by itself.
func (ts *timers) next() time.Duration {
	when := never
	if len(ts.heap) > 0 {
		when = ts.heap[0].when
	}
	if ts.grace != 0 {
		when = min(when, ts.grace)
	}
	return when
}

func (ts *timers) up(i int) {
	d := ts.heap[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !d.before(&ts.heap[parent]) {
			break
		}
		ts.heap[i] = ts.heap[parent]
		i = parent
	}
	ts.heap[i] = d
}

func (ts *timers) down(i int) {
	d := ts.heap[i]
	for {
		first := 4*i + 1
		if first >= len(ts.heap) {
			break
		}
		least := first
		for j := first + 1; j < min(first+4, len(ts.heap)); j++ {
			if ts.heap[j].before(&ts.heap[least]) {
				least = j
			}
		}
		if !ts.heap[least].before(&d) {
			break
		}
		ts.heap[i] = ts.heap[least]
		i = least
	}
	ts.heap[i] = d
}

// sweep removes the deadlines whose wait has ended.
func (ts *timers) sweep() {
	kept := ts.heap[:0]
	for _, d := range ts.heap {
		if d.live() {
			kept = append(kept, d)
		}
	}
	clear(ts.heap[len(kept):])
	ts.heap = kept
	for i := (len(kept) - 2) / 4; i >= 0 && len(kept) > 1; i-- {
		ts.down(i)
	}
}

// live reports whether the task still waits the wait that the deadline belongs to.
func (d *deadline) live() bool { return d.task.coro != nil && d.task.coro.seq == d.seq }

// fire readies the tasks whose deadline has come. UI thread only.
func (g *Guest) fire() {
	for {
		d, ok := g.timers.due(g.clock.now)
		if !ok {
			return
		}
		if d.live() {
			g.ready.push(entry{task: d.task, seq: d.seq})
		}
	}
}

// arm sets the Go timer to the next deadline, or reports that it has come. UI thread only, before the pump rests.
func (g *Guest) arm() (due bool) {
	ts := &g.timers
	next := ts.next()
	if next == never {
		if ts.timer != nil {
			ts.timer.Stop()
		}
		ts.armed = never
		return false
	}
	now := g.since()
	if next <= now {
		return true
	}
	if next == ts.armed {
		return false // still to come, so the timer has not fired
	}
	ts.armed = next
	wait := next - now
	if wait > longest {
		wait, ts.armed = longest, 0 // not the real deadline: look again when the pump next rests
	}
	if ts.timer == nil {
		ts.timer = time.AfterFunc(wait, g.poke)
	} else {
		ts.timer.Reset(wait)
	}
	return false
}
