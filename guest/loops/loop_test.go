package loops_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/loops"
)

func TestSubmitCarriesValuesAndCancellation(t *testing.T) {
	type key struct{}
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "worker", nil)
		require.NoError(t, err)
		v, err := loops.Submit(context.WithValue(ctx, key{}, 7), m.Loop(), func(ctx context.Context) (int, error) {
			return ctx.Value(key{}).(int), nil
		}).Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, 7, v)

		short, cancel := context.WithTimeoutCause(ctx, time.Second, errBoom)
		defer cancel()
		_, err = loops.Submit(short, m.Loop(), parked).Wait(ctx)
		require.ErrorIs(t, err, errBoom)

		slow := loops.Submit(context.WithoutCancel(short), m.Loop(), seven)
		v, err = slow.Wait(ctx)
		require.NoError(t, err, "by choice")
		require.Equal(t, 7, v)
		require.NoError(t, m.Stop(ctx))
	})
}

func TestSynchronousCallerWaitsWithADeadline(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "worker", nil)
		require.NoError(t, err)
		f := loops.Submit(ctx, m.Loop(), seven)
		short, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		_, err = f.Wait(short)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		v, err := f.Wait(ctx)
		require.NoError(t, err, "the task has gone on")
		require.Equal(t, 7, v)
		require.NoError(t, m.Stop(ctx))
	})
}

func TestTaskOfTheWindowAwaitsOneOfALoop(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(loops.Scoped(ctx), "worker", nil)
		require.NoError(t, err)
		ticks := 0
		guest.Go(ctx, func(ctx context.Context) error {
			for range 10 {
				_ = guest.Sleep(ctx, time.Minute)
				ticks++
			}
			return nil
		})
		v, err := loops.Submit(ctx, m.Loop(), seven).Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, 7, v)
		require.Equal(t, 10, ticks, "the window lives meanwhile")
		_, err = guest.Background(ctx, func(ctx context.Context) (int, error) { return 0, m.Stop(ctx) })
		require.NoError(t, err)
	}, nil)
}

func TestPanicIsTheSubmittersAndNotTheLoops(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "worker", nil)
		require.NoError(t, err)
		_, err = loops.Submit(ctx, m.Loop(), func(context.Context) (int, error) { panic("kaboom") }).Wait(ctx)
		var p *guest.PanicError
		require.ErrorAs(t, err, &p)
		v, err := loops.Submit(ctx, m.Loop(), seven).Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, 7, v)
		require.NoError(t, m.Stop(ctx))
	})
}

func TestProtectedLoopTakesOnlyItsOwnKind(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "db", &loops.Options{Kind: "sql"})
		require.NoError(t, err)
		never := func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }
		found, err := loops.Lookup(ctx, "db")
		require.NoError(t, err)
		require.Equal(t, "sql", found.Kind())
		for given, l := range map[string]*loops.Loop{"": found, "http": found.For("http")} {
			_, err = loops.Submit(ctx, l, never).Wait(ctx)
			var unknown *loops.UnknownKindError
			require.ErrorAs(t, err, &unknown)
			require.Equal(t, loops.UnknownKindError{Given: given, Expected: "sql"}, *unknown)
		}
		for _, l := range []*loops.Loop{found.For("sql"), m.Loop()} {
			v, err := loops.Submit(ctx, l, seven).Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, 7, v)
		}
		open, err := loops.Create(ctx, "open", nil)
		require.NoError(t, err)
		v, err := loops.Submit(ctx, open.Loop().For("http"), seven).Wait(ctx)
		require.NoError(t, err, "who is not protected takes all")
		require.Equal(t, 7, v)
		require.NoError(t, m.Stop(ctx))
		require.NoError(t, open.Stop(ctx))
	})
}

func TestSubmitIsRefusedAtTheCallWhereTheMistakeIs(t *testing.T) {
	require.PanicsWithValue(t, "loops: Submit called with a nil loop; check the error of Lookup or Get first",
		func() { loops.Submit(t.Context(), nil, seven) })
	require.PanicsWithValue(t, "loops: Submit called with a nil function; pass the function to run",
		func() { loops.Submit[int](t.Context(), loops.New("", nil).Loop(), nil) })
}

// TestNameGivesNoRightToStop: what a name finds has no way to end the loop.
func TestNameGivesNoRightToStop(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "worker", nil)
		require.NoError(t, err)
		found, err := loops.Lookup(ctx, "worker")
		require.NoError(t, err)
		_, stops := any(found).(interface{ Stop(context.Context) error })
		assert.False(t, stops)
		_, cancels := any(found).(interface{ Cancel(error) })
		assert.False(t, cancels)
		require.NoError(t, m.Stop(ctx))
	})
}
