package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A patch that does not fit any more breaks nothing, and would prove nothing.
func TestPatchesFit(t *testing.T) {
	patches, err := filepath.Glob("*.patch")
	require.NoError(t, err)
	require.NotEmpty(t, patches)
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	for _, patch := range patches {
		what, err := filepath.Abs(patch)
		require.NoError(t, err)
		check := exec.CommandContext(t.Context(), "git", "apply", "--check", what)
		check.Dir = root
		out, err := check.CombinedOutput()
		require.NoError(t, err, "%s: %s", patch, out)
	}
}
