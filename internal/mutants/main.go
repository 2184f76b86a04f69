// Mutants breaks the scheduler on purpose, one fault at a time, and expects its tests to notice: a test suite is worth the faults
// that it finds. Each patch here is one fault, with a line that says which.
//
//	go run ./internal/mutants [-run regexp]
//
// It works on a copy, and fails when a fault goes unnoticed, or when a patch does not fit any more.
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
	"strings"
	"time"
)

// The tests of what the patches touch; a mutant may hang, and is killed for that, too.
var test = []string{"go", "test", "-failfast", "-timeout", "90s", "./guest"}

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
	bad, all := 0, 0
	for _, patch := range patches {
		name := strings.TrimSuffix(filepath.Base(patch), ".patch")
		if !match.MatchString(name) {
			continue
		}
		all++
		begin := time.Now()
		verdict, err := try(ctx, root, patch)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			bad++
			verdict = "ERROR: " + err.Error()
		}
		fmt.Printf("%-26s %5.1fs  %s\n", name, time.Since(begin).Seconds(), verdict)
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d mutants were not killed", bad, all)
	}
	fmt.Printf("all %d mutants killed\n", all)
	return nil
}

// try returns by what the mutant was killed.
func try(ctx context.Context, root, patch string) (verdict string, err error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	for _, part := range []string{"host", "guest", filepath.Join("hosts", "headless")} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(root, part))); err != nil {
			return "", err
		}
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			return "", err
		}
	}
	if out, err := command(ctx, dir, "git", "apply", "--recount", patch); err != nil {
		return "", fmt.Errorf("the patch does not fit: %w: %s", err, out)
	}
	if out, err := command(ctx, dir, "go", "test", "-c", "-o", os.DevNull, "./guest"); err != nil {
		return "", fmt.Errorf("it does not compile: %w: %s", err, out)
	}
	out, err := command(ctx, dir, test...)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return killer(out), nil
	}
	if err != nil {
		return "", err
	}
	return "", errors.New("survived")
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

func killer(out string) string {
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
