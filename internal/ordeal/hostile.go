package ordeal

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

// Hostile returns a loop like h that mistreats the functions that it is asked to run soon. It
// loses some, and runs some twice, late, or on the wrong goroutine. It spares the first one:
// until something has run, the guest can't ask again. The result has the optional interfaces
// that h has: those of a Loop, Enterer, or all.
func Hostile(h Loop, r *rand.Rand) Loop {
	w := &hostile{Loop: h, r: r}
	switch h := h.(type) {
	case complete:
		return &struct {
			*hostile
			complete
		}{w, h}
	case host.Enterer:
		return &struct {
			*hostile
			host.Enterer
		}{w, h}
	}
	return w
}

// complete has the interfaces of a host whose callbacks come through C.
type complete interface {
	host.Enterer
	host.Native
	host.Looper
}

type hostile struct {
	Loop
	mu    sync.Mutex
	r     *rand.Rand
	begun bool
}

func (w *hostile) RunSyncSoonThreadsafe(fn func()) { w.misdeed(w.Loop.RunSyncSoonThreadsafe, fn) }

func (w *hostile) RunSyncSoonNotThreadsafe(fn func()) { w.misdeed(w.Loop.RunSyncSoonNotThreadsafe, fn) }

// chances holds the deeds of the catalogue that a real loop can do, each as often as it is
// likely. A real loop can't run a function before those that are queued, or in the middle of a
// task. Options.Kill kills it.
var chances = [20]looptest.Deed{
	looptest.Lost,
	looptest.OnAnotherThread,
	looptest.Twice, looptest.Twice, looptest.Twice, looptest.Twice,
	looptest.Late, looptest.Late, looptest.Late, looptest.Late,
}

// misdeed does something random with fn.
func (w *hostile) misdeed(soon func(func()), fn func()) {
	w.mu.Lock()
	deed, late := chances[w.r.IntN(len(chances))], time.Duration(w.r.IntN(10))*tick
	if !w.begun {
		w.begun, deed = true, looptest.Soon
	}
	w.mu.Unlock()
	culprit := looptest.Culprit{Soon: soon, After: func(d time.Duration, fn func()) {
		time.AfterFunc(d, func() { w.Loop.RunSyncSoonThreadsafe(fn) })
	}}
	culprit.Do(deed, fn, late)
}
