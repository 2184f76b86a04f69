package windows_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

func full(context.Context) (bool, error) { return false, errWrong }

// A report has the program's line, and none of this library's.
func TestQuestionThatFailsIsReportedUnderTheNameOfItsAsk(t *testing.T) {
	for name, start := range map[string]func(ctx context.Context, g *guest.Guest) windows.Start{
		"of the guest": func(_ context.Context, g *guest.Guest) windows.Start { return windows.InGuest(g, full) },
		"of a scope": func(ctx context.Context, _ *guest.Guest) windows.Start {
			return windows.ApartFrom(ctx, full, func() {})
		},
	} {
		t.Run(name, func(t *testing.T) {
			var heard []error
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				g, _ := guest.FromContext(ctx)
				q := &windows.Question{Ask: full, Start: start(ctx, g), Over: never}
				q.Wish()
				require.NoError(t, guest.Yield(ctx))
				require.NoError(t, guest.Yield(ctx))
			}, apart(&heard))
			require.Len(t, heard, 1)
			var lost *guest.UnobservedError
			require.ErrorAs(t, heard[0], &lost)
			require.ErrorIs(t, lost, errWrong)
			require.Equal(t, "windows_test.full", lost.Task)
			require.Contains(t, lost.At, "start_test.go")
		})
	}
}

func TestQuestionInAScopeThatHasEndedIsAgreedTo(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		ended := 0
		var start windows.Start
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
			start = windows.ApartFrom(ctx, full, func() { ended++ })
			return nil
		}))
		start(func(context.Context) error { return nil })
		require.Equal(t, 1, ended)
	}, nil)
}
