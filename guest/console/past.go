package console

import (
	"time"

	"github.com/golodger/lodger/guest/inspect"
)

// A past is what the viewer keeps from one snapshot to the next. Each snapshot makes new maps,
// so nothing is kept about tasks that have ended.
type past struct {
	shot      *inspect.Snapshot
	next      int               // number
	ids       map[any]int       // numbers for the page: small, never used twice, and no addresses
	cancelled map[any]time.Time // when the cancellation was first seen, by Ref
	now       time.Time
}

// learn updates the past from a snapshot.
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
