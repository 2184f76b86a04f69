// Package hosttest proves that a main loop keeps the rules of package host.
//
// Ten lines in the package of your host, whose New returns it and an error:
//
//	func TestMain(m *testing.M) {
//		hosttest.Main(m, New, &hosttest.Options[*Host]{Quit: (*Host).quit})
//	}
//
//	func TestHost(t *testing.T) { hosttest.Run(t) }
//
//	func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }
//
//	func BenchmarkHost(b *testing.B) { hosttest.Benchmark(b) }
//
// [Run] has a case, as a subtest, for each promise of each rule. A failure says the rule in
// words and then what was seen. A case that makes sense only when another one has passed is
// skipped as "blocked" when that one failed, so that one mistake is one failure. Optional
// interfaces are tested where the host has them. Run the tests with -race: a data race in the
// host fails the case in which it happened.
//
// A GUI's loop wants the process's main goroutine, and wants it once. So each case is a process
// of its own: the test binary, started again with the case's name in its environment. There
// [Main] never returns to the tests; it opens the host on the main goroutine, locked to the
// main thread since init, and runs the case. The watchdog is in the parent: a child that hangs
// or crashes, also by the Go runtime's own throw, fails its case and nothing else.
//
// [Options] tell the kit what it can't know: how a program runs the loop itself, how the toolkit
// quits, how it is asked for an event. Each brings cases of its own. A host without a Mainloop
// needs two of them. [Ordeal] then plays a busy program on the host, and quits at its steps.
//
// Children can be started by another program, as qemu or Wine: HOSTTEST_EXEC names it. Where a
// process can't start others, as on js/wasm, the cases are run from outside: see
// host/hosttest/outside.
//
// What the kit can't see: callbacks that the toolkit makes by itself, from a click or a nested
// loop. Rule 3 holds for posted functions there too, and a test of your own must show it.
package hosttest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golodger/lodger/host"
)

// ready is the kit of this test binary, once Main was called. Without it the children would run
// the whole test binary, and Run in it again.
var ready atomic.Pointer[kit]

// Main is called by TestMain, first thing. In a case's process it runs the case on the host
// that open makes, and never returns; otherwise it runs the tests. open is called on the main
// goroutine. opts may be nil. Main goroutine only. Waits.
func Main[H host.Host](m *testing.M, open func() (H, error), opts *Options[H]) {
	k := newKit(open, opts)
	if name := os.Getenv(caseEnv); name != "" {
		k.child(name)
	}
	ready.Store(k)
	m.Run()
}

// Run runs all cases, each in a child process, and reports each as a subtest. TestMain must
// have called [Main]. Goroutine of t only. Waits, a few seconds for a loop that starts quickly.
func Run(t *testing.T) {
	t.Helper()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	for _, r := range needMain(t).run(cases) {
		t.Run(r.name, func(t *testing.T) { r.report(t) })
	}
}

// needMain returns the settings of a test binary that can start cases.
func needMain(t testing.TB) settings {
	t.Helper()
	k := ready.Load()
	if k == nil {
		t.Fatal(noMain)
	}
	s := defaults
	s.exec = k.exec
	return s
}

const noMain = "hosttest: this test binary has no way to start a case; call hosttest.Main(m, open, nil) in TestMain"

// cantRun says why this platform has no cases, if so.
func cantRun() string {
	switch runtime.GOOS {
	case "js", "wasip1", "ios":
		return "hosttest: " + runtime.GOOS + " can't start processes; run the cases from outside, with host/hosttest/outside"
	}
	return ""
}

// state is how a case ended.
type state string

const (
	passed  state = "passed"
	failed  state = "failed"
	blocked state = "blocked" // a case that it needs has failed
	absent  state = "absent"  // the host lacks the optional interface, or the kit an option
)

// result is a case's end, as data: the kit's own tests look at it too.
type result struct {
	name  string
	rule  rule
	state state
	saw   string
	took  time.Duration
}

func (r result) report(t *testing.T) {
	t.Helper()
	switch r.state {
	case failed:
		t.Errorf("hosttest: the host breaks %s\nseen: %s", r.rule, r.saw)
	case blocked, absent:
		t.Skip(r.saw)
	default:
		t.Logf("passed in %v", r.took.Round(time.Millisecond))
	}
}

// settings are fixed for users; the kit's own tests are in more of a hurry.
type settings struct {
	slots    chan struct{} // one for each child that may live at the same time
	limit    time.Duration // the watchdog: a child that takes longer is killed
	patience time.Duration // how long a child waits for something that ought to happen at once
	flood    int           // posts that come at once, in the cases about blocking
	env      []string      // added to the children's environment
	exec     []string      // stands before the children's command
	binary   string        // what the children run; "": this test binary
}

// Two children at a time keep the two cores busy that even small machines have; more would only
// spoil the timing.
var defaults = settings{slots: make(chan struct{}, 2), limit: time.Minute, patience: 5 * time.Second, flood: 100_000}

// run runs each case once those that it needs have ended, and returns the results in the order
// of the list. A need stands before who needs it, and is either in the list or taken as passed.
func (s settings) run(list []*testCase) []result {
	results := make([]result, len(list))
	ended := make(map[string]chan struct{}, len(list))
	index := make(map[string]int, len(list))
	for i, c := range list {
		ended[c.name], index[c.name] = make(chan struct{}), i
	}
	var wg sync.WaitGroup
	for i, c := range list {
		wg.Go(func() {
			defer close(ended[c.name])
			results[i] = result{name: c.name, rule: c.rule, state: blocked}
			var missing []string
			for _, need := range c.needs {
				need, may := strings.CutSuffix(need, mayBeAbsent)
				if end, in := ended[need]; in {
					<-end
					switch r := results[index[need]]; {
					case r.state == passed, may && r.state == absent:
					case r.state == absent:
						results[i].state, results[i].saw = absent, r.saw
						return
					default:
						missing = append(missing, need)
					}
				}
			}
			if missing != nil {
				results[i].saw = fmt.Sprintf("blocked: needs %s, which did not pass", strings.Join(missing, " and "))
				return
			}
			s.slots <- struct{}{}
			defer func() { <-s.slots }()
			begin := time.Now()
			results[i].state, results[i].saw = s.spawn(c.name).judge()
			results[i].took = time.Since(begin)
		})
	}
	wg.Wait()
	return results
}
