package guest_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestHostIsTheOneThatTheGuestLivesIn(t *testing.T) {
	h := headless.New()
	require.NoError(t, guest.RunTask(h, func(ctx context.Context) error {
		require.Same(t, h, guestOf(ctx).Host())
		return nil
	}, nil))
	require.PanicsWithValue(t, "guest: Host called on a nil or zero Guest; make one with Start, or take it from a context with FromContext",
		func() { (*guest.Guest)(nil).Host() })
}
