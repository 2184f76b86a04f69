package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModuleOfAPackage(t *testing.T) {
	root := filepath.Join("..", "..")
	for pkg, want := range map[string][2]string{
		"./guest": {"", "./guest"}, "./guest/internal/sched": {"", "./guest/internal/sched"},
		"./examples/fleet": {"examples/fleet", "."}, "./examples/fleet/wire": {"examples/fleet", "./wire"},
	} {
		dir, inside := module(root, pkg)
		assert.Equal(t, filepath.Join(root, want[0]), dir, pkg)
		assert.Equal(t, want[1], inside, pkg)
	}
}

// A fault whose text is not found breaks nothing, and so proves nothing.
func TestFaultsFit(t *testing.T) {
	for _, f := range faults {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(f.file)))
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(text), f.text), "%s: its text stands in %s once", f.name, f.file)
		assert.NotEqual(t, f.text, f.fault, f.name)
		assert.NotEmpty(t, f.why, f.name)
	}
}

// A fault out of order is hard to find, and might be there twice.
func TestFaultsAreSortedByName(t *testing.T) {
	for i, f := range faults[1:] {
		require.Less(t, faults[i].name, f.name)
	}
}

func TestVerdictNamesTheTest(t *testing.T) {
	for want, out := range map[string]string{
		"killed by TestOne": "=== RUN\n--- FAIL: TestOne (0.00s)\npanic: test timed out after 1m30s\n",
		"killed: panic: test timed out after 1m30s in TestTwo (1m8s)": "ok\npanic: test timed out after 1m30s\n\trunning tests:\n\t\tTestTwo (1m8s)\n\n",
		"killed: fatal error: all goroutines are asleep - deadlock!":  "fatal error: all goroutines are asleep - deadlock!\n",
		"killed": "FAIL\n",
	} {
		assert.Equal(t, want, killedBy(out))
	}
}
