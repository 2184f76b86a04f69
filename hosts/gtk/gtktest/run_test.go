//go:build cgo

package gtktest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/gtk/gtktest"
)

const purpose = "GTKTEST_ON_PURPOSE"

var limited = &guesttest.Options{Limit: 50 * time.Millisecond, Guest: &guest.Options{Grace: 50 * time.Millisecond}}

// bodies fail, or not.
var bodies = map[string]struct {
	body func(ctx context.Context, t *testing.T)
	says string
	opts *guesttest.Options
}{
	"require": {body: func(_ context.Context, t *testing.T) { require.Equal(t, 1, 2) }, says: "--- FAIL: TestOnPurpose"},
	"a failed task": {body: func(ctx context.Context, _ *testing.T) {
		guest.Go(ctx, func(context.Context) error { return errors.New("disk full") })
	}, says: `(?s)disk full.*--- FAIL: TestOnPurpose`},
	"require in a task": {body: func(ctx context.Context, t *testing.T) {
		guest.Go(ctx, func(context.Context) error { require.Equal(t, 1, 2); return nil })
	}, says: "--- FAIL: TestOnPurpose"},
	"a forgotten task": {body: func(ctx context.Context, _ *testing.T) {
		guest.Go(ctx, guest.Park)
	}, opts: limited, says: `(?s)did not end after 50ms: the body has returned; unfinished tasks: 1.*guest\.Park.*--- FAIL: TestOnPurpose`},
	"a task that goes on": {body: func(ctx context.Context, _ *testing.T) {
		guest.Go(ctx, func(ctx context.Context) error {
			for {
				_ = guest.Sleep(context.WithoutCancel(ctx), time.Hour)
			}
		})
	}, opts: limited, says: `(?s)did not end after 50ms.*--- FAIL: TestOnPurpose`},
	"a panic": {body: func(context.Context, *testing.T) { panic("disk full") }, says: `(?s)disk full.*--- FAIL: TestOnPurpose`},
	"a skip":  {body: func(_ context.Context, t *testing.T) { t.Skip("not today") }, says: `(?s)not today.*--- SKIP: TestOnPurpose`},
	"nothing": {body: func(context.Context, *testing.T) {}, says: "--- PASS: TestOnPurpose"},
}

func TestOnPurpose(t *testing.T) {
	b, ok := bodies[os.Getenv(purpose)]
	if !ok {
		t.Skip("it is played by TestRunFailsWithItsBody")
	}
	gtktest.Run(t, func(ctx context.Context) { b.body(ctx, t) }, b.opts)
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
