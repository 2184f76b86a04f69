package loops

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// registry knows all running loops of the process. Its lock also guards the names in all scopes.
// One lock is enough, since starting a loop takes microseconds.
var registry struct {
	sync.Mutex
	loops map[*Manager]bool
	made  uint64
}

// enlist adds a loop to the registry. The lock is held.
func enlist(m *Manager) {
	if registry.loops == nil {
		registry.loops = make(map[*Manager]bool)
	}
	registry.made++
	m.nth = registry.made
	registry.loops[m] = true
	if m.id != "" {
		m.scope.loops[m.id] = m
	}
}

// delist removes a loop from the registry.
func delist(m *Manager) {
	registry.Lock()
	defer registry.Unlock()
	delete(registry.loops, m)
	if m.scope.loops[m.id] == m {
		delete(m.scope.loops, m.id)
	}
}

// All returns all running loops of the process, of all scopes, in the order in which they were
// started. Any goroutine. Never waits.
func All() []*Loop {
	registry.Lock()
	defer registry.Unlock()
	managers := slices.SortedFunc(maps.Keys(registry.loops), func(a, b *Manager) int { return cmp.Compare(a.nth, b.nth) })
	list := make([]*Loop, len(managers))
	for i, m := range managers {
		list[i] = &Loop{m: m}
	}
	return list
}
