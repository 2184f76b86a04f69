// Platforms runs the tests on platforms other than the one they are developed on, each by a lane,
// and writes what ran, and what came of it, into docs/platforms.md.
//
//	go run ./internal/platforms web         # one lane; its table is printed
//	go run ./internal/platforms -write all  # all of them, and the document
//	go run ./internal/platforms -logs /tmp/web web  # what each step printed is kept there
//
// A lane that lacks a program says which, and how to install it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A lane is a platform.
type lane struct {
	name, title string
	deps        string // the argument of .ci/deps, or ""
	steps       func(root, work string) []step
	notes       string // what is to be known beside the figures
}

// A step is one command, whose output tells how many cases ran.
type step struct {
	what    string
	env     []string
	command string // for sh -ec, in the module's root
	built   bool   // it builds, and has no cases
}

// logs is where the output of each step is kept, or "".
var logs string

var lanes = []lane{web, windows, wayland, mobile, versions}

func main() {
	write := flag.Bool("write", false, "write docs/platforms.md; for all lanes")
	flag.StringVar(&logs, "logs", "", "a folder that gets the output of each step")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err == nil {
		err = run(ctx, strings.TrimSpace(string(root)), flag.Arg(0), *write)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "platforms:", err)
		os.Exit(1)
	}
}

// run runs the lane of that name, or all.
func run(ctx context.Context, root, name string, write bool) error {
	var reports []report
	failed := 0
	for _, l := range lanes {
		if name != l.name && name != "all" {
			continue
		}
		r := l.run(ctx, root)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Print(r.table())
		reports = append(reports, r)
		failed += r.failures()
	}
	if reports == nil {
		return fmt.Errorf("there is no lane %q; choose of web, windows, wayland, mobile, versions, or all", name)
	}
	if write {
		if err := os.WriteFile(filepath.Join(root, "docs", "platforms.md"), []byte(document(reports)), 0o644); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d failed", failed)
	}
	return nil
}

// run runs a lane's steps, each in its turn, in a folder of their own for what they build.
func (l lane) run(ctx context.Context, root string) report {
	r := report{lane: l}
	if l.deps != "" {
		cmd := exec.CommandContext(ctx, "sh", ".ci/deps", l.deps)
		cmd.Dir, cmd.Stdout, cmd.Stderr = root, os.Stderr, os.Stderr
		if cmd.Run() != nil {
			r.missing = true
			return r
		}
	}
	work, err := os.MkdirTemp("", "platforms")
	if err != nil {
		r.results = append(r.results, result{what: "a folder to work in", err: err})
		return r
	}
	defer os.RemoveAll(work)
	for _, s := range l.steps(root, work) {
		r.results = append(r.results, s.run(ctx, root))
		if ctx.Err() != nil {
			break
		}
	}
	return r
}

// run runs a step. Its output is shown when it fails.
func (s step) run(ctx context.Context, root string) result {
	fmt.Fprintf(os.Stderr, "%s …\n", s.what)
	begin := time.Now()
	cmd := exec.CommandContext(ctx, "sh", "-ec", s.command)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), s.env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	keep(s.what, out)
	r := count(string(out))
	r.what, r.built, r.took, r.err = s.what, s.built, time.Since(begin), err
	if err == nil && !s.built && r.passed == 0 {
		r.err = fmt.Errorf("no case ran")
	}
	if r.err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n%s\n", s.what, r.err, failures(string(out)))
	}
	return r
}

// keep keeps a step's output for who asks for it. That it can't is no failure of the step.
func keep(what string, out []byte) {
	if logs == "" {
		return
	}
	name := strings.NewReplacer("/", "-", " ", "_", ":", "", ",", "").Replace(what) + ".log"
	err := os.MkdirAll(logs, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(logs, name), out, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "platforms:", err)
	}
}
