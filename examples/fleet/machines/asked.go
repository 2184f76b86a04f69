package machines

import (
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

// An asked job waits for its answer. The answer may come in parts, and from several agents if one
// was slow. The first complete answer counts. UI thread only.
type asked struct {
	tell  func(wire.Doing)
	tries map[string]*try
	whole *guest.Future[[]wire.Answer]
}

// A try is the answer of one agent.
type try struct {
	parts map[int]wire.Answer
	last  int // the number of the last part, or -1
}

func newAsked(tell func(wire.Doing)) *asked {
	return &asked{tell, map[string]*try{}, guest.NewFuture[[]wire.Answer]()}
}

// hear processes a part of an answer. The part may have been processed before.
func (k *asked) hear(a wire.Answer) {
	t := k.tries[a.Try]
	if t == nil {
		t = &try{parts: map[int]wire.Answer{}, last: -1}
		k.tries[a.Try] = t
	}
	t.parts[a.Part] = a
	if a.Last {
		t.last = a.Part
	}
	if len(t.parts) == t.last+1 {
		parts := make([]wire.Answer, len(t.parts))
		for i, a := range t.parts {
			parts[i] = a
		}
		k.whole.Resolve(parts) // a second answer changes nothing
	}
}
