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
	// frame is how often a screen shows what agents do. It is less often than it draws: a
	// thousand rows change at a time.
	frame = 50 * time.Millisecond
	// silence is how long an agent may say nothing until it counts as lost.
	silence = 3 * time.Second
)

// An Agent is what is known of one.
type Agent struct {
	wire.Status
	Heard time.Time
	Lost  bool // it has not said anything for a while
	Rate  float64
}

// A Roster is all agents that have been heard of. Put is for any goroutine; all else is for the UI
// thread, and needs no lock.
type Roster struct {
	latest  *Latest[string, wire.Status]
	agents  map[string]*Agent
	sorted  []*Agent
	heard   func(wire.Status) // nil, or is told each status that is new
	changed []func()
}

// NewRoster returns an empty roster. Any goroutine.
func NewRoster() *Roster {
	return &Roster{latest: NewLatest[string, wire.Status](frame), agents: map[string]*Agent{}}
}

// Put says what an agent does. Any goroutine. Never waits.
func (r *Roster) Put(s wire.Status) { r.latest.Put(s.Agent, s) }

// OnChange calls fn at once, and then again when something has changed, at most once in a frame.
// Without the first call, fn would never hear of an agent that has spoken before, and has fallen
// silent. UI thread only.
func (r *Roster) OnChange(fn func()) {
	r.changed = append(r.changed, fn)
	fn()
}

// Agents are all of them, by name. The slice is not to be written, and stays as it is until the
// next change. UI thread only.
func (r *Roster) Agents() []*Agent { return r.sorted }

// Alive is how many are not lost. UI thread only.
func (r *Roster) Alive() (n int) {
	for _, a := range r.sorted {
		if !a.Lost {
			n++
		}
	}
	return n
}

// Shares are what the agents that are not lost have, by name. UI thread only.
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

// Missing says for which shares a search waits, since no agent has them that is not lost; or it is
// "". UI thread only.
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

// Follow keeps the roster up to date until ctx is done. In a task. Waits.
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

// take takes what has come. What is older than what is known, since it has come by another way,
// is of no interest.
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

// look looks for agents that are lost.
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

// Line says in a few words what the agent does. UI thread only.
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
