package sched

import (
	"math"
	"time"
)

// The timers are a heap of deadlines with four children to a node. The heap holds the times
// themselves, so that a comparison reads nothing else. One Go timer is set to the earliest
// deadline and pokes the pump. A wait that ends early leaves its deadline behind; when such
// deadlines make up half of the heap, they are swept out. Zero stands for no time.
type timers struct {
	heap     []deadline
	asked    uint32        // deadlines so far: equal ones fire in the order of asking
	sleeping int           // how many waits for a time there are
	limit    time.Duration // the time of SetDeadline
	poke     func()        // asks for a turn; made once
	timer    *time.Timer
	set      time.Duration // what timer is set to; zero: not set, or not to the next deadline
}

// A deadline ends the wait of a parked coroutine, or of a Timed, which has no coroutine yet.
type deadline struct {
	when time.Duration // on the pump's clock
	what any           // *Coro or Timed
	// The number of the wait that it ends and, in the lower half, its own. These are one field,
	// because the heap reads them just after they were written: a processor is slow to read two
	// stores at once.
	wait uint64
}

func (d *deadline) seq() uint32 { return uint32(d.wait >> 32) }
func (d *deadline) nth() uint32 { return uint32(d.wait) }

// A Timed is a Runnable that begins at a time, and needs no coroutine before that.
type Timed interface {
	Runnable
	Waits(seq uint32) bool // whether the wait seq still lasts. UI thread
	Due()                  // the time has come, which ends the wait; Run will follow. UI thread
}

const (
	// endOfTime is the latest deadline there is.
	endOfTime = time.Duration(math.MaxInt64)
	// longest is the longest time that the Go timer is set to. A monotonic clock stands still
	// while the machine is suspended, so the pump looks at the clock once a day.
	longest = 24 * time.Hour
)

func (d *deadline) before(other *deadline) bool {
	return d.when < other.when || d.when == other.when && int32(d.nth()-other.nth()) < 0
}

// live reports whether the wait of the deadline still lasts.
func (d *deadline) live() bool {
	if c, ok := d.what.(*Coro); ok {
		return c.seq == d.seq()
	}
	return d.what.(Timed).Waits(d.seq())
}

// end ends the wait, whose time has come, and returns the entry to run.
func (d *deadline) end() entry {
	if c, ok := d.what.(*Coro); ok {
		return resumed(c, d.seq())
	}
	t := d.what.(Timed)
	t.Due()
	return entry{what: t, tag: begins}
}

// in returns the moment that is d from now, or endOfTime if the clock can't count so far.
func (c *clock) in(d time.Duration) time.Duration {
	if now := c.since(); d < endOfTime-now {
		return now + d
	}
	return endOfTime
}

// fire readies what is due by now, as entries that arrive at the time at. It reports whether
// the limit has come, too, and then clears it.
func (ts *timers) fire(now time.Duration, ready *fifo, at tag) (limit bool) {
	for {
		d, ok := ts.due(now)
		if !ok {
			break
		}
		if d.live() {
			e := d.end()
			e.tag |= at
			ready.push(e)
		}
	}
	if ts.limit == 0 || ts.limit > now {
		return false
	}
	ts.limit = 0
	return true
}

// setTimer sets the Go timer to the next deadline, or reports that the deadline has come. The
// pump calls it before it rests.
func (ts *timers) setTimer(c *clock) (due bool) {
	next := ts.next()
	if next == 0 {
		ts.stop()
		return false
	}
	now := c.since()
	if next <= now {
		return true
	}
	if next == ts.set {
		return false // the deadline is still to come, so the timer has not fired
	}
	ts.set = next
	wait := next - now
	if wait > longest {
		wait, ts.set = longest, 0 // look again when the pump next rests
	}
	if ts.timer == nil {
		ts.timer = time.AfterFunc(wait, ts.poke)
	} else {
		ts.timer.Reset(wait)
	}
	return false
}

// stop stops the Go timer.
func (ts *timers) stop() {
	ts.set = 0
	if ts.timer != nil {
		ts.timer.Stop()
	}
}

// next returns the earliest moment at which a deadline or the limit is due; zero means none.
func (ts *timers) next() time.Duration {
	if len(ts.heap) == 0 {
		return ts.limit
	}
	if ts.limit != 0 {
		return min(ts.heap[0].when, ts.limit)
	}
	return ts.heap[0].when
}

// add adds a deadline that ends the wait seq of what at the time when.
func (ts *timers) add(when time.Duration, what any, seq uint32) {
	if len(ts.heap) > 64 && len(ts.heap) > 2*ts.sleeping {
		ts.sweep()
	}
	ts.asked++
	ts.heap = append(ts.heap, deadline{when, what, uint64(seq)<<32 | uint64(ts.asked)})
	ts.up(len(ts.heap) - 1)
}

// due pops the first deadline if its time has come by now.
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

func (ts *timers) up(i int) {
	heap := ts.heap
	d := heap[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !d.before(&heap[parent]) {
			break
		}
		heap[i] = heap[parent]
		i = parent
	}
	heap[i] = d
}

func (ts *timers) down(i int) {
	heap := ts.heap
	d := heap[i]
	for {
		first := 4*i + 1
		if first >= len(heap) {
			break
		}
		least := first
		for j := first + 1; j < min(first+4, len(heap)); j++ {
			if heap[j].before(&heap[least]) {
				least = j
			}
		}
		if !heap[least].before(&d) {
			break
		}
		heap[i] = heap[least]
		i = least
	}
	heap[i] = d
}

// sweep removes the deadlines whose waits have ended.
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
