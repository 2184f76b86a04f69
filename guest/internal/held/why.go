package held

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/golodger/lodger/internal/stacks"
)

// manySuspects are more than help. So many tasks may wait while a lock is held of which nothing is
// known: then each of them is named.
const (
	manySuspects = 5
	fewParked    = 3
)

// why says who may have to go on before h does.
func (d *Dump) why(h Holder) []string {
	if !h.Waits() {
		return nil
	}
	lock := lockOf(h.Goroutine)
	var likely, others, beside []string
	d.suspects(h.Goroutine, func(g stacks.Goroutine, parked bool) {
		s := d.waiter(g)
		switch same := lock.shared(h.Goroutine, g); {
		case lock.waitedFor(g):
			beside = append(beside, s.Title()+" waits for the same lock")
		case same:
			likely = append(likely, fmt.Sprintf("%s works on the same value, and likely holds the lock; it %s", s.Title(), d.doing(s, parked)))
		case parked && lock == 0 || !s.Known():
		case parked && len(d.parked) > fewParked:
		case lock != 0 && (parked || calls(g, CallingName)):
			others = append(others, fmt.Sprintf("%s may hold the lock; it %s", s.Title(), d.doing(s, parked)))
		case calls(g, CallingName):
			others = append(others, s.Title()+" waits for the UI thread in guest.CallOnMain")
		}
	})
	return firstOf(append(append(likely, others...), beside...))
}

// suspects visits all goroutines but holder.
func (d *Dump) suspects(holder stacks.Goroutine, visit func(g stacks.Goroutine, parked bool)) {
	for _, list := range [][]stacks.Goroutine{d.callers, d.parked, d.running, d.locked, d.others} {
		for _, g := range list {
			if g.ID != holder.ID {
				visit(g, strings.HasPrefix(g.State, "coroutine"))
			}
		}
	}
}

// doing says what a suspect does.
func (d *Dump) doing(s Holder, parked bool) string {
	switch {
	case calls(s.Goroutine, CallingName):
		return "waits for the UI thread in guest.CallOnMain"
	case parked:
		return "is a task that waits, and goes on only on the UI thread"
	}
	return s.Does
}

func firstOf(list []string) []string {
	if more := len(list) - manySuspects; more > 0 {
		return append(list[:manySuspects], strconv.Itoa(more)+" more")
	}
	return list
}

// A lock is the address of one that a goroutine waits for; 0 is none, or not known.
type lock uint64

// lockers are the functions that have a lock's address as their first argument.
var lockers = []string{"sync.(*Mutex).lockSlow", "sync.(*RWMutex).Lock", "sync.(*RWMutex).RLock", "sync.(*Mutex).Lock"}

// lockOf returns the lock that a goroutine waits for.
func lockOf(g stacks.Goroutine) lock {
	if !strings.HasPrefix(g.State, "sync.") && g.State != "semacquire" {
		return 0
	}
	for _, c := range g.Calls {
		for _, name := range lockers {
			if strings.HasSuffix(c.Function, name) {
				if list := addresses(c.Args); len(list) > 0 {
					return lock(list[0])
				}
			}
		}
		if !c.Standard() {
			break
		}
	}
	return 0
}

// waitedFor reports whether a goroutine waits for the lock, too.
func (l lock) waitedFor(g stacks.Goroutine) bool { return l != 0 && lockOf(g) == l }

// large is how far behind the beginning of a value its lock may lie.
const large = 1 << 16

// shared reports whether both goroutines, outside of the standard library, have the same address
// as an argument, of a value in which the lock may lie.
func (l lock) shared(a, b stacks.Goroutine) bool {
	if l == 0 {
		return false
	}
	known := make(map[uint64]bool)
	l.eachValue(a, func(v uint64) { known[v] = true })
	found := false
	l.eachValue(b, func(v uint64) { found = found || known[v] || v == uint64(l) })
	return found
}

func (l lock) eachValue(g stacks.Goroutine, visit func(v uint64)) {
	for _, c := range g.Calls {
		if c.Standard() || c.Ours() {
			continue
		}
		for _, v := range addresses(c.Args) {
			if v <= uint64(l) && uint64(l)-v < large {
				visit(v)
			}
		}
	}
}

// addresses reads the arguments of a call that may be addresses.
func addresses(args string) (list []uint64) {
	for _, word := range strings.FieldsFunc(args, func(r rune) bool { return strings.ContainsRune(" ,{}?", r) }) {
		if v, err := strconv.ParseUint(word, 0, 64); err == nil && v > 1<<12 {
			list = append(list, v)
		}
	}
	return list
}
