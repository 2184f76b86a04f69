package work

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// requireAll requires that everything was done, in less than patience.
func requireAll(t *testing.T, took map[string][]time.Duration, patience time.Duration) {
	t.Helper()
	require.Len(t, took, len(Meanwhile))
	for _, what := range Meanwhile {
		require.NotEmpty(t, took[what], what)
		require.Less(t, slices.Max(took[what]), patience, what)
	}
}

func TestOverloadMeasuresOurs(t *testing.T) {
	loop := headless.New()
	err := guest.RunTask(loop, func(ctx context.Context) error {
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			c := Ours(ctx, "ours", loop)
			took, stop, ok := overloaded(&c, 0, 20*time.Millisecond, time.Minute)
			stop()
			require.True(t, ok)
			requireAll(t, took, time.Minute)
			return nil, nil
		})
		return err
	}, nil)
	require.NoError(t, err)
}

func TestOverloadMeasuresWhatOnlyPosts(t *testing.T) {
	for _, bounded := range []bool{false, true} {
		loop := headless.New()
		post, room := loop.RunSyncSoonThreadsafe, make(chan struct{}, 16)
		if bounded {
			post = func(fn func()) {
				room <- struct{}{}
				loop.RunSyncSoonThreadsafe(func() { <-room; fn() })
			}
		}
		ended := make(chan struct{})
		go func() { _ = loop.Mainloop(func() error { return nil }); close(ended) }()
		c := Callbacks(Contender{Post: post, Call: Calling(post)}, bounded)
		took, stop, ok := overloaded(&c, 0, 20*time.Millisecond, time.Minute)
		stop()
		require.True(t, ok)
		requireAll(t, took, time.Minute)
		loop.Quit()
		<-ended
	}
}

func TestWhatCannotPostIsNotOverloaded(t *testing.T) {
	c := Goroutines()
	_, _, ok := overloaded(&c, 0, time.Millisecond, time.Second)
	require.False(t, ok)
}

func TestMeterCountsWhatBeginsUnderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeter(5 * time.Second)
		does := func(d time.Duration) bool {
			if !m.Begin() {
				return false
			}
			time.Sleep(d)
			m.End()
			return true
		}
		require.True(t, does(time.Second))
		require.True(t, m.Begin(), "before the load")
		time.Sleep(time.Second)
		m.loaded()
		time.Sleep(time.Second)
		m.End()
		require.True(t, does(3*time.Millisecond))
		require.True(t, does(time.Microsecond), "another one in the same millisecond is measured, but not kept")
		time.Sleep(time.Millisecond)
		require.True(t, does(0))
		m.stop()
		require.False(t, does(time.Second), "it is over")
		require.Equal(t, []time.Duration{3 * time.Millisecond, 0}, m.times())
	})
}

func TestMeterCountsWhatLastsFromBeforeTheLoadToTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeter(5 * time.Second)
		m.Begin()
		time.Sleep(time.Second)
		m.loaded()
		time.Sleep(time.Second)
		m.stop()
		time.AfterFunc(time.Second, m.End)
		require.Equal(t, []time.Duration{3 * time.Second}, m.times())
	})
}

func TestMeterWaitsForWhatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeter(5 * time.Second)
		m.due = time.Second
		m.loaded()
		m.Begin()
		time.Sleep(time.Second)
		m.stop()
		go func() { time.Sleep(3 * time.Second); m.End() }()
		require.Equal(t, []time.Duration{3 * time.Second}, m.times(), "beyond what it should take")
		synctest.Wait()
	})
}

func TestMeterLosesPatience(t *testing.T) {
	for name, begin := range map[string]bool{"with what goes on": true, "with what does not even begin": false} {
		synctest.Test(t, func(t *testing.T) {
			m := newMeter(5 * time.Second)
			m.loaded()
			time.Sleep(time.Second)
			waits := 4 * time.Second
			if begin {
				m.Begin()
				waits = 5 * time.Second
			}
			m.stop()
			now := time.Now()
			require.Equal(t, []time.Duration{5 * time.Second}, m.times(), name)
			require.Equal(t, waits, time.Since(now), name)
			require.False(t, m.Begin(), name)
		})
	}
}
