package console

import (
	"cmp"
	"slices"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
)

const (
	// mostSteps are kept: the slowest of each place.
	mostSteps = 30
	// oldStep is when a step is forgotten whose place has had no long one since.
	oldStep = 10 * time.Minute
)

// manySteps may wait for a page to ask: those of two seconds, mostly.
const manySteps = 512

// A slowPlace is where long steps come from: a function, and the line that was seen in it. It has
// the slowest of them.
type slowPlace struct {
	id    int // of the page: small, never used again
	step  bridge.Step
	seen  bridge.Seen
	count int
	last  time.Duration // when the latest has ended
}

// A placeKey is what makes steps the same.
type placeKey struct {
	kind              bridge.StepKind
	fn, at, in, where string
}

// slowest are the places with the slowest steps.
type slowest struct {
	arrived []bridge.Step // and not added: to read what was seen is not for the UI thread
	places  map[placeKey]*slowPlace
	next    int
}

// arrive takes a step, to be added later. UI thread.
func (l *slowest) arrive(s bridge.Step) {
	if len(l.arrived) < manySteps {
		l.arrived = append(l.arrived, s)
	}
}

// take returns what has arrived.
func (l *slowest) take() (list []bridge.Step) {
	list, l.arrived = l.arrived, nil
	return list
}

// readStep reads what was seen of a step. It reports false if the step is none of the program's.
func readStep(s *bridge.Step) (seen bridge.Seen, ok bool) {
	if s.Seen != nil {
		seen = s.Seen()
	}
	if s.Func == "" {
		s.Func = seen.Func
	}
	return seen, s.Kind != bridge.Outside || seen.In != ""
}

// add adds a step.
func (l *slowest) add(s bridge.Step, seen bridge.Seen) {
	key, ended := placeKey{s.Kind, s.Func, s.At, seen.In, seen.Line}, s.Began+s.For
	s.Seen = nil // it holds all stacks
	if l.places == nil {
		l.places = make(map[placeKey]*slowPlace)
	}
	p := l.places[key]
	if p == nil {
		if !l.room(s, ended) {
			return
		}
		l.next++
		p = &slowPlace{id: l.next, step: s, seen: seen}
		l.places[key] = p
	}
	p.count++
	p.last = ended
	if s.For > p.step.For {
		p.step, p.seen = s, seen
	}
}

// room makes room for a step of another place, unless all that are kept are slower.
func (l *slowest) room(s bridge.Step, now time.Duration) bool {
	l.forget(now)
	if len(l.places) < mostSteps {
		return true
	}
	var fastest placeKey
	for key, p := range l.places {
		if f := l.places[fastest]; f == nil || p.step.For < f.step.For {
			fastest = key
		}
	}
	if l.places[fastest].step.For >= s.For {
		return false
	}
	delete(l.places, fastest)
	return true
}

// forget removes what is old.
func (l *slowest) forget(now time.Duration) {
	for key, p := range l.places {
		if now-p.last > oldStep {
			delete(l.places, key)
		}
	}
}

// list returns copies, the slowest first.
func (l *slowest) list(now time.Duration) (list []slowPlace) {
	l.forget(now)
	for _, p := range l.places {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b slowPlace) int { return cmp.Or(cmp.Compare(b.step.For, a.step.For), cmp.Compare(a.id, b.id)) })
	return list
}

// A stepFrame is a slow place as the page gets it. Texts are numbers of strings.
type stepFrame struct {
	ID    int    `json:"id"`
	Kind  string `json:"kind"` // "task", "post", "outside"
	Name  int    `json:"name"`
	Func  int    `json:"func"`
	At    int    `json:"at"`
	In    int    `json:"in"` // where it was seen; "" if it was not
	Line  int    `json:"line"`
	Calls []int  `json:"calls"` // function, line, …
	For   int64  `json:"for"`   // µs
	Began int64  `json:"began"` // of the guest's clock, in ms
	Ago   int64  `json:"ago"`   // ms, since its end
	Count int    `json:"count"`
	Last  int64  `json:"last"` // ms, since the end of the latest
}

var stepKinds = [...]string{bridge.OfTask: "task", bridge.OfPost: "post", bridge.Outside: "outside"}

// steps adds the slow places to the frame.
func (b *builder) steps(list []slowPlace, now time.Duration) {
	b.f.Steps = make([]stepFrame, 0, len(list))
	for _, p := range list {
		s := p.step
		f := stepFrame{
			ID: p.id, Kind: stepKinds[s.Kind], Name: b.text(s.Name), Func: b.text(s.Func), At: b.text(s.At), In: b.text(p.seen.In), Line: b.text(p.seen.Line),
			Calls: []int{}, For: s.For.Microseconds(), Began: s.Began.Milliseconds(), Ago: (now - s.Began - s.For).Milliseconds(), Count: p.count,
			Last: (now - p.last).Milliseconds(),
		}
		for _, c := range p.seen.Calls {
			f.Calls = append(f.Calls, b.text(c))
		}
		b.f.Steps = append(b.f.Steps, f)
	}
}
