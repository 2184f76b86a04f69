package guest

import (
	"fmt"

	"github.com/golodger/lodger/host"
)

// A hosting is the host and its optional interfaces, which are looked up only once.
type hosting struct {
	host.Host
	threader host.Threader // or nil, like those below
	enterer  host.Enterer
	native   host.Native
	looper   host.Looper
}

func newHosting(h host.Host) hosting {
	threader, _ := h.(host.Threader)
	enterer, _ := h.(host.Enterer)
	native, _ := h.(host.Native)
	looper, _ := h.(host.Looper)
	return hosting{h, threader, enterer, native, looper}
}

// Host returns the guest's host. It is meant for packages that belong to a toolkit. Any
// goroutine. Never waits.
func (g *Guest) Host() host.Host {
	g.need("Host")
	return g.host.Host
}

// soonNative is the method that calls a function straight from the host's loop.
func (h *hosting) soonNative() func(func()) {
	if h.native != nil {
		return h.native.RunSyncSoonNative
	}
	return h.RunSyncSoonNotThreadsafe
}

// enter calls fn at the depth of the guest's turns. UI thread only, outside the host's loop.
func (h *hosting) enter(fn func()) {
	if h.enterer != nil {
		h.enterer.Enter(fn)
	} else {
		fn()
	}
}

// inLoop reports whether the host says that its loop is below the caller on the stack.
func (h *hosting) inLoop() bool { return h.looper != nil && h.looper.InLoop() }

// ask calls soon, a method of the host, with fn. The host may be broken in any way: its panic
// costs one wake-up and nothing else. No lock is held.
func (g *Guest) ask(soon func(func()), fn func()) {
	defer func() {
		if v := recover(); v != nil {
			g.hostBroke("its RunSyncSoon method panicked", "panic", quoteAny(v))
		}
	}()
	g.place.Ask(soon, fn)
}

// hostBroke logs, once, which rule of the contract the host has broken. Any goroutine.
func (g *Guest) hostBroke(how string, args ...any) {
	g.once(how, func() {
		g.opts.logger().With(args...).Error("guest: the host broke its contract: "+how+"; test it with host/hosttest",
			"host", fmt.Sprintf("%T", g.host.Host))
	})
}
