package guest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzTimers compares the heap of deadlines with a list that is sorted whenever it is asked.
func FuzzTimers(f *testing.F) {
	f.Add([]byte{0, 5, 0, 5, 1, 3, 3, 10})
	f.Add([]byte{0, 9, 0, 8, 0, 7, 2, 1, 3, 8, 3, 1})
	f.Fuzz(func(t *testing.T, program []byte) {
		type sleeper struct {
			task *Task
			when time.Duration
		}
		var (
			ts    timers
			now   time.Duration
			model []sleeper // in the order of asking
		)
		program = program[:min(len(program), 1000)]
		for ; len(program) >= 2; program = program[2:] {
			n := program[1]
			switch program[0] % 4 {
			case 0, 1: // somebody sleeps
				s := sleeper{&Task{coro: &coro{seq: 1}}, now + time.Duration(n)}
				ts.sleeping++
				ts.add(s.when, s.task)
				model = append(model, s)
			case 2: // somebody's sleep ends early
				if len(model) == 0 {
					continue
				}
				i := int(n) % len(model)
				model[i].task.coro.seq++
				ts.sleeping--
				model = slices.Delete(model, i, i+1)
			case 3: // time goes by
				now += time.Duration(n)
				var want, got, left []sleeper
				for _, s := range model {
					if s.when <= now {
						want = append(want, s)
					} else {
						left = append(left, s)
					}
				}
				slices.SortStableFunc(want, func(a, b sleeper) int { return cmp.Compare(a.when, b.when) })
				for {
					d, ok := ts.due(now)
					if !ok {
						break
					}
					if d.live() {
						got = append(got, sleeper{d.task, d.when})
						d.task.coro.seq++
						ts.sleeping--
					}
				}
				require.True(t, slices.Equal(want, got), "%v, not %v", got, want)
				model = left
			}
			require.LessOrEqual(t, len(ts.heap), max(65, 2*ts.sleeping+2), "the leftovers are swept")
			for _, s := range model {
				require.LessOrEqual(t, ts.next(), s.when)
			}
		}
	})
}

func TestDeadlinesOfSleepsThatWereCancelledAreSwept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(ctx context.Context) error {
			for range 1000 {
				short, cancel := context.WithTimeout(ctx, time.Second)
				_ = Sleep(short, time.Hour*1000)
				cancel()
			}
			require.LessOrEqual(t, len(g.timers.heap), 66)
			return nil
		}, nil)
		require.NoError(t, err)
		require.NoError(t, l.embedded(g).Err)
	})
}
