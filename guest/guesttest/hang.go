package guesttest

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/golodger/lodger/internal/stacks"
)

// looks is how often the watcher looks before it says that a test hangs.
const looks = 5

// A hangWatch watches a test in real time, from outside the bubble. The test hangs if in several
// looks in a row three things hold: no batch of tasks has run, no goroutine of the bubble could
// run, and one goroutine has been blocked the whole time in a way that keeps virtual time from
// moving. A machine that is too busy to run the test does not make it hang, since its goroutines
// are ready to run then.
type hangWatch struct {
	each   time.Duration
	report func(blocked []goroutine)
	bubble func() *string // its number; nil before the test is in it
	count  func() int64   // of batches

	mu    sync.Mutex
	timer *time.Timer
	over  bool
	ended chan struct{} // closed when no look will come

	seen int64           // batches
	held map[string]bool // the goroutines that were blocked in every look, and in what
	same int             // looks since something ran
}

// watchHang watches the test until stop is called, and says once why it hangs. A test that ends
// before the first look costs a timer and no goroutine.
func (r *trial) watchHang() (stop func()) {
	limit := r.opts.hangAfter()
	if limit < 0 {
		return func() {}
	}
	w := &hangWatch{
		each: max(limit/looks, 1), bubble: r.bubble.Load, count: r.batches.seen.Load,
		report: func(blocked []goroutine) { // t.Log shows nothing while it hangs
			fmt.Fprint(os.Stderr, r.hangReport(limit, blocked))
		},
	}
	w.start()
	return w.stop
}

func (w *hangWatch) start() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended, w.timer = make(chan struct{}), time.AfterFunc(w.each, w.fire)
}

// fire is called when it is time to look.
func (w *hangWatch) fire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		blocked := w.look(dump)
		if blocked == nil {
			w.timer.Reset(w.each) // from now, so that late looks don't come right after each other
			return
		}
		w.report(blocked)
	}
	close(w.ended)
}

// stop returns when no look will come any more. It waits for one that goes on.
func (w *hangWatch) stop() {
	w.mu.Lock()
	w.over = true
	pending := w.timer.Stop()
	w.mu.Unlock()
	if !pending {
		<-w.ended
	}
}

// look looks once. If the test hangs, it returns the goroutines that are blocked. It takes a
// dump only if no batch has run, since a dump stops the process for a moment.
func (w *hangWatch) look(dump func() string) (blocked []goroutine) {
	bubble, seen, before, same := w.bubble(), w.seen, w.held, w.same
	w.seen, w.held, w.same = w.count(), nil, 0
	if bubble == nil || w.seen != seen {
		return nil
	}
	blocked, ran := blockedIn(*bubble, dump())
	if ran {
		return nil
	}
	held := make(map[string]bool)
	for _, g := range blocked {
		if key := g.id + " " + g.state; before == nil || before[key] {
			held[key] = true
		}
	}
	if len(held) == 0 {
		return nil
	}
	if w.held, w.same = held, same+1; w.same <= looks { // the first look is the beginning
		return nil
	}
	return blocked
}

// blockedIn returns the goroutines of a bubble that are blocked, but not durably. ran reports
// that one of them may run, or that the dump can't tell.
func blockedIn(bubble, dump string) (blocked []goroutine, ran bool) {
	list := goroutines(dump)
	if len(list) == 0 {
		return nil, true
	}
	for _, g := range list[1:] { // the first is the one that took the dump
		switch {
		case g.bubble != bubble || g.durable():
		case g.mayRun():
			return nil, true
		default:
			blocked = append(blocked, g)
		}
	}
	return blocked, false
}

// remedies says what a goroutine waits for and what to do, by the first words of its state.
var remedies = []struct {
	states []string
	remedy string
}{
	{[]string{"IO wait"}, "a socket or a pipe. Close it before the body returns: " +
		"http.Client.CloseIdleConnections for the connections that a client keeps, httptest.Server.Close. " +
		"Or use an in-memory connection (net.Pipe), or Options.RealTime"},
	{[]string{"sync.Mutex", "sync.RWMutex", "semacquire"}, "a lock. Time does not move meanwhile, " +
		"so a goroutine that sleeps or waits while it holds the lock never unlocks it. " +
		"Hold no lock across a wait, or use a channel of one element, made in the body, as the lock"},
	{[]string{"syscall"}, "a system call, or C: a child process, a terminal, a file that blocks. " +
		"These take real time; use Options.RealTime"},
	{[]string{"chan ", "select", "sync.WaitGroup"}, "a channel or a WaitGroup that was made outside the body, " +
		"or is used outside it. Make it in the body"},
	{[]string{""}, "something else. The documentation of testing/synctest says what durably blocks"},
}

// hangReport says why the test hangs.
func (r *trial) hangReport(limit time.Duration, blocked []goroutine) string {
	body := "the body has not returned"
	if r.returned.Load() {
		body = "the body has returned"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "guesttest: %s hangs: for %v of real time nothing in its bubble has run; %s. "+
		"Virtual time stands still, since these goroutines are not durably blocked (see testing/synctest). "+
		"The test keeps waiting until go test's -timeout ends it.\n", r.outer.Name(), limit, body)
	done := make(map[string]bool)
	for _, kind := range remedies {
		var texts []string
		for _, g := range blocked {
			if !done[g.id] && g.stateBegins(kind.states) {
				done[g.id] = true
				texts = append(texts, stacks.Plain(g.text))
			}
		}
		if len(texts) > 0 {
			fmt.Fprintf(&b, "\nguesttest: waiting for %s. Goroutines: %d.\n\n%s\n", kind.remedy, len(texts), strings.Join(firstOf(texts), "\n\n"))
		}
	}
	return b.String()
}

// firstOf returns the first few of the stacks.
func firstOf(texts []string) []string {
	const enough = 5
	if more := len(texts) - enough; more > 0 {
		return append(texts[:enough:enough], fmt.Sprintf("... and %d more", more))
	}
	return texts
}
