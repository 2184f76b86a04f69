package guest

import (
	"fmt"
	"slices"
	"sync/atomic"
)

// A life records how far a guest has come, and how hard its end presses on what does not end.
type life struct {
	phase   atomic.Uint32 // written on the UI thread
	inLoop  atomic.Bool   // Run is inside Mainloop
	end     completion
	report  Report // once end is settled
	detach  func() // from the host
	pressed pressure
	after   bool // the host's loop has ended; Finish runs the turns. UI thread only
}

// A phase says how far a guest has come. It only grows.
type phase uint32

const (
	initial   phase = iota // made; the host has not called
	living                 // tasks run
	cancelled              // the root is cancelled; main and its tasks unwind
	ending                 // main and its tasks have ended; the guest's own tasks unwind
	closing                // all tasks have ended; posts are refused, and those accepted run
	ended                  // nothing runs any more; the host is told
	gone                   // Done is closed
)

// transitions lists which phases may follow each phase.
var transitions = [...][]phase{
	initial:   {living, cancelled, ended}, // cancelled: Options.Context was done before
	living:    {cancelled, ending, ended},
	cancelled: {ending, ended},
	ending:    {closing, ended},
	closing:   {ended},
	ended:     {gone},
	gone:      {},
}

// states has the words of State for the phases.
var states = [...]string{
	initial: "initial", living: "running", cancelled: "ending", ending: "ending",
	closing: "closing", ended: "closing", gone: "ended",
}

// is reports whether the guest has come as far as p. Any goroutine.
func (l *life) is(p phase) bool { return phase(l.phase.Load()) >= p }

// enter enters phase p. UI thread only.
func (l *life) enter(p phase) {
	was := phase(l.phase.Load())
	if !slices.Contains(transitions[was], p) {
		panic(fmt.Sprintf("guest: a life can't go from phase %d to phase %d", was, p))
	}
	l.phase.Store(uint32(p))
}

// A pressure says how hard the end of a guest presses on what does not end. It grows each time a
// grace is over.
type pressure uint8

const (
	patient pressure = iota
	// background functions that ignore their cancellation are abandoned; tasks are named
	impatient
	forcing  // every wait is refused; only after the host's loop
	hopeless // tasks that have not ended are left as they are
)

// forced reports whether every wait is refused. UI thread only.
func (g *Guest) forced() bool { return g.life.pressed >= forcing }

// winding reports whether tasks that end now do so because the guest ends. UI thread only.
func (g *Guest) winding() bool { return g.life.is(cancelled) }

// State returns the state of the guest as a word. "initial": the host has not called yet, and
// none of your functions has run. "running". "ending": the guest was cancelled or main has
// ended, and the remaining tasks unwind. "closing": all tasks have ended, new posts are
// refused, and accepted posts run. "ended": Done is closed. Use State in logs and tests; to
// wait, use Done or Wait. Any goroutine. Never waits.
func (g *Guest) State() string {
	g.need("State")
	if p := phase(g.life.phase.Load()); p >= cancelled || g.root.cancelled() == nil {
		return states[p]
	}
	return states[ending] // Options.Context is done, but the guest does not know yet
}

// Ending reports whether the guest was cancelled or main has ended. Then the remaining tasks
// unwind, and new tasks are cancelled when they begin. Any goroutine. Never waits.
func (g *Guest) Ending() bool {
	g.need("Ending")
	return g.life.is(cancelled) || g.root.cancelled() != nil
}
