package hosttest

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

// hostEnv tells a child of these tests which host to open.
const hostEnv = "HOSTTEST_TEST_HOST"

func TestMain(m *testing.M) {
	beSideBySide()
	name := os.Getenv(hostEnv)
	bubbleMain(m, tickingQuits[name])
	if bare, ok := bareHosts[name]; ok {
		Main(m, bare.open, &bare.opts)
	}
	broken, ok := brokenHosts[name]
	if !ok {
		broken = awayHosts[name]
	}
	Main(m, func() (host.Mainloop, error) { return broken.open() }, withMainloop(broken.opts))
}

// beSideBySide lets all tests begin that are parallel: they wait for children, which mostly
// sleep. How many children there are at a time is limited by their slots.
func beSideBySide() {
	flag.Parse()
	if err := flag.Set("test.parallel", "100"); err != nil {
		panic(err)
	}
}

// sideBySide is shared by all tests.
var sideBySide = make(chan struct{}, 8)

// hurried are settings that don't wait long for what won't come, and don't compute for long: the
// broken hosts that block do so early.
func hurried(name string) settings {
	s := calm(name)
	s.patience = 2 * time.Second
	if runtime.GOOS == "windows" {
		s.patience = 5 * time.Second // so many processes at once are slow there
	}
	return s
}

// calm is for hosts in which everything comes at last, also on a busy machine.
func calm(name string) settings {
	s := defaults
	s.slots, s.patience, s.flood, s.env = sideBySide, 20*time.Second, 3000, []string{hostEnv + "=" + name}
	return s
}

// optional are the cases that a host without the interface doesn't have.
func optional(name string) bool {
	return strings.HasPrefix(name, "quit-") || strings.HasPrefix(name, "rule8-lives-on") || strings.HasPrefix(name, "threader-") || strings.HasPrefix(name, "enterer-") || strings.HasPrefix(name, "native-") || strings.HasPrefix(name, "looper-")
}

func TestEachBrokenHostFailsItsOwnCase(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	for _, name := range slices.Sorted(maps.Keys(brokenHosts)) {
		broken := brokenHosts[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := hurried(name)
			if broken.hangs {
				s.limit = 4 * time.Second
			}
			wrong := broken.differences(s.run(cases))
			if len(wrong) > 0 { // a case may have had too little time, on a busy machine
				s.patience *= 4
				s.limit *= 8
				wrong = broken.differences(s.run(cases))
			}
			require.Empty(t, wrong)
		})
	}
}

// differences says how the results differ from those of a kit that finds what is broken, and
// nothing else.
func (b brokenHost) differences(results []result) (wrong []string) {
	states := map[string]state{}
	for i, c := range cases {
		r := results[i]
		states[c.name] = r.state
		want, saw := passed, ""
		switch {
		case c.name == b.breaks:
			want, saw = failed, b.seen
		case slices.ContainsFunc(c.needs, func(need string) bool { return states[need] == absent }):
			want = absent
		case slices.ContainsFunc(c.needs, func(need string) bool { return lacks(states, need) }):
			want = blocked
		case optional(c.name) && r.state == absent:
			want, saw = absent, "which is optional"
		}
		if r.name != c.name || r.state != want || !strings.Contains(r.saw, saw) {
			wrong = append(wrong, fmt.Sprintf("%s: %s, not %s\nseen: %s\nnot: %s", r.name, r.state, want, r.saw, saw))
		}
	}
	return wrong
}

// lacks reports whether a need has not passed.
func lacks(states map[string]state, need string) bool {
	need, may := strings.CutSuffix(need, mayBeAbsent)
	return states[need] != passed && !(may && states[need] == absent)
}

func TestOptionalCasesRunOnAHostThatHasThem(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	s := calm("complete")
	s.flood = defaults.flood
	for _, r := range s.run(cases) {
		require.Equal(t, passed, r.state, "%s: %s", r.name, r.saw)
	}
}

func TestEveryCaseHasABrokenHost(t *testing.T) {
	for _, c := range cases {
		if c.name == "rule3-constant-depth" || c.name == "enterer-constant-depth" {
			// only C can break these, and cgo isn't allowed in tests: see
			// hosts/gtk/internal/wrongdepth
			continue
		}
		require.True(t, slices.ContainsFunc(slices.Collect(maps.Values(brokenHosts)), func(b brokenHost) bool {
			return b.breaks == c.name
		}), c.name)
	}
}

func TestNeedsStandBeforeTheirCases(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cases {
		for _, need := range c.needs {
			require.True(t, seen[strings.TrimSuffix(need, mayBeAbsent)], "%s needs %s", c.name, need)
		}
		require.False(t, seen[c.name], "%s twice", c.name)
		seen[c.name] = true
	}
}

func TestFailureSaysTheRuleAndWhatWasSeen(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	one := slices.IndexFunc(cases, func(c *testCase) bool { return c.name == "rule1-never-inline" })
	results := hurried("inline").run(cases[one : one+2])
	require.Equal(t, failed, results[0].state)
	require.Equal(t, rule1, results[0].rule)
	require.Equal(t, blocked, results[1].state)
	require.Equal(t, "blocked: needs rule1-never-inline, which did not pass", results[1].saw)
}

func TestUnknownCaseFails(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	state, saw := calm("sound").spawn("no-such-case").judge()
	require.Equal(t, failed, state)
	require.Contains(t, saw, `no such case: "no-such-case"`)
}

func TestJudge(t *testing.T) {
	ok := &verdict{State: passed}
	for name, c := range map[string]struct {
		end   ending
		state state
		saw   string
	}{
		"passed":           {ending{verdict: ok}, passed, ""},
		"failed":           {ending{verdict: &verdict{State: failed, Saw: "inline"}}, failed, "inline"},
		"silent":           {ending{output: "bye"}, failed, "without a verdict; a host must not exit\nbye"},
		"crashed":          {ending{err: os.ErrInvalid, output: "noise\nfatal error: coro\n"}, failed, "died (invalid argument)\nfatal error: coro"},
		"crashed at exit":  {ending{verdict: ok, err: os.ErrInvalid, output: "WARNING: DATA RACE"}, failed, "DATA RACE"},
		"hung":             {ending{err: os.ErrInvalid, overdue: true, limit: time.Second, output: "SIGQUIT: quit"}, failed, "killed after 1s\nSIGQUIT"},
		"hung, but failed": {ending{verdict: &verdict{State: failed, Saw: "late"}, overdue: true}, failed, "late"},
	} {
		t.Run(name, func(t *testing.T) {
			state, saw := c.end.judge()
			require.Equal(t, c.state, state)
			require.Contains(t, saw, c.saw)
		})
	}
}

func TestInterestingKeepsTheLastWords(t *testing.T) {
	long := strings.Repeat("noise\n", 1000)
	require.Equal(t, "SIGQUIT: quit\n\ngoroutine 1 [select (no cases)]:\nmain.main()\n\tmain.go:7\nruntime.main()\n\tproc.go:1",
		interesting("noise\nSIGQUIT: quit\n\n"+
			"goroutine 2 [idle]:\nruntime.gopark()\n\tproc.go:1\ncreated by runtime.init in goroutine 1\n\n"+
			"goroutine 1 [select (no cases)]:\nmain.main()\n\tmain.go:7\nruntime.main()\n\tproc.go:1\n"))
	words := interesting(long + "panic: at the disco\n\n" + strings.Repeat("frame\n", 1000))
	require.True(t, strings.HasPrefix(words, "panic: at the disco"))
	require.LessOrEqual(t, strings.Count(words, "\n"), maxLastWords)
	require.LessOrEqual(t, strings.Count(interesting(long), "\n"), maxLastWords)
	require.True(t, strings.HasSuffix(interesting(long+"the end"), "the end"))
}

func TestTailKeepsTheEndAndNotEverything(t *testing.T) {
	var out tail
	for range 100 {
		out.Write(make([]byte, maxTail/10))
	}
	out.Write([]byte("the end"))
	require.True(t, strings.HasSuffix(out.String(), "the end"))
	require.LessOrEqual(t, len(out.String()), 2*maxTail)
}

func TestMeasurements(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	for name := range measurements {
		end := calm("sound").spawn(name)
		state, saw := end.judge()
		require.Equal(t, passed, state, saw)
		require.Positive(t, end.verdict.Nanos, name)
	}
}

func BenchmarkTinyLoop(b *testing.B) {
	b.Setenv(hostEnv, "tiny")
	Benchmark(b)
}

func TestChildThatCannotBeStartedIsNoFaultOfTheHost(t *testing.T) {
	t.Parallel()
	s := calm("sound")
	s.binary = filepath.Join(t.TempDir(), "not there")
	_, saw := s.spawn("opens").judge()
	require.Contains(t, saw, "can't start a child process: ")
	require.NotContains(t, saw, "the process died")
}
