package hosttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golodger/lodger/host"
)

// One case is one process. This file has both ends of it: the parent, which starts and judges
// the process, and the child's main goroutine. They talk through the environment and through one
// line on the child's standard output. That works everywhere, while Windows has no extra pipes.

const (
	caseEnv     = "HOSTTEST_CASE"
	patienceEnv = "HOSTTEST_PATIENCE"
	floodEnv    = "HOSTTEST_FLOOD"
	execEnv     = "HOSTTEST_EXEC"
	verdictMark = "hosttest-verdict: "
)

// Only init can lock the main goroutine to the main thread. A child needs that, as every GUI
// program does. In the parent it does not matter.
func init() {
	if os.Getenv(caseEnv) != "" {
		runtime.LockOSThread()
	}
}

// A verdict is what a child reports about its case.
type verdict struct {
	State state   `json:"state"`
	Saw   string  `json:"saw,omitempty"`
	Nanos float64 `json:"nanos,omitempty"` // of a measurement: the time of one operation
	Steps int     `json:"steps,omitempty"` // of an ordeal's program
}

var errNotStarted = errors.New("hosttest: can't start a child process")

// ending is all that the parent knows about a child's end.
type ending struct {
	verdict *verdict // nil when the child died without one
	err     error    // not nil when the exit code is not 0, or the child was killed
	overdue bool
	limit   time.Duration
	output  string // the tail of what it wrote
}

// command returns the command that starts a child's process.
func (s settings) command() ([]string, error) {
	binary := s.binary
	if binary == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("hosttest: can't find the test binary to start it again: %w", err)
		}
		binary = self
	}
	exec := s.exec
	if words := strings.Fields(os.Getenv(execEnv)); len(words) > 0 {
		exec = words
	}
	return append(slices.Clone(exec), binary), nil
}

// spawn runs the test binary again with a case's name, and waits until it ends. A child that the
// system can't start says nothing about the host, so spawn tries again a few times.
func (s settings) spawn(name string) ending {
	command, err := s.command()
	if err != nil {
		return ending{err: err}
	}
	for tries := 5; ; tries-- {
		end, started := s.child(command, name)
		if started || tries == 1 {
			return end
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// child runs command for a case. started is false if the system could not start it.
func (s settings) child(command []string, name string) (end ending, started bool) {
	ctx, cancel := context.WithTimeout(context.Background(), s.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), caseEnv+"="+name, patienceEnv+"="+s.patience.String(),
		floodEnv+"="+strconv.Itoa(s.flood), "GOTRACEBACK=all")
	// The race detector stays for a second at exit, longer than most cases take.
	cmd.Env = append(cmd.Env, "GORACE=atexit_sleep_ms=20 "+os.Getenv("GORACE"))
	cmd.Env = append(cmd.Env, s.env...)
	var stdout, stderr tail
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// The runtime then prints what every goroutine does. After WaitDelay the child is killed.
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(dumpSignal); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = 3 * time.Second
	if err := cmd.Start(); err != nil {
		return ending{err: fmt.Errorf("%w: %w", errNotStarted, err)}, false
	}
	err := cmd.Wait()
	end = ending{err: err, overdue: ctx.Err() != nil, limit: s.limit, output: stderr.String()}
	for line := range strings.Lines(stdout.String()) {
		if text, ok := strings.CutPrefix(line, verdictMark); ok {
			v := new(verdict)
			if json.Unmarshal([]byte(text), v) == nil {
				end.verdict = v
			}
		}
	}
	return end, true
}

// judge turns an ending into one verdict. A child that passes and then dies has failed: the race
// detector reports that way, and a crash at exit looks like that.
func (e ending) judge() (state, string) {
	switch {
	case e.verdict != nil && e.verdict.State == failed:
		return failed, e.verdict.Saw
	case e.overdue:
		return failed, fmt.Sprintf("the process hung and was killed after %v\n%s", e.limit, interesting(e.output))
	case errors.Is(e.err, errNotStarted):
		return failed, e.err.Error()
	case e.err != nil:
		return failed, fmt.Sprintf("the process died (%v)%s\n%s", e.err, inWords(e.output, e.err), interesting(e.output))
	case e.verdict == nil:
		return failed, fmt.Sprintf("the process exited without a verdict; a host must not exit\n%s", interesting(e.output))
	}
	return e.verdict.State, e.verdict.Saw
}

// A tail is a Writer that keeps only the last bytes: a child may print much, but the reason of
// its death comes last.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const maxTail = 256 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if len(t.text) > 2*maxTail {
		t.text = append(t.text[:0], t.text[len(t.text)-maxTail:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

var lastWords = regexp.MustCompile(`(?m)^(fatal error: |panic: |SIG[A-Z]+: |WARNING: DATA RACE|runtime: |coro: )`)

const maxLastWords = 60 // lines

// interesting shortens a child's standard error to the last words of the Go runtime, without the
// runtime's own goroutines. If there are none, it returns the end of the output.
func interesting(output string) string {
	at := lastWords.FindStringIndex(output)
	if at == nil {
		lines := strings.Split(strings.TrimSpace(output), "\n")
		if len(lines) > maxLastWords {
			lines = append([]string{"…"}, lines[len(lines)-maxLastWords+1:]...)
		}
		return strings.Join(lines, "\n")
	}
	parts := strings.Split(strings.TrimSpace(output[at[0]:]), "\n\n")
	parts = slices.DeleteFunc(parts, func(part string) bool {
		return strings.HasPrefix(part, "goroutine ") && !ofProgram(part)
	})
	lines := strings.Split(strings.Join(parts, "\n\n"), "\n")
	if len(lines) > maxLastWords {
		lines = append(lines[:maxLastWords-1], "…")
	}
	return strings.Join(lines, "\n")
}

// ofProgram reports whether a goroutine's dump has a frame outside the runtime. Lines with a
// place are indented.
func ofProgram(dump string) bool {
	for line := range strings.Lines(dump) {
		if !strings.HasPrefix(line, "goroutine ") && !strings.HasPrefix(line, "created by ") &&
			!strings.HasPrefix(line, "runtime.") && !strings.HasPrefix(line, "\t") {
			return true
		}
	}
	return false
}

// child runs a case on the main goroutine of its process.
func (k *kit) child(name string) {
	p := &probe{kit: k, patience: defaults.patience, flood: defaults.flood, thread: host.CurrentThread()}
	// Nothing here returns. So this is either a panic, which goes on, or a Goexit, after which a
	// GUI would hang forever.
	defer func() {
		if v := recover(); v != nil {
			panic(v)
		}
		p.fail("runtime.Goexit, called by the host, ended the main goroutine")
	}()
	if d, err := time.ParseDuration(os.Getenv(patienceEnv)); err == nil {
		p.patience = d
	}
	if n, err := strconv.Atoi(os.Getenv(floodEnv)); err == nil {
		p.flood = n
	}
	run := find(name)
	if run == nil {
		p.fail("hosttest: no such case: %q; unset %s", name, caseEnv)
	}
	var err error
	if p.real, p.h, err = k.host(); err != nil {
		p.fail("open returned: %v", err)
	}
	run(p)
	p.fail("hosttest: case %q ended without a verdict; this is a bug in the kit", name)
}

// find returns the function that a child runs, by its name.
func find(name string) func(*probe) {
	for _, c := range cases {
		if c.name == name {
			return c.run
		}
	}
	if run, ok := measurements[name]; ok {
		return run
	}
	return ordealOf(name)
}

// say ends the process with a verdict. It works on any goroutine, whatever the host's loop does
// at this moment: only the cases about ending may rely on the loop's end. The first verdict
// counts.
func (p *probe) say(v verdict) {
	p.once.Lock() // never unlocked: a second call waits for the end of the process
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	// The host's own output may stand before this without a line end.
	os.Stdout.WriteString("\n" + verdictMark + string(text) + "\n")
	// With the race detector, os.Exit also runs C's exit handlers. They destroy what a toolkit may
	// be using on the loop's thread, and a crash there would turn a pass into a failure. So if the
	// loop runs, the process ends on its thread.
	if raceDetector && v.State != failed && p.looping.Load() && !p.onThread() {
		go p.threadsafe(func() { os.Exit(0) })
		time.Sleep(p.patience)
	}
	os.Exit(0)
}

func (p *probe) pass() { p.say(verdict{State: passed}) }

func (p *probe) fail(format string, args ...any) {
	p.say(verdict{State: failed, Saw: fmt.Sprintf(format, args...)})
}

func (p *probe) lacks(name string) {
	p.say(verdict{State: absent, Saw: "the host does not implement " + name + ", which is optional"})
}

// needs ends a case if its option is not set.
func (p *probe) needs(set bool, option, why string) {
	if !set {
		p.say(verdict{State: absent, Saw: "hosttest.Options." + option + ", which is optional, is not set: " + why})
	}
}
