package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// These tests run the program in processes of its own: as it is built, and as this test's own
// binary in its place.

// TestMain lets this binary stand in for the program, and then say how much memory it has used
// at most. (What the system tells a parent about a child counts the parent's own memory at the
// child's birth.)
func TestMain(m *testing.M) {
	if os.Getenv("DUPES_CHILD") == "" {
		code := m.Run()
		os.RemoveAll(built.dir)
		os.Exit(code)
	}
	code := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM:") {
			os.Stderr.WriteString(line)
		}
	}
	os.Exit(code)
}

var built struct {
	sync.Once
	dir string
	err error
}

// program builds the program once and returns its path. Everybody may run it.
func program(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build the program with")
	}
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "dupes"); built.err != nil {
			return
		}
		if built.err = os.Chmod(built.dir, 0o755); built.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", built.dir, ".").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	require.NoError(t, built.err)
	return filepath.Join(built.dir, "dupes")
}
