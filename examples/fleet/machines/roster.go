package machines

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

const (
	// frame is how often a window shows the agents. It is less often than it draws, because a
	// thousand rows may change at once.
	frame = 50 * time.Millisecond
	// silence is the time without a report after which an agent counts as lost.
	silence = 3 * time.Second
)

// An Agent contains what is known about an agent.
type Agent struct {
	wire.Status
	Heard time.Time
	Lost  bool // it has not reported for a while
	Rate  float64
}

// A Roster lists all agents that have reported. Put is for any goroutine. Everything else is for
// the UI thread, and needs no lock.
type Roster struct {
	latest  *Latest[string, wire.Status]
	agents  map[string]*Agent
	sorted  []*Agent
	heard   func(wire.Status) // nil, or called with each new status
	changed []func()
}

// NewRoster returns an empty roster. Any goroutine.
func NewRoster() *Roster {
	return &Roster{latest: NewLatest[string, wire.Status](frame), agents: map[string]*Agent{}}
}

// Put reports the status of an agent. Any goroutine. Never waits.
func (r *Roster) Put(s wire.Status) { r.latest.Put(s.Agent, s) }

// OnChange calls fn at once, and then again when something has changed, at most once in a
// frame. Without the first call, fn would not learn about an agent that has reported earlier
// and is silent now. UI thread only.
func (r *Roster) OnChange(fn func()) {
	r.changed = append(r.changed, fn)
	fn()
}

// Agents returns all agents, sorted by name. Do not modify the slice. It stays valid until the
// next change. UI thread only.
func (r *Roster) Agents() []*Agent { return r.sorted }

// Alive returns how many agents are not lost. UI thread only.
func (r *Roster) Alive() (n int) {
	for _, a := range r.sorted {
		if !a.Lost {
			n++
		}
	}
	return n
}

// Shares returns the shares of all agents that are not lost, sorted by name. UI thread only.
func (r *Roster) Shares() []string {
	var all []string
	for _, a := range r.sorted {
		if !a.Lost {
			all = append(all, a.Shares...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Missing returns a text that says for which shares a search waits, because no agent has them,
// except lost ones. It returns "" if there are none. UI thread only.
func (r *Roster) Missing(shares []string) string {
	there := r.Shares()
	var missing []string
	for _, s := range shares {
		if _, ok := slices.BinarySearch(there, s); !ok {
			missing = append(missing, finder.Quote(s))
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "no agent has " + strings.Join(missing, ", ")
}

// Follow keeps the roster up to date until ctx is done. Must be called in a task. Waits.
func (r *Roster) Follow(ctx context.Context) error {
	guest.Every(ctx, silence/3, func(context.Context) error { r.look(time.Now()); return nil }, nil)
	for news, err := range r.latest.All(ctx) {
		if err != nil {
			return err
		}
		r.take(news, time.Now())
	}
	return nil
}

// take processes new statuses. A status may take another route and arrive late. If it is older
// than the known one, take ignores it.
func (r *Roster) take(news map[string]wire.Status, now time.Time) {
	before := len(r.sorted)
	for name, s := range news {
		a := r.agents[name]
		if a == nil {
			a = &Agent{}
			r.agents[name] = a
			r.sorted = append(r.sorted, a)
		} else if !s.After(&a.Status) {
			continue
		}
		a.hear(s, now)
		if r.heard != nil {
			r.heard(s)
		}
	}
	if len(r.sorted) > before {
		slices.SortFunc(r.sorted, func(a, b *Agent) int { return cmp.Compare(a.Agent, b.Agent) })
	}
	r.tell()
}

// hear smooths the rate over a second or so.
func (a *Agent) hear(s wire.Status, now time.Time) {
	if passed := now.Sub(a.Heard).Seconds(); !a.Heard.IsZero() && s.Started.Equal(a.Started) && passed > 0 {
		keep := 1 / (1 + passed)
		a.Rate = a.Rate*keep + float64(s.Bytes-a.Bytes)/passed*(1-keep)
	}
	a.Status, a.Heard, a.Lost = s, now, false
}

// look marks the agents that are lost.
func (r *Roster) look(now time.Time) {
	any := false
	for _, a := range r.sorted {
		if !a.Lost && now.Sub(a.Heard) > silence {
			a.Lost, any = true, true
		}
	}
	if any {
		r.tell()
	}
}

func (r *Roster) tell() {
	for _, fn := range r.changed {
		fn()
	}
}

// Line describes in a few words what the agent is doing. UI thread only.
func (a *Agent) Line() string {
	switch {
	case a.Lost:
		return "lost"
	case len(a.Doing) == 0:
		return "idle"
	}
	var shares []string
	for _, d := range a.Doing {
		shares = append(shares, finder.Quote(d.Share))
	}
	text := "reading " + strings.Join(shares, ", ")
	if a.Rate >= 1 {
		text += fmt.Sprintf(" at %s/s", finder.Size(int64(a.Rate)))
	}
	return text
}
