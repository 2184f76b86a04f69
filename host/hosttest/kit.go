// Package hosttest tests that a main loop keeps the rules of package host.
//
// It takes ten lines in the package of your host. New returns the host and an error:
//
//	func TestMain(m *testing.M) {
//		hosttest.Main(m, New, &hosttest.Options[*Host]{Quit: func(*Host) { toolkit.Quit() }})
//	}
//
//	func TestHost(t *testing.T) { hosttest.Run(t) }
//
//	func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }
//
//	func BenchmarkHost(b *testing.B) { hosttest.Benchmark(b) }
//
// [Run] has a case, as a subtest, for each promise of each rule. A failure states the rule in
// words and then what the kit has seen. Some cases make sense only if another case has passed.
// If that one fails, they are skipped as "blocked", so that one mistake causes one failure. The
// optional interfaces Threader, Enterer, Native and Looper are tested if the host has them. Run
// the tests with -race: a data race in the host fails the case in which it happens.
//
// The loop of a GUI needs the process's main goroutine, and runs only once. So each case is a
// separate process: the test binary, started again with the case's name in its environment. In
// that process [Main] never returns to the tests. It opens the host on the main goroutine, which
// init has locked to the main thread, and runs the case. The watchdog is in the parent. A child
// that hangs or crashes fails only its own case, even if the Go runtime itself ends it.
//
// [Options] tell the kit what it can't know: how a program runs the loop itself, how the
// toolkit quits, how to ask it for an event. The more it knows, the more it finds. A host
// without a Mainloop needs two of them. [Ordeal] runs a busy program on the host, and quits at
// some of its steps (with HOSTTEST_LONG or Options.Bubble, at each).
//
// Another program, such as qemu or Wine, can start the children: HOSTTEST_EXEC names it. If a
// process can't start others, as on js/wasm, run the cases from outside: see
// host/hosttest/outside.
//
// The kit can't see callbacks that the toolkit makes by itself, from a click or a nested loop.
// A posted function that runs inside such a callback or loop must also keep rule 3. Test that
// yourself.
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

// ready is the kit of this test binary once Main was called. Without it the children would run
// the whole test binary, and so Run again.
var ready atomic.Pointer[kit]

// Main runs the tests. Call it first in TestMain. In the process of a case it runs the case
// instead, on the host that open returns, and never returns. It calls open on the main
// goroutine. opts may be nil. Main goroutine only. Waits.
func Main[H host.Host](m *testing.M, open func() (H, error), opts *Options[H]) {
	k := newKit(open, opts)
	if name := os.Getenv(caseEnv); name != "" {
		k.child(name)
	}
	ready.Store(k)
	m.Run()
}

// Run runs all cases, each in a child process, and reports each as a subtest. TestMain must have
// called [Main]. Goroutine of t only. Waits: some seconds for a loop that starts quickly.
func Run(t *testing.T) {
	t.Helper()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	for _, r := range needMain(t).run(cases) {
		t.Run(r.name, func(t *testing.T) { r.report(t) })
	}
}

// needMain returns the settings. It fails the test if the test binary can't start cases.
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

// cantRun says why this platform can't run cases, or returns "".
func cantRun() string {
	switch runtime.GOOS {
	case "js", "wasip1", "ios":
		return "hosttest: " + runtime.GOOS + " can't start processes; run the cases from outside, with host/hosttest/outside"
	}
	return ""
}

// A state says how a case ended.
type state string

const (
	passed  state = "passed"
	failed  state = "failed"
	blocked state = "blocked" // a case that it needs did not pass
	absent  state = "absent"  // the host lacks an optional interface, or an option is not set
)

// A result is the end of a case as data, so that the kit's own tests can check it.
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

// settings are fixed for users. The kit's own tests use shorter times.
type settings struct {
	slots    chan struct{} // one for each child that may run at the same time
	limit    time.Duration // a child that takes longer is killed
	patience time.Duration // how long a child waits for something that should happen at once
	flood    int           // how many posts come at once, in the cases about blocking
	env      []string      // added to the children's environment
	exec     []string      // stands before the children's command
	binary   string        // what the children run; "": this test binary
}

// Even small machines have two cores, and two children at a time keep them busy. More children
// would only disturb the timing.
var defaults = settings{slots: make(chan struct{}, 2), limit: time.Minute, patience: 5 * time.Second, flood: 100_000}

// run runs each case after the cases that it needs have ended, and returns the results in the
// order of the list. A needed case comes before the case that needs it. One that is not in the
// list counts as passed.
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
