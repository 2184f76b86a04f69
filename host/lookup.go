package host

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/golodger/lodger/internal/serving"
)

// This file has two look-ups. One finds hosts by name, for programs that choose their toolkit at
// run time. The other finds the hosts that serve a guest right now, so that code can ask which
// host it runs in.

var named struct {
	sync.Mutex
	open map[string]func() (Mainloop, error)
}

// Register registers a host under a name. Call it in an init function, as drivers of
// database/sql do. It panics if open is nil or the name is taken. Any goroutine. Never waits.
func Register(name string, open func() (Mainloop, error)) {
	if open == nil {
		panic(fmt.Sprintf("host: Register(%q) with a nil function; pass the function that makes the host", name))
	}
	named.Lock()
	defer named.Unlock()
	if _, taken := named.open[name]; taken {
		panic(fmt.Sprintf("host: Register(%q) called twice; give each host a different name", name))
	}
	if named.open == nil {
		named.open = make(map[string]func() (Mainloop, error))
	}
	named.open[name] = open
}

// Open makes a new host of the kind that is registered under name. For an unknown name it
// returns an error that lists the known names. Any goroutine, unless the toolkit says otherwise.
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

// Names lists the registered names, sorted. Any goroutine. Never waits.
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

// Current returns the newest host with a live guest on the calling thread. It finds only hosts
// that implement [Threader]. Any goroutine. Never waits.
func Current() (Host, bool) {
	for _, h := range slices.Backward(serving.Live()) {
		if t, ok := h.(Threader); ok && t.OnThread() {
			return h.(Host), true
		}
	}
	return nil, false
}
