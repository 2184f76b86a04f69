package guest

import (
	"context"
	"slices"

	"github.com/golodger/lodger/guest/internal/place"
)

// guestAt returns the guest that lives at p, which may be nil.
func guestAt(p *place.Place) *Guest {
	if p == nil {
		return nil
	}
	return p.Owner().(*Guest)
}

// guestHere returns a live guest whose UI thread is the calling one, or nil. Any goroutine.
func guestHere() *Guest { return guestAt(place.Here()) }

// markedGuest returns the guest on whose UI thread the caller seems to be, or nil. It costs
// almost nothing on other goroutines, and if there is only one guest. Any goroutine.
func markedGuest() *Guest {
	if !place.Marked() {
		return nil
	}
	if list := place.Live(); len(list) == 1 && place.Sole() {
		return guestAt(list[0])
	}
	return guestHere()
}

// resolve returns the guest of ctx, or else the guest of the calling thread, or else the newest
// guest of the process that is not private, or nil.
func resolve(ctx context.Context) *Guest {
	if g, ok := FromContext(ctx); ok {
		return g
	}
	list := place.Live()
	if len(list) == 1 {
		if g := guestAt(list[0]); !g.opts.private() {
			return g
		}
	}
	if g := guestHere(); g != nil {
		return g
	}
	var newest *Guest
	several := false
	for _, p := range slices.Backward(list) {
		g := guestAt(p)
		if g.opts.private() {
			continue
		}
		if newest != nil {
			several = true
			break
		}
		newest = g
	}
	if several {
		newest.once("several", func() {
			newest.opts.logger().Warn("guest: several guests live in this process, and a context names none of them, " +
				"so the newest is used. Pass the context of a task to choose one")
		})
	}
	return newest
}
