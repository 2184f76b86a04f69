package held

import (
	"strconv"
	"strings"

	"github.com/golodger/lodger/internal/stacks"
)

// No more than manySuspects are listed. While nothing is known about the lock, waiting tasks are
// named only if they are at most fewParked.
const (
	manySuspects = 5
	fewParked    = 3
)

// why says which goroutines may have to go on before h does.
func (d *Dump) why(h Holder) []string {
	if !h.Waits() {
		return nil
	}
	var l suspicions
	l.lock, l.of = lockOf(h.Goroutine), h.Goroutine
	l.few = len(d.parked) <= fewParked
	for _, list := range [][]stacks.Goroutine{d.callers, d.parked, d.running, d.locked, d.others} {
		for _, g := range list {
			if g.ID != h.ID {
				l.look(g, d.waiter(g))
			}
		}
	}
	if len(l.likely) > 0 {
		l.others = nil
	}
	return firstOf(append(append(append(l.likely, l.callers...), l.others...), l.beside...))
}

// Suspicions are sentences about goroutines that may have to go on first.
type suspicions struct {
	lock lock // a goroutine waits for it
	of   stacks.Goroutine
	few  bool // few tasks wait, so each may be named

	likely, callers, others, beside []string
}

// look adds a sentence about a goroutine, if there is one.
func (l *suspicions) look(g stacks.Goroutine, s Holder) {
	add := func(to *[]string, what string) { *to = append(*to, s.Title()+what) }
	calling := calls(g, CallingName)
	switch {
	case !s.Known():
	case l.lock == 0 && calling:
		add(&l.callers, " waits for the UI thread in guest.CallOnMain")
	case l.lock == 0:
	case l.lock.waitedFor(g):
		add(&l.beside, " waits for the same lock")
	case l.lock.shared(l.of, g):
		add(&l.likely, " works on the same value, and likely holds the lock; it "+doing(g, s))
	case sameType(l.of, g):
		add(&l.likely, " works on a value of the same type, and likely holds the lock; it "+doing(g, s))
	case calling:
		add(&l.callers, " may hold the lock; it "+doing(g, s))
	case l.few && inTask(g):
		add(&l.others, " may hold the lock; it "+doing(g, s))
	}
}

// doing says what a suspect does.
func doing(g stacks.Goroutine, s Holder) string {
	switch {
	case calls(g, CallingName):
		return "waits for the UI thread in guest.CallOnMain"
	case inTask(g) && parked(g):
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

// A lock is the address of a lock that a goroutine waits for; 0 if there is none or it is not
// known.
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

// large is the maximum offset of a lock in a value.
const large = 1 << 16

// shared reports whether both goroutines, outside the standard library, have an argument with
// the same address, of a value that may contain the lock.
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

// sameType reports whether b is in a method of the type whose method has called Lock in a. A
// lock is usually a field, and arguments are often not known.
func sameType(a, b stacks.Goroutine) bool {
	of := ""
	for _, c := range a.Calls {
		if !c.Standard() {
			of = receiver(c)
			break
		}
	}
	for _, c := range b.Calls {
		if of != "" && receiver(c) == of {
			return true
		}
	}
	return false
}

// receiver returns the type of the method that a call is in, if the method has a pointer
// receiver.
func receiver(c stacks.Call) string {
	i := strings.Index(c.Function, ".(*")
	if i < 0 {
		return ""
	}
	j := strings.Index(c.Function[i:], ")")
	return c.Function[:i+max(0, j)]
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
