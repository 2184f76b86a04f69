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

// A text that is not found any more breaks nothing, and would prove nothing.
func TestFaultsFit(t *testing.T) {
	names := make(map[string]bool)
	for _, f := range faults {
		require.False(t, names[f.name], "%s is there twice", f.name)
		names[f.name] = true
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(f.file)))
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(text), f.text), "%s: its text stands in %s once", f.name, f.file)
		assert.NotEqual(t, f.text, f.fault, f.name)
		assert.NotEmpty(t, f.why, f.name)
	}
}
