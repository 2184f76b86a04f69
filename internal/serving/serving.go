// Package serving knows which hosts serve a guest right now. Package guest tells it, and
// package host passes its answers on to programs. It is a separate package so that programs can
// only ask.
package serving

import (
	"slices"
	"sync"
)

// remembered is how many ended hosts are kept, to refuse them a second guest. It is bounded, so
// that a program with thousands of loops does not keep them all.
const remembered = 64

var hosts struct {
	sync.Mutex
	live  []any // hosts with a guest, oldest first
	ended []any // the last hosts whose guest has ended, oldest first
}

// Attach says that a guest now lives in h. It reports false if h has a guest or had one lately:
// a host value serves one guest in its life. detach says that the guest has ended. Any
// goroutine. Never waits. h must be comparable. A pointer is, but it must point to a struct
// with a field: pointers to empty structs may all be equal.
func Attach(h any) (detach func(), ok bool) {
	hosts.Lock()
	defer hosts.Unlock()
	if slices.Contains(hosts.live, h) || slices.Contains(hosts.ended, h) {
		return nil, false
	}
	hosts.live = append(hosts.live, h)
	return func() {
		hosts.Lock()
		defer hosts.Unlock()
		i := slices.Index(hosts.live, h)
		if i < 0 {
			return
		}
		hosts.live = slices.Delete(hosts.live, i, i+1)
		if len(hosts.ended) == remembered {
			hosts.ended = slices.Delete(hosts.ended, 0, 1)
		}
		hosts.ended = append(hosts.ended, h)
	}, true
}

// Live returns the hosts with a guest, oldest first. Any goroutine. Never waits.
func Live() []any {
	hosts.Lock()
	defer hosts.Unlock()
	return slices.Clone(hosts.live)
}
