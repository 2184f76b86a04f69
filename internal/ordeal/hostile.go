package ordeal

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/golodger/lodger/host"
)

// Hostile returns the loop h, but of the functions that it is asked to run soon it loses some,
// runs some twice, or late, or on a goroutine that is not its own. It spares the first: while
// nothing has run, nobody is there who would ask again. It has the optional interfaces that h
// has: those of a Loop, Enterer, or all.
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

// complete are the interfaces of a host whose callbacks come through C.
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

// misdeed does with fn what chance says.
func (w *hostile) misdeed(soon func(func()), fn func()) {
	w.mu.Lock()
	n, late := w.r.IntN(20), time.Duration(w.r.IntN(10))*tick
	if !w.begun {
		w.begun, n = true, 19
	}
	w.mu.Unlock()
	switch n {
	case 0: // lost
	case 1:
		go fn()
	case 2, 3, 4, 5:
		soon(fn)
		soon(fn)
	case 6, 7, 8, 9:
		time.AfterFunc(late, func() { w.Loop.RunSyncSoonThreadsafe(fn) })
	default:
		soon(fn)
	}
}
