package sched

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// backwards is the simplest shuffle.
func backwards(n int, swap func(i, j int)) {
	for i := range n / 2 {
		swap(i, n-1-i)
	}
}

func TestShuffleReordersTheTasksOfABatch(t *testing.T) {
	order := func(shuffle Shuffle) (seen []int) {
		synctest.Test(t, func(t *testing.T) {
			c := newShuffled(t, shuffle)
			c.run(func(*task) {
				for i := range 50 {
					c.start(func(t *task) {
						for range 3 {
							seen = append(seen, i)
							t.yield()
						}
					})
				}
			})
		})
		return seen
	}
	seeded := func(seed uint64) Shuffle { return rand.New(rand.NewPCG(seed, 0)).Shuffle }

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

func TestShuffleLeavesPostedFunctionsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newShuffled(t, backwards), &story{t: t}
		begins := func(n int32) { c.start(func(*task) { s.step(n) }) }
		c.run(func(*task) {
			begins(2)
			begins(1)
			c.pump.Post(s.says(3))
			begins(5)
			begins(4)
			c.pump.Post(s.says(6))
			c.pump.Post(s.says(7))
			begins(8)
		})
		s.step(9)
	})
}

// A posted function between tasks makes no further batch, and posted functions alone make none.
func TestBatchesWithTasksAreTold(t *testing.T) {
	onStage(t, func(t *testing.T) {
		told := 0
		c := newSteered(t, &Steer{Batch: func() { told++ }})
		c.startMain(func(main *task) {
			require.Equal(t, 1, told)
			for range 3 {
				c.start(func(*task) {})
				c.pump.Post(func() {})
			}
			main.yield()
			require.Equal(t, 2, told)
			for range 3 {
				c.pump.Post(func() {
					c.pump.Post(func() {})
				})
			}
		})
		c.spinLocked()
		require.Equal(t, 2, told)
	})
}
