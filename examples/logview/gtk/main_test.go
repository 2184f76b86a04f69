//go:build cgo

package main

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtktest"
)

func TestMain(m *testing.M) {
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("NO_AT_BRIDGE", "1")
	flooded()
	os.Exit(gtktest.Main(m))
}

// The lines run through the window, and the user keeps working.
func TestLogRunsWhileTheUserFiltersPausesAndCloses(t *testing.T) {
	gtktest.Run(t, func(ctx context.Context) {
		v := open(ctx, 1000)
		u := gtktest.NewUser(ctx, t, v.window)
		source := logview.Source{Rate: 50_000, Workers: 4, Write: v.log.Writer(false)}
		writing := guest.Go(ctx, source.Run)

		u.WaitUntil("lines have come", func() bool { return v.log.Received() > 10_000 })
		u.Type("Filter", "WARN")
		u.WaitUntil("only warnings are shown", func() bool {
			return v.log.Len() > 0 && v.log.Len() < 50 && v.last() == v.log.Row(v.log.Len()-1)
		})
		require.Contains(t, v.last(), " WARN ")

		u.Tap("Follow")
		u.WaitUntil("it stands still", v.log.Paused)
		held, received := v.last(), v.log.Received()
		u.See("; paused, ")
		u.WaitUntil("more lines have come", func() bool { return v.log.Received() > received+5000 })
		require.Equal(t, held, v.last())
		u.Type("Filter", "")
		u.WaitUntil("all lines are there, to scroll in", func() bool { return v.buffer.GetLineCount() == 1000 })
		u.Tap("Follow")
		u.Gone("paused")
		require.Less(t, v.buffer.GetLineCount(), 100)

		u.Close()
		require.ErrorIs(t, writing.Wait(context.WithoutCancel(ctx)), guest.ErrQuit)
	}, nil)
}
