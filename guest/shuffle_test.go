package guest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/hooks"
)

// backwards is the simplest shuffle.
func backwards(n int, swap func(i, j int)) {
	for i := range n / 2 {
		swap(i, n-1-i)
	}
}

// shuffled returns a context for options of a guest whose batches are shuffled.
func shuffled(shuffle func(n int, swap func(i, j int))) context.Context {
	return hooks.With(context.Background(), hooks.Hooks{Shuffle: shuffle})
}

func TestTasksOfABatchMayBeShuffled(t *testing.T) {
	order := func(shuffle func(n int, swap func(i, j int))) (seen []int) {
		opts := quiet()
		opts.Context = shuffled(shuffle)
		require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
			for i := range 50 {
				guest.Go(ctx, func(ctx context.Context) error {
					for range 3 {
						seen = append(seen, i)
						if err := guest.Yield(ctx); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return nil
		}))
		return seen
	}
	seeded := func(seed uint64) func(int, func(i, j int)) { return rand.New(rand.NewPCG(seed, 0)).Shuffle }

	kept := order(nil)
	require.True(t, slices.IsSorted(kept[:50]))
	one := order(seeded(1))
	require.NotEqual(t, kept, one)
	require.Equal(t, one, order(seeded(1)), "a seed repeats its order")
	require.NotEqual(t, one, order(seeded(2)))
	for round := range 3 {
		batch := slices.Sorted(slices.Values(one[50*round : 50*round+50]))
		require.Equal(t, kept[:50], batch, "all that is ready runs once before anything runs twice")
	}
}

func TestPostedFunctionsKeepTheirOrderInAShuffle(t *testing.T) {
	opts := quiet()
	opts.Context = shuffled(backwards)
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		var seen []string
		say := func(what string) func() { return func() { seen = append(seen, what) } }
		task := func(what string) {
			guest.Go(ctx, func(context.Context) error { say(what)(); return nil })
		}
		g := guestOf(ctx)
		task("a")
		task("b")
		assert.NoError(t, g.Post(say("1")))
		task("c")
		task("d")
		assert.NoError(t, g.Post(say("2")))
		assert.NoError(t, g.Post(say("3")))
		task("e")
		err := guest.Join(ctx)
		assert.Equal(t, "[b a 1 d c 2 3 e]", fmt.Sprint(seen))
		return err
	}))
}

func TestWhatABackgroundFunctionPostedHasRunAlsoInAShuffle(t *testing.T) {
	opts := quiet()
	opts.Context = shuffled(backwards)
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		for range 20 {
			guest.Go(ctx, func(ctx context.Context) error {
				posted := false
				err := inBackground(ctx, func(ctx context.Context) {
					assert.NoError(t, guest.RunOnMain(ctx, func() { posted = true }))
				})
				assert.True(t, posted)
				return err
			})
		}
		return nil
	}))
}
