package console

import (
	"time"

	"github.com/golodger/lodger/guest/inspect"
)

// A past is what the viewer keeps from one snapshot to the next. Its maps are made anew each
// time, so nothing is kept of tasks that have ended.
type past struct {
	shot      *inspect.Snapshot
	next      int               // number
	ids       map[any]int       // numbers for the page: small, never used again, no addresses
	cancelled map[any]time.Time // since when at least, by Ref
	now       time.Time
}

// learn takes in a snapshot.
func (p *past) learn(s *inspect.Snapshot, now time.Time) {
	ids, cancelled := make(map[any]int, len(p.ids)), make(map[any]time.Time, len(p.cancelled))
	each(s.Tasks, func(t *inspect.Task) {
		id, known := p.ids[t.Ref]
		if !known {
			p.next++
			id = p.next
		}
		ids[t.Ref] = id
		if t.Err == nil {
			return
		}
		since, known := p.cancelled[t.Ref]
		if !known {
			since = now
		}
		cancelled[t.Ref] = since
	})
	p.shot, p.ids, p.cancelled, p.now = s, ids, cancelled, now
}

// each visits all tasks, parents first.
func each(list []*inspect.Task, visit func(*inspect.Task)) {
	for _, t := range list {
		visit(t)
		each(t.Children, visit)
	}
}
