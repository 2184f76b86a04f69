package console

import (
	"strconv"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// The timeline of turns has a cell for each grain of time, and forgets what is older than all of
// them. So its memory is the same for a turn a minute and for 100 000 a second.
const (
	grain    = 50 * time.Millisecond
	cells    = 600
	timespan = cells * grain
)

// A cell is what the UI thread did in one grain.
type cell struct {
	begun   int           // turns
	slow    int           // slow ones that have ended
	busy    time.Duration // in turns
	owed    time.Duration // in something else, while the guest had something to do
	longest time.Duration // of the turns that it is a part of
	held    time.Duration // the longest time in something else that it is a part of
	blind   bool          // not watched
}

func (c *cell) empty() bool { return *c == cell{} }

// A timeline is the latest cells. Its times are those of the guest's clock.
type timeline struct {
	ring [cells]cell
	next int64         // the number of the cell that is to come
	slow time.Duration // from when on a turn is slow; 0 is never
}

// at returns the cell with a number, which is one of the latest.
func (t *timeline) at(n int64) *cell { return &t.ring[n%cells] }

// oldest is the number of the first cell that is known.
func (t *timeline) oldest() int64 { return max(0, t.next-cells) }

// until makes cells up to now; they are blind if nothing was watched meanwhile.
func (t *timeline) until(now time.Duration, blind bool) {
	n := int64(now/grain) + 1
	for i := max(t.next, n-cells); i < n; i++ {
		*t.at(i) = cell{blind: blind}
	}
	t.next = max(t.next, n)
}

// unknown makes the cells since began blind.
func (t *timeline) unknown(began time.Duration) {
	for n := max(t.oldest(), int64(began/grain)); n < t.next; n++ {
		t.at(n).blind = true
	}
}

// each visits the cells from begun to ended, with how much of each that is.
func (t *timeline) each(begun, ended time.Duration, visit func(c *cell, part time.Duration)) {
	t.until(ended, false)
	begun = max(begun, time.Duration(t.oldest())*grain)
	for n := int64(begun / grain); n < t.next; n++ {
		next := min(time.Duration(n+1)*grain, ended)
		visit(t.at(n), next-begun)
		if begun = next; begun == ended {
			return
		}
	}
}

// add adds a turn that has ended, and the time for which it was owed.
func (t *timeline) add(turn bridge.Turn) {
	t.owe(turn.Asked, turn.Began)
	t.turn(turn.Began, turn.Ended)
	if t.slow > 0 && turn.Ended-turn.Began >= t.slow {
		t.at(int64(turn.Ended/grain)).slow++
	}
}

func (t *timeline) turn(began, ended time.Duration) {
	lasts, first := ended-began, true
	t.each(began, ended, func(c *cell, part time.Duration) {
		if c.busy += part; first {
			c.begun++
		}
		c.blind = c.blind && part < grain // a turn that began before says what was in it
		first = false
		c.longest = max(c.longest, lasts)
	})
}

func (t *timeline) owe(asked, began time.Duration) {
	if asked < began {
		lasts := began - asked
		t.each(asked, began, func(c *cell, part time.Duration) {
			c.owed += part
			c.held = max(c.held, lasts)
		})
	}
}

// A timelineFrame is a timeline as the page gets it. Times are in µs, or say so.
type timelineFrame struct {
	Now    int64 `json:"now"`    // of the guest's clock, in ms
	Newest int64 `json:"newest"` // number of the newest cell
	Grain  int64 `json:"grain"`  // ms
	Cells  int   `json:"cells"`
	Budget int64 `json:"budget"`
	Slow   int64 `json:"slow"` // 0 is never

	// of all cells that were watched: Busy and Owed together are no longer than Watched
	Watched int64 `json:"watched"` // ms
	Busy    int64 `json:"busy"`
	Owed    int64 `json:"owed"`

	// of all cells
	Turns   int   `json:"turns"`
	Slows   int   `json:"slows"`
	Longest int64 `json:"longest"`
	Ago     int64 `json:"ago"` // ms, since that one, or since its end
	Held    int64 `json:"held"`
	HeldAgo int64 `json:"heldAgo"` // ms

	list []byte // of the cells in which something was; encode says what is in one
}

// frame sums up. It is made of a copy.
func (t *timeline) frame(now time.Duration) timelineFrame {
	t.until(now, false)
	f := timelineFrame{
		Now: now.Milliseconds(), Newest: t.next - 1, Grain: grain.Milliseconds(), Cells: cells, Slow: t.slow.Microseconds(),
	}
	var watched time.Duration
	for n := t.oldest(); n < t.next; n++ {
		c := t.at(n)
		if !c.blind {
			watched += min(grain, now-time.Duration(n)*grain)
			f.Busy += c.busy.Microseconds()
			f.Owed += c.owed.Microseconds()
		}
		if c.empty() {
			continue
		}
		f.Turns += c.begun
		f.Slows += c.slow
		if l := c.longest.Microseconds(); l > 0 && l >= f.Longest {
			f.Longest, f.Ago = l, max(0, (now-time.Duration(n+1)*grain).Milliseconds())
		}
		if h := c.held.Microseconds(); h > 0 && h >= f.Held {
			f.Held, f.HeldAgo = h, max(0, (now-time.Duration(n+1)*grain).Milliseconds())
		}
		f.list = c.encode(f.list, n)
	}
	f.Watched = watched.Milliseconds()
	return f
}

// encode adds the cell with a number: that, turns, slow ones, busy, owed, longest, 1 if blind,
// held.
func (c *cell) encode(to []byte, n int64) []byte {
	blind := int64(0)
	if c.blind {
		blind = 1
	}
	if len(to) > 0 {
		to = append(to, ',')
	}
	to = append(to, '[')
	for i, v := range [...]int64{
		n, int64(c.begun), int64(c.slow), c.busy.Microseconds(), c.owed.Microseconds(), c.longest.Microseconds(), blind,
		c.held.Microseconds(),
	} {
		if i > 0 {
			to = append(to, ',')
		}
		to = strconv.AppendInt(to, v, 10)
	}
	return append(to, ']')
}
