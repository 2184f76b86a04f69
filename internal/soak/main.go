// Soak tries for a long time what could go wrong, and writes the results into
// docs/reliability.md.
//
//	go run ./internal/soak [-rounds 200] [-fuzz 5m] [-run regexp]
//
// Each row of the document's table is one command. What the command fails at counts as lost,
// and then soak fails, too.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A row is something to try, and the command that does it.
type row struct {
	what  string
	often string // how often, if the output does not say it
	env   []string
	args  []string // of the command, which runs in the module's root
}

func rows(rounds int, fuzz time.Duration) []row {
	test := func(args ...string) []string {
		return append([]string{"go", "test", "-count=1", "-timeout", "3h"}, args...)
	}
	long, plain, times, passes := "LODGER_LONG=1", "CGO_ENABLED=0", strconv.Itoa(rounds), strconv.Itoa(max(1, rounds/20))
	onScreen := func(args ...string) []string {
		return append([]string{"xvfb-run", "-a", "-s", "-screen 0 1280x1024x24 -noreset"}, test(args...)...)
	}
	quits := []string{"QUIT_ROUNDS=" + times, "CI=true"}
	fuzzed := func(pkg, name string) []string {
		return test(pkg, "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", fuzz.String())
	}
	return []row{
		{"16 goroutines post 100 000 times each. Every post must run once, on the UI thread, in the order of its goroutine.", "1 600 000 posts",
			[]string{long, plain}, test("./guest", "-run", "^TestPostsFromManyGoroutines")},
		{"Posts race with the end of the guest. Each must be accepted and run before DoneCallback, or be refused and never run.", "100 000 ends",
			[]string{long, plain}, test("./guest", "-run", "^TestPostEitherRuns")},
		{"Every schedule of a pump and two goroutines with three moves each: posts, cancellations, deadlines, futures, new tasks, the end. " +
			"Also schedules with more steps, random schedules of up to six goroutines, and a post at every moment of a pump.",
			"1 273 020 schedules, 200 000 random ones, 20 000 moments",
			[]string{long, plain}, test("./guest/internal/sched", "-run", "NoWakeupIsLost|AtAnyMoment|IsNotLost")},
		{"A host breaks its contract in random ways: it runs calls inline, twice, late, out of order, never or on other threads, panics, or dies", "5 000 hosts",
			[]string{long, plain}, test("./guest", "-run", "^TestHostileHost")},
		{"The host dies at each step of a scenario. Everything must unwind, and no wait may last forever.", "200 deaths",
			[]string{plain}, test("./guest", "-run", "^TestHostMayDie")},
		{"A real loop loses, repeats, delays and misplaces calls. The program must still end.", "20 000 runs",
			[]string{long, plain}, test("./hosts/headless", "-run", "LosesRepeats")},
		{"The same with Fyne's loop, in a new process each time", times + " runs", quits, onScreen("./hosts/fyne", "-run", "LosesRepeats")},
		{"The same with GLib's loop", "200 runs", []string{long}, test("./hosts/gtk", "-run", "LosesRepeats")},
		{"Fyne quits at any step of a busy program, in a new process each time", times + " quits", quits, onScreen("./hosts/fyne", "-run", "^TestQuitAtAnyStep")},
		{"Many cancellations at once in trees of scopes, while profiles and traces are taken", "100 times 3 storms",
			[]string{plain}, test("./guest", "-run", "Storm", "-count=100")},
		{"100 000 timers in order, none early; 100 000 parked tasks; a thousand guests; a thousand loops", "once, at full size",
			[]string{long, plain}, test("./guest/...", "-run", "HundredThousand|Thousand")},
		// Each time in a new process, because the detector never frees a coroutine.
		{"All tests of package guest under the race detector", "on 1, 2 and 4 processors, passes: " + passes,
			nil, []string{"sh", "-ec", "for i in $(seq " + passes + "); do go test -count=1 -timeout 3h -race -cpu 1,2,4 ./guest; done"}},
		{"Random programs of operations, compared with a simple model", "", nil, fuzzed("./guest", "FuzzOperations")},
		{"Random background functions: what they leave on the UI thread must run before their results", "", nil, fuzzed("./guest", "FuzzWhatWorkLeavesComesBeforeItsResult")},
		{"Random scripts for a host that breaks its contract", "", nil, fuzzed("./guest", "FuzzHostileHost")},
		{"Random uses of a Var, compared with a list of its values", "", nil, fuzzed("./guest/flow", "FuzzVar")},
		{"Random uses of a Mailbox, compared with a model that goes from moment to moment", "", nil, fuzzed("./guest/flow", "FuzzMailbox")},
		{"Random uses of a Semaphore, compared with a model", "", nil, fuzzed("./guest/flow", "FuzzSemaphore")},
		{"Random sends and receives on a channel, compared with two lists", "", nil, fuzzed("./guest/flow", "FuzzSend")},
		{"Random retries: the moments of all attempts, compared with a table of delays", "", nil, fuzzed("./guest/flow", "FuzzRetry")},
		{"The heap of deadlines, compared with a sorted list", "", nil, fuzzed("./guest/internal/sched", "FuzzTimers")},
		{"The scheduler is broken on purpose, one fault at a time. A test must notice each fault.", "", nil, []string{"go", "run", "./internal/mutants"}},
		{"Fyne quits in nine ways while 8 goroutines post and 100 tasks wait. No post may be lost or run on a wrong thread. All deferred calls must run.",
			"9 ways, " + times + " times each", quits, onScreen("./hosts/fyne", "-run", "^TestQuit$")},
		{"GTK quits in all its ways, with the same checks", "each way " + times + " times", quits, onScreen("./hosts/gtk/gtkui", "-run", "^TestQuit")},
		{"The GLib host under the race detector, the address sanitizer and cgo's strictest checks", "all its tests, three times",
			nil, []string{"sh", "-c", "go test -race ./hosts/gtk ./hosts/gtk/internal/callback && ASAN_OPTIONS=detect_leaks=0 go test -asan ./hosts/gtk ./hosts/gtk/internal/callback && " +
				"GOEXPERIMENT=cgocheck2 go test ./hosts/gtk ./hosts/gtk/internal/callback"}},
		{"GTK's windows, dialogs and applications under the race detector", "all its tests", []string{"CI=true"}, onScreen("-race", "./hosts/gtk/gtkui")},
	}
}

func main() {
	rounds := flag.Int("rounds", 200, "how often each way to quit is tried")
	fuzz := flag.Duration("fuzz", 5*time.Minute, "how long each fuzz target gets")
	only := flag.String("run", "", "try only the rows that match this; the document keeps the lines of the others then")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err == nil {
		err = soak(ctx, strings.TrimSpace(string(root)), rows(*rounds, *fuzz), *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// soak runs the rows in a module.
func soak(ctx context.Context, root string, rows []row, only string) error {
	match, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	var table strings.Builder
	table.WriteString("| what was tried | how often | lost | took |\n|---|---|---|---|\n")
	lost := 0
	for _, r := range rows {
		if !match.MatchString(r.what) {
			continue
		}
		begin := time.Now()
		often, err := r.try(ctx, root)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		result := "0"
		if err != nil {
			lost++
			result = "**failed**"
			fmt.Fprintln(os.Stderr, err)
		}
		line := fmt.Sprintf("| %s | %s | %s | %v |\n", r.what, often, result, time.Since(begin).Round(time.Second))
		fmt.Print(line)
		table.WriteString(line)
		if only != "" {
			if err := replace(root, r.what, line); err != nil {
				return err
			}
		}
	}
	if only == "" {
		if err := write(root, table.String()); err != nil {
			return err
		}
	}
	if lost > 0 {
		return fmt.Errorf("%d of the rows failed", lost)
	}
	return nil
}

// Patterns for counts that the commands print.
var (
	execs   = regexp.MustCompile(`execs: (\d+)`)
	mutants = regexp.MustCompile(`all (\d+) mutants killed`)
)

// try runs the row's command and returns how often it tried.
func (r row) try(ctx context.Context, root string) (often string, err error) {
	cmd := exec.CommandContext(ctx, r.args[0], r.args[1:]...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), r.env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second // for processes that the command has left behind
	err = cmd.Run()
	often = r.often
	if found := execs.FindAllStringSubmatch(out.String(), -1); found != nil {
		often = found[len(found)-1][1] + " inputs"
	} else if found := mutants.FindStringSubmatch(out.String()); found != nil {
		often = found[1] + " mutants"
	}
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(r.args, " "), err, out.String())
	}
	return often, err
}

// The table is between these lines of the document.
const from, to = "<!-- written by make soak -->\n", "<!-- until here -->\n"

func document(root string) string { return filepath.Join(root, "docs", "reliability.md") }

// replace replaces the line of a row that was run alone, if the table has it.
func replace(root, what, line string) error {
	text, err := os.ReadFile(document(root))
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(string(text), "\n")
	for i, old := range lines {
		if strings.HasPrefix(old, "| "+what+" | ") {
			lines[i] = line
		}
	}
	return os.WriteFile(document(root), []byte(strings.Join(lines, "")), 0o600)
}

func write(root, table string) error {
	path := document(root)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), from)
	_, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		return errors.New("docs/reliability.md has no place for the table")
	}
	head := fmt.Sprintf("With %s on %s/%s, %d processors.\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	return os.WriteFile(path, []byte(before+from+"\n"+head+table+"\n"+to+after), 0o600)
}
