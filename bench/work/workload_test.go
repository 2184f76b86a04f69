package work

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestEveryWorkloadMeasuresOurs(t *testing.T) {
	loop := headless.New()
	err := guest.RunTask(loop, func(ctx context.Context) error {
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			c := Ours(ctx, "ours", loop)
			for name, measure := range workloads {
				if name == "park" {
					continue // they would wait forever
				}
				took, ok := measure(&c, 4, 1003)
				require.True(t, ok, name)
				require.Positive(t, took, name)
			}
			return nil, nil
		})
		return err
	}, nil)
	require.NoError(t, err)
}

func TestWhatOnlyPostsIsMeasuredByWhatProgramsDoWithIt(t *testing.T) {
	fns := make(chan func(), 2000)
	go func() {
		for fn := range fns {
			fn()
		}
	}()
	post := func(fn func()) { fns <- fn }
	for _, bounded := range []bool{false, true} {
		c := Callbacks(Contender{Post: post, Call: Calling(post)}, bounded)
		for name, measure := range workloads {
			took, ok := measure(&c, 4, 1003)
			switch {
			case name == "spawn", name == "park", name == "turn" && bounded:
				require.False(t, ok, name)
				require.NotEmpty(t, c.why(Item{Workload: name}), "%s is left out without a word", name)
			default:
				require.True(t, ok, name)
				require.Positive(t, took, name)
			}
		}
	}
}

func TestSliceIsAsLongAsItWasAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Contender{Spawn: func(n int) { time.Sleep(time.Duration(n) * 20 * time.Microsecond) }}
		n := Item{Workload: "spawn", Millis: 2}.size(&c)
		require.GreaterOrEqual(t, n, 50)
		require.LessOrEqual(t, n, 200)
		require.Equal(t, 7, Item{Workload: "spawn", N: 7}.size(&c))
	})
}
