package sched

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// interleave visits every plan in which actor i occurs moves[i] times. The last actor is the
// pump.
func interleave(moves []int, visit func(plan string)) (plans int) {
	left := slices.Clone(moves)
	var plan []byte
	var next func()
	next = func() {
		over := true
		for i := range left {
			if left[i] == 0 {
				continue
			}
			over = false
			left[i]--
			name := byte('a' + i)
			if i == len(left)-1 {
				name = 'p'
			}
			plan = append(plan, name)
			next()
			plan = plan[:len(plan)-1]
			left[i]++
		}
		if over {
			plans++
			visit(string(plan))
		}
	}
	next()
	return plans
}

// onStage calls fn in a bubble, on a locked thread.
func onStage(t *testing.T, fn func(t *testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		fn(t)
	})
}

// everySchedule plays all plans for the actors and a pump with the given number of operations.
func everySchedule(t *testing.T, operations int, fine bool, pause pause, programs ...string) (plans int) {
	counts := make([]int, 0, len(programs)+1)
	for _, program := range programs {
		n := len(program)
		if pause != noPause {
			n *= 2
		}
		counts = append(counts, n)
	}
	onStage(t, func(t *testing.T) {
		plans = interleave(append(counts, operations), func(plan string) {
			if !t.Failed() {
				play(t, plan, fine, pause, programs...)
				if t.Failed() {
					t.Logf("the plan was %q for %q; fine %v, pause %v", plan, programs, fine, pause)
				}
			}
		})
	})
	return plans
}

// TestNoWakeupIsLost plays every schedule of three actors with three operations each. One of
// them is the pump, which comes, runs and rests. Then it plays schedules with more boundaries,
// and with actors that stop before or behind the host's call.
func TestNoWakeupIsLost(t *testing.T) {
	pairs := [][2]string{{"ppp", "ppp"}, {"ppp", "ccc"}, {"ppp", "ddd"}, {"ccc", "ddd"}, {"rrr", "ddd"},
		{"ppp", "sce"}, {"ddd", "pre"}}
	for _, pair := range pairs {
		t.Run(fmt.Sprint(pair), func(t *testing.T) {
			t.Parallel() // most of the time goes into waking up threads
			if raced {
				require.Equal(t, 210, everySchedule(t, 3, false, noPause, pair[0][1:], pair[1][1:]))
				return
			}
			require.Equal(t, 1680, everySchedule(t, 3, false, noPause, pair[0], pair[1]))
			one, two := pair[0][1:], pair[1][1:]
			if long {
				require.Equal(t, 60_060, everySchedule(t, 8, true, noPause, pair[0], pair[1]))
				require.Equal(t, 60_060, everySchedule(t, 3, false, beforeHost, pair[0], two))
				require.Equal(t, 60_060, everySchedule(t, 3, false, afterHost, pair[0], two))
				return
			}
			require.Equal(t, 2970, everySchedule(t, 8, true, noPause, one, two))
			require.Equal(t, 2970, everySchedule(t, 8, true, beforeHost, one[1:], two[1:]))
			require.Equal(t, 2970, everySchedule(t, 8, true, afterHost, one[1:], two[1:]))
		})
	}
}

// TestNoWakeupIsLostInRandomSchedules has more actors, more moves, and all boundaries.
func TestNoWakeupIsLostInRandomSchedules(t *testing.T) {
	rounds := 2_000
	switch {
	case raced:
		rounds = 200
	case long:
		rounds = 200_000
	}
	r := seeded(t)
	onStage(t, func(t *testing.T) {
		for range rounds {
			programs := make([]string, 2+r.IntN(5))
			pause := pause(r.IntN(3))
			var plan []byte
			for i := range programs {
				for range 1 + r.IntN(8) {
					few := r.IntN(2) // these end the pump
					programs[i] += string("ppccddrrsssse"[r.IntN(12+few)])
					plan = append(plan, byte('a'+i))
					if pause != noPause {
						plan = append(plan, byte('a'+i))
					}
				}
			}
			for range r.IntN(4 * len(plan)) {
				plan = append(plan, 'p')
			}
			r.Shuffle(len(plan), func(i, j int) { plan[i], plan[j] = plan[j], plan[i] })
			if play(t, string(plan), true, pause, programs...); t.Failed() {
				t.Fatalf("the plan was %q for %q; pause %v", plan, programs, pause)
			}
		}
	})
}
