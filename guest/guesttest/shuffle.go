package guesttest

import (
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/golodger/lodger/guest/internal/hooks"
	"github.com/golodger/lodger/host"
)

// shuffleVar is the environment variable that turns shuffling on, or repeats a run. To repeat,
// set it to a seed or to all that a failing test printed: seed.choices.arrivals.
const shuffleVar = "LODGER_SHUFFLE"

// A shuffled is a test whose tasks run in a random order, and which can be repeated. In virtual
// time the seed decides everything but the order of concurrent posts by goroutines, which is
// recorded.
type shuffled struct {
	t        *testing.T
	seed     uint64
	realTime bool
	rand     *rand.Rand
	wait     func() // for the bubble
	atOnce   int    // batches at this instant
	skipped  int
	choices  choices
	arrivals arrivals
}

// newShuffled returns what reorders the tasks of a batch, or nil. When the test fails, it prints
// how to repeat the run. asked says whether the test's options want shuffling.
func newShuffled(t *testing.T, asked, realTime bool) *shuffled {
	t.Helper()
	s := &shuffled{t: t, seed: rand.Uint64() >> 40, realTime: realTime} // short enough to be typed
	switch v := os.Getenv(shuffleVar); v {
	case "":
		if !asked {
			return nil
		}
	case "off":
		return nil
	case "on":
	default:
		if !s.repeat(v) {
			t.Fatalf("guesttest: %s is %q; set it to on, off, a seed, or the text that a failing test printed", shuffleVar, v)
		}
	}
	s.rand = rand.New(rand.NewPCG(s.seed, 0))
	command := "go test -count=1 -run '" + pattern(t.Name()) + "' " + packageOf(runtime.Callers)
	t.Cleanup(func() { s.tell(command) })
	return s
}

// repeat takes the text that a failing test printed.
func (s *shuffled) repeat(line string) bool {
	seed, rest, traced := strings.Cut(line, ".")
	n, err := strconv.ParseUint(seed, 10, 64)
	s.seed = n
	if err != nil || !traced || s.realTime {
		return err == nil
	}
	choices, arrivals, _ := strings.Cut(rest, ".")
	s.arrivals.repeat(arrivals)
	return s.choices.repeat(choices)
}

// line is the text that repeat takes.
func (s *shuffled) line() string {
	seed := strconv.FormatUint(s.seed, 10)
	if s.realTime {
		return seed
	}
	return strings.TrimSuffix(seed+"."+s.choices.line()+"."+s.arrivals.line(), ".")
}

// tell runs at the end. It says how to repeat the run, and whether a repeated run differed.
func (s *shuffled) tell(command string) {
	s.t.Helper()
	if differs := s.choices.end(); differs != "" {
		s.t.Errorf("guesttest: this run differs from the one of %s=%s: %s. Either the code has changed, or something outside "+
			"the guest makes a choice: the order of a map, a select, a random number, the world outside. "+
			"To repeat only the order of tasks: %s=%d", shuffleVar, os.Getenv(shuffleVar), differs, shuffleVar, s.seed)
	}
	if !s.t.Failed() {
		return
	}
	s.t.Logf("guesttest: tasks were shuffled; to repeat: %s=%s %s", shuffleVar, s.line(), command)
	if s.arrivals.alike != "" {
		s.t.Logf("guesttest: goroutines left the same thing at the same time and can't be told apart (%s): "+
			"their order may differ when you repeat the run", s.arrivals.alike)
	}
}

// hook adds to h what makes the order of tasks random and, in virtual time, everything else
// repeatable.
func (s *shuffled) hook(h *hooks.Hooks, loop host.Mainloop) {
	h.Shuffle = s.rand.Shuffle
	if s.realTime {
		return
	}
	s.wait = synctest.Wait
	if l, ok := loop.(interface{ Settle() }); ok {
		s.wait = l.Settle
	}
	h.Settle, h.Source, h.Worker = s.settle, goroutineID, s.arrivals.worker
	h.Chosen, h.Arrange = s.choices.add, s.arrange
}

// A test that runs so many batches at one instant probably never ends. Then settle does its work
// only now and then, since a million calls take a minute.
const (
	settlesAtOnce = 1 << 14
	settlesLater  = 64 // once in so many steps
)

// settle lets all other goroutines of the bubble run until they wait.
func (s *shuffled) settle() {
	if s.atOnce > settlesAtOnce {
		if s.skipped++; s.skipped%settlesLater != 0 {
			return
		}
	}
	defer func() {
		if v := recover(); v != nil {
			s.t.Errorf("guesttest: %v: while tasks are shuffled, only tasks may call synctest.Wait", v)
		}
	}()
	s.wait()
}

func (s *shuffled) arrange(list []hooks.Arrival) []int {
	order, ok := s.arrivals.arrange(list)
	if !ok {
		s.choices.differ("other goroutines posted something else before choice " + strconv.Itoa(s.choices.n+1))
	}
	return order
}

// pattern is the argument of -run that selects one test.
func pattern(name string) string { return "^" + strings.ReplaceAll(name, "/", "$/^") + "$" }

// packageOf returns the import path of the calling test, or "." if it is not known.
func packageOf(callers func(skip int, pc []uintptr) int) string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:callers(0, pcs)])
	test := ""
	for {
		f, more := frames.Next()
		if f.Function == "testing.tRunner" {
			return pathOf(test)
		}
		if !more {
			return "."
		}
		test = f.Function
	}
}

// pathOf returns the import path of a test function. The path of a module's root package may have
// neither a slash nor a dot: in "search.TestTyping" it is "search".
func pathOf(function string) string {
	slash := strings.LastIndex(function, "/") + 1
	name, _, _ := strings.Cut(function[slash:], ".")
	path := function[:slash] + strings.TrimSuffix(strings.ReplaceAll(name, "%2e", "."), "_test")
	if path == "" || path == "main" || path == "command-line-arguments" {
		return "." // the test was built from files, or in a way that names no package
	}
	return path
}
