// Mutants breaks the library on purpose, one fault at a time, and expects the tests to notice.
// A test suite is worth the faults that it finds. The faults are in table.go.
//
//	go run ./internal/mutants [-run regexp]
//
// It works on a copy, and fails when a fault goes unnoticed, when its text is not found any
// more, or when the tests fail without it. A fault that makes the tests hang is killed in the
// end, too, unless an assertion has to find it.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

const (
	// patience is how long the tests of a package may take without a fault.
	patience = 10 * time.Minute
	// With a fault they may take at least this long, and up to this many times as long as
	// without. The test that notices may be among the last, and other faults are tried at the
	// same time.
	limit, times = 90 * time.Second, 5
)

func main() {
	only := flag.String("run", "", "try only the faults whose name matches this")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) error {
	match, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("no module here: %w", err)
	}
	root := strings.TrimSpace(string(out))
	var all []*mutant
	tests := make(map[target]bool)
	for _, f := range faults {
		if !match.MatchString(f.name) {
			continue
		}
		all = append(all, &mutant{fault: f, done: make(chan struct{})})
		for _, test := range f.targets() {
			tests[test] = true
		}
	}
	limits, err := limitsOf(ctx, root, tests)
	if err != nil {
		return err
	}
	turns := make(chan struct{}, runtime.NumCPU())
	go func() {
		for _, m := range all {
			turns <- struct{}{}
			go func() { defer func() { <-turns; close(m.done) }(); m.try(ctx, root, limits) }()
		}
	}()
	bad := 0
	for _, m := range all {
		<-m.done
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if m.err != nil {
			bad++
			m.verdict = "ERROR: " + m.err.Error()
		}
		fmt.Printf("%-26s %5.1fs  %s\n", m.name, m.took.Seconds(), m.verdict)
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d mutants were not killed", bad, len(all))
	}
	fmt.Printf("all %d mutants killed\n", len(all))
	return nil
}

// limitsOf returns how long each target may take with a fault. It runs them in a copy without
// one: tests that fail there would kill every fault.
func limitsOf(ctx context.Context, root string, tests map[target]bool) (map[target]time.Duration, error) {
	dir, err := copyOf(root)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	limits := make(map[target]time.Duration)
	for test := range tests {
		begun := time.Now()
		if verdict, err := verdictOf(ctx, dir, test, patience); err != nil || verdict != "" {
			return nil, errors.Join(fmt.Errorf("%s fails without a fault, too: %s", test.pkg, verdict), err)
		}
		limits[test] = max(limit, times*time.Since(begun))
	}
	return limits, nil
}

// A target is the tests of a package, or those that match a pattern.
type target struct {
	pkg, only string
	screen    bool
}

// targets returns the tests that have to notice the fault, in the order in which they run.
func (f fault) targets() []target {
	own := "./" + path.Dir(f.file)
	switch {
	case f.tests != "":
		return []target{{f.tests, f.only, f.screen}}
	case own == "./guest":
		return []target{{own, f.only, f.screen}}
	}
	return []target{{own, f.only, f.screen}, {"./guest", f.only, false}}
}

// module returns the module in the tree at root that a package belongs to, and its path there.
func module(root, pkg string) (dir, inside string) {
	for dir = path.Clean(pkg); dir != "."; dir = path.Dir(dir) {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(dir), "go.mod")); err == nil {
			break
		}
	}
	inside = path.Join("/", strings.TrimPrefix("/"+path.Clean(pkg), path.Join("/", dir)))
	if inside = "." + inside; inside == "./" {
		inside = "."
	}
	return filepath.Join(root, filepath.FromSlash(dir)), inside
}

// plant puts the fault into the tree at dir.
func (f fault) plant(dir string) error {
	name := filepath.Join(dir, filepath.FromSlash(f.file))
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), f.text); n != 1 {
		return fmt.Errorf("%s: the text to replace stands in %s %d times, not once", f.name, f.file, n)
	}
	return os.WriteFile(name, []byte(strings.Replace(string(text), f.text, f.fault, 1)), 0o600)
}

// A mutant is a fault and its result.
type mutant struct {
	fault

	done    chan struct{}
	took    time.Duration
	verdict string // what killed it
	err     error
}

func (m *mutant) try(ctx context.Context, root string, limits map[target]time.Duration) {
	begin := time.Now()
	m.verdict, m.err = m.killer(ctx, root, limits)
	m.took = time.Since(begin)
}

// killer returns what killed the mutant. The tests of each target have their own limit.
func (m *mutant) killer(ctx context.Context, root string, limits map[target]time.Duration) (verdict string, err error) {
	dir, err := copyOf(root)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := m.plant(dir); err != nil {
		return "", err
	}
	hung := ""
	for _, test := range m.targets() {
		in, pkg := module(dir, test.pkg)
		if out, err := command(ctx, in, "go", "test", "-c", "-o", os.DevNull, pkg); err != nil {
			return "", fmt.Errorf("it does not compile: %w: %s", err, out)
		}
		verdict, err = verdictOf(ctx, dir, test, limits[test])
		if err != nil {
			return "", err
		}
		hangs := strings.Contains(verdict, "timed out")
		if verdict != "" && !(hangs && m.assert) {
			return verdict, nil
		}
		if hangs {
			hung = verdict
		}
	}
	if hung != "" {
		return "", fmt.Errorf("no assertion found it: %s", hung)
	}
	return "", errors.New("survived")
}

// copyOf copies what the tests need to a new directory.
func copyOf(root string) (dir string, err error) {
	dir, err = os.MkdirTemp("", "mutant")
	if err == nil {
		if err = copyParts(root, dir); err != nil {
			os.RemoveAll(dir)
		}
	}
	return dir, err
}

// copyParts copies the parts of the module at root that the tests need.
func copyParts(root, dir string) error {
	tree := os.DirFS(root)
	for _, part := range []string{"go.mod", "go.sum", "host", "guest", "hosts", "internal", "examples"} {
		err := fs.WalkDir(tree, part, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(tree, path)
			if err != nil {
				return err
			}
			path = filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			return os.WriteFile(path, text, 0o600)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// verdictOf returns how the tests fail, or "" if they pass.
func verdictOf(ctx context.Context, root string, test target, limit time.Duration) (string, error) {
	dir, pkg := module(root, test.pkg)
	args := []string{"go", "test", "-count=1", "-failfast", "-timeout", limit.String(), "-run", test.only, pkg}
	if test.screen {
		args = append([]string{"xvfb-run", "-a"}, args...)
	}
	out, err := command(ctx, dir, args...)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return killedBy(out), nil
	}
	return "", err
}

func command(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

var (
	killers = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)|^(fatal error: .*|panic: .*)$`)
	// which test was running at the time-out, and since when
	hanging = regexp.MustCompile(`(?m)^\s*running tests:\n\s*(.*)$`)
)

func killedBy(out string) string {
	found := killers.FindStringSubmatch(out)
	switch {
	case found == nil:
		return "killed"
	case found[1] != "":
		return "killed by " + found[1]
	}
	verdict := "killed: " + found[2]
	if in := hanging.FindStringSubmatch(out); in != nil {
		verdict += " in " + in[1]
	}
	return verdict
}
