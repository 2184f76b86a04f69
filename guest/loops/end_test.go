package loops_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/loops"
	"github.com/golodger/lodger/hosts/headless"
)

var errClosed = errors.New("closed")

func TestLoopThatEndsWithItsScopeHasNotFailed(t *testing.T) {
	for name, scope := range map[string]func(ctx context.Context) (context.Context, context.CancelFunc){
		"cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(time.Minute, func() { cancel(errClosed) })
			return ctx, func() {}
		},
		"its time is over": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Minute)
		},
	} {
		virtually(t, func(ctx context.Context, t *testing.T) {
			short, cancel := scope(ctx)
			defer cancel()
			m, err := loops.Create(loops.Scoped(short), "db", nil)
			require.NoError(t, err, name)
			<-m.Loop().Done()
			require.NoError(t, m.Stop(ctx), name)
			require.NoError(t, m.Report().Err, name)
		})
	}
}

func TestEndedScopeTakesNoMoreLoops(t *testing.T) {
	outer, cancel := context.WithCancelCause(t.Context())
	ctx := loops.Scoped(outer)
	cancel(errClosed)
	_, err := loops.Create(ctx, "db", nil)
	require.ErrorIs(t, err, loops.ErrScopeEnded)
	require.ErrorIs(t, err, errClosed, "and why")
	_, err = loops.Get(ctx, "db", nil)
	require.ErrorIs(t, err, loops.ErrScopeEnded)
	require.ErrorIs(t, loops.New("db", nil).Start(ctx), loops.ErrScopeEnded)
	require.Empty(t, loops.All())
}

func TestZeroManagerNamesTheRemedy(t *testing.T) {
	var m loops.Manager
	const remedy = " called on a nil or zero Manager; make one with New or Create"
	require.PanicsWithValue(t, "loops: Start"+remedy, func() { _ = m.Start(t.Context()) })
	require.PanicsWithValue(t, "loops: Stop"+remedy, func() { _ = m.Stop(t.Context()) })
	require.PanicsWithValue(t, "loops: Report"+remedy, func() { m.Report() })
	require.PanicsWithValue(t, "loops: Loop"+remedy, func() { m.Loop() })
}

func TestNilContextNamesTheRemedyAndLocksNothing(t *testing.T) {
	var none context.Context
	for name, call := range map[string]func(){
		"Scoped": func() { loops.Scoped(none) },
		"Lookup": func() { _, _ = loops.Lookup(none, "x") },
		"Get":    func() { _, _ = loops.Get(none, "x", nil) },
		"Create": func() { _, _ = loops.Create(none, "x", nil) },
	} {
		require.PanicsWithValue(t, "loops: called with a nil context; pass one that Scoped made, or context.Background()", call, name)
	}
	require.Empty(t, loops.All())
}

// Errors that are not observed in a loop go to the guest that made the loop.
func TestErrorsOfALoopGoToTheGuestThatMadeIt(t *testing.T) {
	heard := make(chan error, 1)
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		m, err := loops.Create(ctx, "", nil)
		require.NoError(t, err)
		loops.Submit(ctx, m.Loop(), func(ctx context.Context) (int, error) {
			g, _ := guest.FromContext(ctx)
			g.Go(func(context.Context) error { return errClosed })
			return 0, nil
		})
		got, _, err := flow.Recv(ctx, heard)
		require.ErrorIs(t, got, errClosed)
		_ = m.Stop(ctx) // only asks here
		_, _, _ = flow.Recv(ctx, m.Loop().Done())
		return nil, err
	}, &guest.Options{OnError: func(err error) { heard <- err }})
	require.NoError(t, err)
}
