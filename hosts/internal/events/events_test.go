package events_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/hosts/internal/events"
)

// Whatever is told and taken in turns: nothing is lost, and all comes in order.
func TestListenerKeepsTheOrder(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		l := new(events.Listener[int])
		told, next := 0, 0
		for round := range 100 {
			for range round % 13 {
				l.Tell(told)
				told++
			}
			for range min(round%11, told-next) {
				v, err := l.Next(ctx)
				require.NoError(t, err)
				require.Equal(t, next, v)
				next++
			}
		}
		for ; next < told; next++ {
			v, err := l.Next(ctx)
			require.NoError(t, err)
			require.Equal(t, next, v)
		}
	}, nil)
}

func TestLatestReplacesWhatWasNotTaken(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		l := &events.Listener[int]{Latest: true}
		for i := range 6 {
			l.Tell(i)
			if i%3 == 2 {
				v, err := l.Next(ctx)
				require.NoError(t, err)
				require.Equal(t, i, v)
			}
		}
	}, nil)
}

// Each value is moved once at the most: otherwise this would take hours.
func TestBacklogIsTakenInLinearTime(t *testing.T) {
	const many = 3_000_000
	require.NoError(t, guest.RunTask(headless.New(), func(ctx context.Context) error {
		l := new(events.Listener[any])
		for i := range many {
			l.Tell(i)
		}
		for i := range many {
			if v, err := l.Next(ctx); err != nil || v != i {
				return fmt.Errorf("%v, %v instead of %d", v, err, i)
			}
		}
		return nil
	}, nil))
}
