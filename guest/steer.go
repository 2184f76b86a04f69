package guest

import (
	"context"
	"reflect"
	"runtime"
	"strconv"

	"github.com/golodger/lodger/guest/internal/hooks"
	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/guest/internal/sched"
)

// A steering lets a test make the choices that the pump leaves to it. It gives entries names
// that are the same in each run. UI thread only.
type steering struct {
	hooks   hooks.Hooks
	numbers map[*sched.Coro]int // as they were made
}

// steer returns the hooks with which a test makes the pump's choices, or nil.
func (g *Guest) steer() *sched.Steer {
	h := g.hooks
	switch {
	case h.Batch == nil && h.Shuffle == nil && h.Settle == nil:
		return nil
	case h.Settle == nil:
		return &sched.Steer{Batch: h.Batch, Shuffle: h.Shuffle}
	}
	s := &steering{h, make(map[*sched.Coro]int)}
	g.steering = s
	return &sched.Steer{
		Batch: h.Batch, Shuffle: h.Shuffle, Settle: h.Settle, Source: h.Source, Arrange: s.arrange,
		Chosen: func(what any, kind sched.Kind) { h.Chosen(s.name(what, kind)) },
	}
}

func (s *steering) arrange(list []sched.Arrival) (order []int) {
	named := make([]hooks.Arrival, len(list))
	for i, a := range list {
		named[i] = hooks.Arrival{Source: a.Source, Name: s.name(a.What, a.Kind), Post: a.Kind == sched.Calls}
	}
	return s.hooks.Arrange(named)
}

// name returns the name of an entry.
func (s *steering) name(what any, kind sched.Kind) string {
	switch kind {
	case sched.Calls:
		return "call of " + runtime.FuncForPC(reflect.ValueOf(what).Pointer()).Name()
	case sched.Begins:
		return "begin of " + taskOf(what.(sched.Runnable)).String()
	}
	c := what.(*sched.Coro)
	name := "a task that has ended"
	if t := coroOf(c).task; t != nil {
		name = t.String()
	}
	return "wake-up " + strconv.Itoa(s.numbers[c]) + " of " + name
}

// worker returns run as the executor gets it. In a test that distinguishes goroutines, functions
// that the UI thread starts are numbered.
func (g *Guest) worker(run func(ctx context.Context)) func(ctx context.Context) {
	if g.hooks.Worker == nil || !g.place.OnThread() {
		return run
	}
	begin := g.hooks.Worker()
	return func(ctx context.Context) {
		if !place.Marked() || !g.place.OnThread() {
			begin()
		}
		run(ctx)
	}
}
