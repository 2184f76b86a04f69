package host

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/golodger/lodger/internal/serving"
)

// Two look-ups live here: hosts by name, for programs that choose their toolkit at run time,
// and the hosts that serve a guest right now, so that code can ask which of them it is
// running in.

var named struct {
	sync.Mutex
	open map[string]func() (Mainloop, error)
}

// Register makes a host known by name. It is meant for init functions, in the way of
// database/sql's drivers; it panics if open is nil or the name is taken. Any goroutine.
func Register(name string, open func() (Mainloop, error)) {
	if open == nil {
		panic(fmt.Sprintf("host: Register(%q) with a nil function; pass the function that makes the host", name))
	}
	named.Lock()
	defer named.Unlock()
	if _, taken := named.open[name]; taken {
		panic(fmt.Sprintf("host: Register(%q) called twice; every host needs a name of its own", name))
	}
	if named.open == nil {
		named.open = make(map[string]func() (Mainloop, error))
	}
	named.open[name] = open
}

// Open makes a new host of the kind registered under name. Any goroutine, unless the toolkit
// says otherwise. An unknown name is an error that lists the known ones.
func Open(name string) (Mainloop, error) {
	named.Lock()
	open := named.open[name]
	named.Unlock()
	if open == nil {
		known := "none"
		if names := Names(); len(names) > 0 {
			known = strings.Join(names, ", ")
		}
		return nil, fmt.Errorf("host: no host is registered as %q (known: %s); import its package, for example "+
			`_ "github.com/golodger/lodger/hosts/fyne/auto"`, name, known)
	}
	return open()
}

// Names lists the registered names, sorted. Any goroutine.
func Names() []string {
	named.Lock()
	defer named.Unlock()
	names := make([]string, 0, len(named.open))
	for name := range named.open {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Current returns the newest host with a live guest on the calling thread. Hosts that are no
// [Threader] are not found. Any goroutine. Never waits.
func Current() (Host, bool) {
	for _, h := range slices.Backward(serving.Live()) {
		if t, ok := h.(Threader); ok && t.OnThread() {
			return h.(Host), true
		}
	}
	return nil, false
}
