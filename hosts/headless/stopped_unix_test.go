//go:build unix

package headless_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A process that was stopped for a while owes its periodic work once, not once for each time
// that has gone by.
func TestProcessThatWasStoppedMakesUpForItOnce(t *testing.T) {
	const env, period, gap = "LODGER_STOPPED", 20 * time.Millisecond, time.Second
	if os.Getenv(env) != "" {
		_, _ = headless.Run(func(ctx context.Context) (int, error) {
			var last time.Time
			soon, after := 0, 0 // runs after the gap: within half a period, and all
			guest.Every(ctx, period, func(context.Context) error {
				now := time.Now()
				switch {
				case last.IsZero():
					fmt.Println("began")
				case now.Sub(last) > gap || after > 0:
					if after++; now.Sub(last) < period/2 {
						soon++
					}
					if after == 10 {
						fmt.Println("made up", soon)
					}
				}
				last = now
				return nil
			}, nil)
			return 0, guest.Park(ctx)
		}, nil)
		return
	}
	// another program may start it, such as qemu, as it starts the kit's children
	command := append(strings.Fields(os.Getenv("HOSTTEST_EXEC")), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.Equal(t, "began", lines.Text())
	require.NoError(t, cmd.Process.Signal(syscall.SIGSTOP))
	time.Sleep(2 * gap) // this is what the test is about
	require.NoError(t, cmd.Process.Signal(syscall.SIGCONT))
	require.True(t, lines.Scan())
	var soon int
	_, err = fmt.Sscanf(lines.Text(), "made up %d", &soon)
	require.NoError(t, err, lines.Text())
	require.LessOrEqual(t, soon, 5, "a burst: on a busy machine a late run and the next may be close, but not all ten")
}
