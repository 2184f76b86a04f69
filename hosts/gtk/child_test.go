//go:build cgo

package gtkhost_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// inChild reports whether this process is the child in which the test is to be played; in the
// parent it plays it there, and expects that it ends well, and says 10 and a panic in a
// handler.
func inChild(t *testing.T) bool {
	const env = "GTKHOST_CHILD"
	if os.Getenv(env) == t.Name() {
		return true
	}
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), env+"="+t.Name())
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Regexp(t, `(?m)^10 .*in a handler$`, string(out))
	return false
}
