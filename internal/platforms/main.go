// Platforms runs the tests on other platforms than the one that Lodger is developed on. There
// is a lane for each platform. It writes what ran, and the results, into docs/platforms.md.
//
//	go run ./internal/platforms web         # one lane; its table is printed
//	go run ./internal/platforms -write all  # all of them, and the document
//
// All takes an hour or two. You can also run lanes one by one, and single steps of a lane. The
// document keeps what it says about the rest:
//
//	go run ./internal/platforms -write web
//	go run ./internal/platforms -write windows quits   # only the steps with this word
//
// A folder keeps what came of each step, and what it printed. Then the document can be written
// later:
//
//	go run ./internal/platforms -keep lanes versions 386
//	go run ./internal/platforms -keep lanes -write none
//
// A lane that lacks a program says which, and how to install it.
package main

import (
	"context"
	"errors"
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
	notes       string // what a reader must know besides the figures
}

// A step is one command, whose output tells how many cases ran.
type step struct {
	what    string
	env     []string
	command string // for sh -ec; runs in the module's root
	built   bool   // it only builds, and has no cases
}

// kept is the folder that stores reports and the output of each step, or "".
var kept string

var lanes = []lane{web, windows, wayland, mobile, versions}

func main() {
	write := flag.Bool("write", false, "write docs/platforms.md")
	flag.StringVar(&kept, "keep", "", "a folder that keeps reports, and the output of each step")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err == nil {
		err = run(ctx, strings.TrimSpace(string(root)), flag.Arg(0), flag.Arg(1), *write)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "platforms:", err)
		os.Exit(1)
	}
}

// run runs the lane of that name, or all lanes. With a word it runs only the steps with that
// word in their names.
func run(ctx context.Context, root, name, word string, write bool) error {
	var reports []report
	failed := 0
	for _, l := range lanes {
		if name != l.name && name != "all" {
			continue
		}
		begin := time.Now()
		r := l.run(ctx, root, word)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Print(r.table())
		reports = append(reports, r)
		failed += r.failures(begin)
	}
	if reports == nil && name != "none" {
		return fmt.Errorf("there is no lane %q; choose of web, windows, wayland, mobile, versions, all, or none", name)
	}
	if write {
		path := filepath.Join(root, "docs", "platforms.md")
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(document(complete(reports, string(old)))), 0o644); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d failed", failed)
	}
	return nil
}

// run runs the steps of a lane one after another, with a separate folder for what they build.
// With a word it runs only the steps with that word in their names, and takes the others from
// the stored report.
func (l lane) run(ctx context.Context, root, word string) report {
	r := report{Lane: l.name}
	if old, ok := l.kept(); ok {
		r.Results = old.Results
	}
	if l.deps != "" {
		cmd := exec.CommandContext(ctx, "sh", ".ci/deps", l.deps)
		cmd.Dir, cmd.Stdout, cmd.Stderr = root, os.Stderr, os.Stderr
		if cmd.Run() != nil {
			r.Missing = true
			return r
		}
	}
	work, err := os.MkdirTemp("", "platforms")
	if err != nil {
		r.Results = append(r.Results, result{What: "a folder to work in", Err: err.Error()})
		return r
	}
	defer os.RemoveAll(work)
	for _, s := range l.steps(root, work) {
		if !strings.Contains(s.what, word) {
			continue
		}
		result := s.run(ctx, root, l.name)
		if ctx.Err() != nil {
			break
		}
		r.add(result)
		r.keep()
	}
	return r
}

// run runs a step. If the step fails, run prints its output.
func (s step) run(ctx context.Context, root, lane string) result {
	fmt.Fprintf(os.Stderr, "%s …\n", s.what)
	begin := time.Now()
	cmd := exec.CommandContext(ctx, "sh", "-ec", s.command)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), s.env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrWaitDelay) { // it has succeeded, but Wine keeps its output open
		err = nil
	}
	keep(lane+" "+s.what+".log", out)
	r := count(string(out))
	r.What, r.Built, r.On, r.Took = s.what, s.built, begin, time.Since(begin)
	if err != nil {
		r.Err = err.Error()
	} else if !s.built && r.Passed == 0 {
		r.Err = "no case ran"
	}
	if r.Err != "" {
		fmt.Fprintf(os.Stderr, "%s: %v\n%s\n", s.what, r.Err, failures(string(out)))
	}
	return r
}
