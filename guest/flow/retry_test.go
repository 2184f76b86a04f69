package flow_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

var errDown = errors.New("the server is down")

func TestRetryTriesAgainAfterADelayThatIsDoubled(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			var at []time.Duration
			start := time.Now()
			w.start(caller, func(ctx context.Context) {
				v, err := flow.Retry(ctx, func(context.Context) (int, error) {
					at = append(at, time.Since(start))
					return len(at), errDown
				}, &flow.RetryPolicy{Attempts: 6, Delay: time.Second, MaxDelay: 5 * time.Second, Exact: true})
				assert.Equal(t, 6, v)
				assert.Equal(t, errDown, err)
			})
			time.Sleep(time.Hour)
			synctest.Wait()
			const s = time.Second
			require.Equal(t, []time.Duration{0, 1 * s, 3 * s, 7 * s, 12 * s, 17 * s}, at)
		})
	}
}

func TestRetryOfANilPolicyHasDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, n := time.Now(), 0
		v, err := flow.Retry(t.Context(), func(context.Context) (string, error) {
			if n++; n < 5 {
				return "", errDown
			}
			return "up", nil
		}, nil)
		require.NoError(t, err)
		require.Equal(t, "up", v)
		require.LessOrEqual(t, time.Since(start), 1500*time.Millisecond)
		require.Greater(t, time.Since(start), 750*time.Millisecond)
	})
}

func TestRetryStopsAtAFinalError(t *testing.T) {
	wrong := errors.New("wrong password")
	for name, c := range map[string]struct {
		final func(error) bool
		err   error
	}{
		"by the policy": {func(err error) bool { return errors.Is(err, wrong) }, wrong},
		"a panic":       {nil, &guest.PanicError{Value: "no"}},
		"a Goexit":      {nil, fmt.Errorf("in the task: %w", guest.ErrGoexit)},
		"a deadlock":    {nil, guest.ErrWouldDeadlock},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			_, err := flow.Retry(t.Context(), func(context.Context) (int, error) {
				n++
				return 0, c.err
			}, &flow.RetryPolicy{Final: c.final})
			require.Equal(t, c.err, err, name)
			require.Equal(t, 1, n, name)
		})
	}
}

func TestRetryEndsWithItsContext(t *testing.T) {
	t.Run("in a delay", func(t *testing.T) {
		inBubble(t, func(w *world) {
			var why error
			n := 0
			task := w.g.Go(func(ctx context.Context) error {
				_, why = flow.Retry(ctx, func(context.Context) (int, error) { n++; return 0, errDown }, nil)
				return why
			})
			synctest.Wait()
			w.onUI(func() { task.Cancel(guest.ErrQuit) })
			time.Sleep(time.Hour)
			synctest.Wait()
			require.Equal(t, 1, n)
			require.True(t, guest.IsQuit(why), "%v", why)
		})
	})
	for name, c := range map[string]struct{ said, want error }{
		"in fn, which succeeds":        {nil, context.Canceled},
		"in fn, which answers":         {context.Canceled, guest.ErrQuit},
		"in fn, which fails otherwise": {errDown, errDown},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				var got int
				var why error
				n := 0
				w.g.Go(func(ctx context.Context) error {
					got, why = flow.Retry(ctx, func(context.Context) (int, error) {
						n++
						task, _ := guest.CurrentTask()
						task.Cancel(guest.ErrQuit)
						return 7, c.said
					}, nil)
					return nil
				})
				time.Sleep(time.Hour)
				synctest.Wait()
				require.ErrorIs(t, why, c.want)
				require.Equal(t, 1, n)
				require.Equal(t, 7, got, "the value comes with the error")
			})
		})
	}
}

// A delay that the deadline cuts off is not waited for, and the reason is not lost.
func TestRetryGivesUpWhenTheDeadlineComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := flow.Retry(ctx, func(context.Context) (int, error) { return 0, errDown },
			&flow.RetryPolicy{Attempts: math.MaxInt, Delay: time.Second, Exact: true})
		require.Equal(t, errDown, err)
		require.Equal(t, time.Second, time.Since(start))
	})
}

func TestRetryDelaysAreShortenedByUpToAHalf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shortest, longest := time.Hour, time.Duration(0)
		random := rand.New(rand.NewPCG(1, 2))
		_, _ = flow.Retry(t.Context(), func(context.Context) (int, error) { return 0, errDown }, &flow.RetryPolicy{
			Attempts: 2000, Delay: time.Second, MaxDelay: time.Second, Rand: random,
			OnRetry: func(attempt int, err error, delay time.Duration) {
				assert.Equal(t, errDown, err)
				shortest, longest = min(shortest, delay), max(longest, delay)
			},
		})
		require.GreaterOrEqual(t, shortest, time.Second/2)
		require.Less(t, shortest, 520*time.Millisecond)
		require.LessOrEqual(t, longest, time.Second)
		require.Greater(t, longest, 980*time.Millisecond)
	})
}

func TestRetryOfTheLongestDelaysDoesNotOverflow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1<<62-1, cancel)
		_, err := flow.Retry(ctx, func(context.Context) (int, error) { n++; return 0, errDown },
			&flow.RetryPolicy{Delay: 1 << 61, MaxDelay: math.MaxInt64, Attempts: 3, Exact: true})
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 2, n)
	})
}

func TestRetryRefusesNegativeAttempts(t *testing.T) {
	require.Panics(t, func() {
		_, _ = flow.Retry(context.Background(), func(context.Context) (int, error) { return 0, nil }, &flow.RetryPolicy{Attempts: -1})
	})
}

// FuzzRetry compares the moments of all attempts with those that a table of delays gives.
func FuzzRetry(f *testing.F) {
	f.Add(uint8(3), int16(100), int16(300), uint8(9), uint16(0), uint8(1), uint8(0))
	f.Add(uint8(0), int16(0), int16(0), uint8(2), uint16(900), uint8(2), uint8(20))
	f.Add(uint8(9), int16(-1), int16(0), uint8(99), uint16(5), uint8(0), uint8(1))
	f.Fuzz(func(t *testing.T, attempts uint8, delay, most int16, fails uint8, limit uint16, caller, takes uint8) {
		const ms = time.Millisecond
		policy := flow.RetryPolicy{Attempts: int(attempts % 20), Delay: time.Duration(delay) * ms, MaxDelay: max(0, time.Duration(most)*ms), Exact: true}
		inBubble(t, func(w *world) {
			var got, want ledger
			got.add("")
			want.add("")
			start := time.Now()
			w.start(int(caller), func(ctx context.Context) {
				if limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, time.Duration(limit)*ms+ms/2)
					defer cancel()
				}
				n := 0
				_, err := flow.Retry(ctx, func(ctx context.Context) (int, error) {
					got.more(0, "%v ", time.Since(start))
					if err := guest.Sleep(ctx, time.Duration(takes)*ms); err != nil {
						return 0, err
					}
					if n++; n > int(fails) {
						return 0, nil
					}
					return 0, errDown
				}, &policy)
				got.more(0, "%v %v %v", errors.Is(err, errDown), errors.Is(err, context.DeadlineExceeded), time.Since(start))
			})
			time.Sleep(1000 * time.Hour)
			synctest.Wait()
			want.more(0, "%s", retryModel(policy, int(fails), int(limit), int(takes)))
			require.Equal(t, want.String(), got.String(), "%+v", policy)
		})
	})
}

// retryModel counts in half milliseconds.
func retryModel(p flow.RetryPolicy, fails, limit, takes int) (trace string) {
	if p.Attempts == 0 {
		p.Attempts = 5
	}
	pause := max(0, int(p.Delay/time.Millisecond))
	if p.Delay == 0 {
		pause = 100
	}
	most := max(pause, int(p.MaxDelay/time.Millisecond))
	if p.MaxDelay == 0 {
		most = max(pause, 60_000)
	}
	at := func(halves int) time.Duration { return time.Duration(halves) * time.Millisecond / 2 }
	now, end := 0, 2*limit+1
	for n := 1; ; n++ {
		trace += fmt.Sprintf("%v ", at(now))
		now += 2 * takes
		switch late := limit > 0 && now >= end; {
		case late:
			return trace + fmt.Sprintf("false true %v", at(end))
		case n > fails:
			return trace + fmt.Sprintf("false false %v", at(now))
		case n == p.Attempts, limit > 0 && now+2*pause >= end:
			return trace + fmt.Sprintf("true false %v", at(now))
		}
		now += 2 * pause
		pause = min(2*pause, most)
	}
}
