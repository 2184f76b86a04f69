package windows_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/hosts/internal/windows"
)

// looking looks at r for a while, and returns what the last look has said.
func looking(r *windows.LastResort, d time.Duration) (shown, ready bool) {
	for until := time.Now().Add(d); time.Now().Before(until); {
		time.Sleep(windows.Glance)
		shown, ready = r.Look(false, 0)
	}
	return shown, ready
}

func TestLastResortIsShownAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r windows.LastResort
		shown, ready := looking(&r, 4800*time.Millisecond)
		require.False(t, shown || ready)
		shown, ready = looking(&r, time.Millisecond)
		require.True(t, shown)
		require.False(t, ready, "a click that was meant for something else")
		shown, ready = looking(&r, 1200*time.Millisecond)
		require.True(t, shown && ready)
	})
}

func TestLastResortWaitsForTheUsersAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r windows.LastResort
		looking(&r, time.Minute)
		shown, ready := r.Look(true, 0)
		require.False(t, shown || ready)
		shown, _ = looking(&r, 4800*time.Millisecond)
		require.False(t, shown, "what comes after the answer takes its time, too")
		shown, _ = looking(&r, time.Second)
		require.True(t, shown)
	})
}

func TestLastResortHeedsAQuestionBetweenTwoLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r windows.LastResort
		looking(&r, time.Minute)
		require.True(t, r.Pressed(0))
		require.False(t, r.Pressed(1), "a second click on the answer's button")
		time.Sleep(windows.Glance)
		shown, _ := r.Look(false, 1)
		require.False(t, shown)
	})
}

// The looks that were due in a freeze come all at its end, and with them the clicks.
func TestLastResortDoesNotCountAFreeze(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, before := range []time.Duration{time.Second, 4800 * time.Millisecond, 5800 * time.Millisecond, time.Minute} {
			var r windows.LastResort
			looking(&r, before)
			time.Sleep(time.Minute)
			require.False(t, r.Pressed(0), before)
			for range 200 {
				_, ready := r.Look(false, 0)
				require.False(t, ready, before)
			}
			_, ready := looking(&r, 600*time.Millisecond)
			require.False(t, ready, before)
			require.False(t, r.Pressed(0), before)
			if _, ready = looking(&r, time.Minute); before == time.Minute {
				require.True(t, ready)
				require.True(t, r.Pressed(0))
			}
		}
	})
}
