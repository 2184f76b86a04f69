// Mutants breaks the scheduler on purpose, one fault at a time, and expects its tests to
// notice: a test suite is worth the faults that it finds. Each patch here is one fault, with a
// line that says which.
//
//	go run ./internal/mutants [-run regexp]
//
// It works on a copy, and fails when a fault goes unnoticed, when a patch does not fit any
// more, or when the tests fail without it.
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
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// A patch is tried on the tests of the scheduler, or of the package that its line "Test: ..."
// names. A mutant may hang, and is killed for that, too.
const (
	patience    = "90s"
	defaultTest = "./guest"
)

var testLine = regexp.MustCompile(`(?m)^Test: (\S+)$`)

func main() {
	only := flag.String("run", "", "run only the patches whose name matches this")
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
	patches, err := filepath.Glob(filepath.Join(root, "internal", "mutants", "*.patch"))
	if err != nil {
		return err
	}
	var all []*mutant
	tests := make(map[string]bool)
	for _, patch := range patches {
		name := strings.TrimSuffix(filepath.Base(patch), ".patch")
		if !match.MatchString(name) {
			continue
		}
		what, err := os.ReadFile(patch)
		if err != nil {
			return err
		}
		m := &mutant{name: name, patch: patch, test: defaultTest, done: make(chan struct{})}
		if found := testLine.FindSubmatch(what); found != nil {
			m.test = string(found[1])
		}
		tests[m.test] = true
		all = append(all, m)
	}
	for test := range tests { // what is red already would kill whatever comes
		if verdict, err := verdictOf(ctx, root, test); err != nil || verdict != "" {
			return errors.Join(fmt.Errorf("%s fails without a fault, too: %s", test, verdict), err)
		}
	}
	turns := make(chan struct{}, runtime.NumCPU())
	go func() {
		for _, m := range all {
			turns <- struct{}{}
			go func() { defer func() { <-turns; close(m.done) }(); m.try(ctx, root) }()
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

// A mutant is a fault, and what came of it.
type mutant struct {
	name, patch, test string

	done    chan struct{}
	took    time.Duration
	verdict string // by what it was killed
	err     error
}

func (m *mutant) try(ctx context.Context, root string) {
	begin := time.Now()
	m.verdict, m.err = m.killer(ctx, root)
	m.took = time.Since(begin)
}

// killer returns by what the mutant was killed.
func (m *mutant) killer(ctx context.Context, root string) (verdict string, err error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := copyParts(root, dir); err != nil {
		return "", err
	}
	if out, err := command(ctx, dir, "git", "apply", "--recount", m.patch); err != nil {
		return "", fmt.Errorf("the patch does not fit: %w: %s", err, out)
	}
	if out, err := command(ctx, dir, "go", "test", "-c", "-o", os.DevNull, m.test); err != nil {
		return "", fmt.Errorf("it does not compile: %w: %s", err, out)
	}
	verdict, err = verdictOf(ctx, dir, m.test)
	if err == nil && verdict == "" {
		err = errors.New("survived")
	}
	return verdict, err
}

// copyParts copies what the tests need of the module at root.
func copyParts(root, dir string) error {
	tree := os.DirFS(root)
	for _, part := range []string{"go.mod", "go.sum", "host", "guest", "hosts", "internal"} {
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

// verdictOf returns what the tests fail with, or "" if they pass.
func verdictOf(ctx context.Context, dir, test string) (string, error) {
	out, err := command(ctx, dir, "go", "test", "-failfast", "-timeout", patience, test)
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

var killers = regexp.MustCompile(`(?m)^--- FAIL: (\S+)|^(fatal error: .*|panic: .*)$`)

func killedBy(out string) string {
	found := killers.FindStringSubmatch(out)
	switch {
	case found == nil:
		return "killed"
	case found[1] != "":
		return "killed by " + found[1]
	default:
		return "killed: " + found[2]
	}
}
