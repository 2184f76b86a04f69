//go:build cgo

package wrongdepth_test

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	"github.com/golodger/lodger/hosts/gtk/internal/wrongdepth"
)

// hostEnv says which host the kit is to judge.
const hostEnv = "WRONGDEPTH_HOST"

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (host.Mainloop, error) { return wrongdepth.Hosts[os.Getenv(hostEnv)](), nil }, nil)
}

// TestHost is what an author of such a host would run, in a process of its own.
func TestHost(t *testing.T) {
	if os.Getenv(hostEnv) == "" {
		t.Skip("run by TestEachFailsItsOwnCase")
	}
	hosttest.Run(t)
}

func TestEachFailsItsOwnCase(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for name := range wrongdepth.Hosts {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestHost$", "-test.v")
			cmd.Env = append(os.Environ(), hostEnv+"="+name)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			require.True(t, errors.As(err, &exit), string(out))
			failed := regexp.MustCompile(`(?m)^    --- FAIL: TestHost/(\S+)`).FindAllSubmatch(out, -1)
			require.Len(t, failed, 1, string(out))
			require.Equal(t, name, string(failed[0][1]))
			require.Contains(t, string(out), "the depth is")
		})
	}
}
