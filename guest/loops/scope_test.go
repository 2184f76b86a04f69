package loops_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest/loops"
)

func TestNamesAreLookedUpAlongTheLineageOfContexts(t *testing.T) {
	virtually(t, func(program context.Context, t *testing.T) {
		program, cancel := context.WithCancel(program)
		root := loops.Scoped(program)
		window := loops.Scoped(root)
		dialog := loops.Scoped(window)
		other := loops.Scoped(root)

		ours, err := loops.Create(window, "db", nil)
		require.NoError(t, err)
		for _, ctx := range []context.Context{window, dialog} {
			found, err := loops.Lookup(ctx, "db")
			require.NoError(t, err)
			require.Equal(t, ours.Loop().Done(), found.Done(), "own scope, then upwards")
		}
		for _, ctx := range []context.Context{root, other, context.Background()} {
			_, err := loops.Lookup(ctx, "db")
			require.Equal(t, &loops.NotFoundError{ID: "db"}, err, "neither downwards nor sideways")
		}
		hiding, err := loops.Create(dialog, "db", nil)
		require.NoError(t, err, "it hides the one above")
		found, err := loops.Get(dialog, "db", nil)
		require.NoError(t, err)
		require.Equal(t, hiding.Loop().Done(), found.Done())
		cancel()
		<-hiding.Loop().Done()
		<-ours.Loop().Done()
	})
}

func TestGetMakesWhatItDoesNotFindAtTheRoot(t *testing.T) {
	virtually(t, func(program context.Context, t *testing.T) {
		program, cancel := context.WithCancel(program)
		root := loops.Scoped(program) // not the root: the test's own is above it
		dialog := loops.Scoped(loops.Scoped(root))
		made, err := loops.Get(dialog, "db", nil)
		require.NoError(t, err)
		again, err := loops.Get(root, "db", nil)
		require.NoError(t, err)
		require.Equal(t, made.Done(), again.Done())
		_, err = loops.Lookup(program, "db")
		require.NoError(t, err)
		cancel()
		_, err = loops.Submit(context.Background(), made, seven).Wait(context.Background())
		require.NoError(t, err, "it ends with the root's context, and not with this one")
		stopAll(t)
	})
}

// stopAll ends the loops that only the test's root could end.
func stopAll(t *testing.T) {
	t.Helper()
	for _, l := range loops.All() {
		quitFromInside(l)
		<-l.Done()
	}
}

func TestGetFromManyGoroutinesMakesOne(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				l, err := loops.Get(loops.Scoped(ctx), "db", nil)
				assert.NoError(t, err)
				assert.Equal(t, "db", l.ID())
			})
		}
		wg.Wait()
		require.Len(t, loops.All(), 1)
		stopAll(t)
	})
}

func TestCreateAndLookupAreStrict(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		_, err := loops.Lookup(ctx, "db")
		require.Equal(t, &loops.NotFoundError{ID: "db"}, err)
		m, err := loops.Create(ctx, "db", nil)
		require.NoError(t, err)
		_, err = loops.Create(ctx, "db", nil)
		require.Equal(t, &loops.ExistsError{ID: "db"}, err)
		require.Equal(t, &loops.ExistsError{ID: "db"}, loops.New("db", nil).Start(ctx))
		require.NoError(t, m.Stop(ctx))
		_, err = loops.Lookup(ctx, "db")
		require.Equal(t, &loops.NotFoundError{ID: "db"}, err, "the dead are forgotten")
		m, err = loops.Create(ctx, "db", nil)
		require.NoError(t, err, "and their name is free")
		require.NoError(t, m.Stop(ctx))
	})
}

func TestGetChecksTheKind(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		l, err := loops.Get(ctx, "db", &loops.Options{Kind: "sql"})
		require.NoError(t, err)
		_, err = loops.Submit(ctx, l, seven).Wait(ctx)
		require.NoError(t, err, "the handle is of the kind asked for")
		_, err = loops.Get(ctx, "db", &loops.Options{Kind: "http"})
		require.Equal(t, &loops.UnknownKindError{Given: "http", Expected: "sql"}, err)
		_, err = loops.Get(ctx, "db", nil)
		require.NoError(t, err)
		require.PanicsWithValue(t, "loops: Get called without a name; use New for a loop without a name",
			func() { _, _ = loops.Get(ctx, "", nil) })
		quitFromInside(l)
		<-l.Done()
	})
}
