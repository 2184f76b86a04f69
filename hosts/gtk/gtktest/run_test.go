//go:build cgo

package gtktest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtktest"
)

const purpose = "GTKTEST_ON_PURPOSE"

// bodies fail, or not.
var bodies = map[string]struct {
	body func(ctx context.Context, t *testing.T)
	says string
}{
	"require": {func(_ context.Context, t *testing.T) { require.Equal(t, 1, 2) }, "--- FAIL: TestOnPurpose"},
	"a failed task": {func(ctx context.Context, _ *testing.T) {
		guest.Go(ctx, func(context.Context) error { return errors.New("disk full") })
	}, `(?s)disk full.*--- FAIL: TestOnPurpose`},
	"require in a task": {func(ctx context.Context, t *testing.T) {
		guest.Go(ctx, func(context.Context) error { require.Equal(t, 1, 2); return nil })
	}, "--- FAIL: TestOnPurpose"},
	"a panic": {func(context.Context, *testing.T) { panic("disk full") }, `(?s)disk full.*--- FAIL: TestOnPurpose`},
	"a skip":  {func(_ context.Context, t *testing.T) { t.Skip("not today") }, `(?s)not today.*--- SKIP: TestOnPurpose`},
	"nothing": {func(context.Context, *testing.T) {}, "--- PASS: TestOnPurpose"},
}

func TestOnPurpose(t *testing.T) {
	b, ok := bodies[os.Getenv(purpose)]
	if !ok {
		t.Skip("it is played by TestRunFailsWithItsBody")
	}
	gtktest.Run(t, func(ctx context.Context) { b.body(ctx, t) }, nil)
}

func TestRunFailsWithItsBody(t *testing.T) {
	gtktest.Run(t, func(context.Context) {}, nil) // which skips without a display
	self, err := os.Executable()
	require.NoError(t, err)
	for name, b := range bodies {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestOnPurpose$", "-test.v")
			cmd.Env = append(os.Environ(), purpose+"="+name)
			out, _ := cmd.CombinedOutput()
			require.Regexp(t, b.says, string(out))
		})
	}
}
