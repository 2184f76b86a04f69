package jobs_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/jobs"
)

// retries is a policy without a random part.
func retries(attempts int, delay time.Duration) *flow.RetryPolicy {
	return &flow.RetryPolicy{Attempts: attempts, Delay: delay, MaxDelay: time.Hour, Exact: true}
}

func TestBackoffGrowsToAnHourAndNeverShrinks(t *testing.T) {
	const hour = 3600
	for name, c := range map[string]struct {
		backoff time.Duration
		want    []float64
	}{
		"doubled up to an hour":      {40 * time.Minute, []float64{0, 2. / 3 * hour, 5. / 3 * hour, 8. / 3 * hour}},
		"longer than that, it stays": {3 * time.Hour, []float64{0, 3 * hour, 6 * hour, 9 * hour}},
	} {
		in(t, nil, func(ctx context.Context, s *jobs.Set) {
			s.Listen(ctx, func(jobs.Event) {})
			var at []float64
			note := clock(&at)
			s.Add("hopeless", func(ctx context.Context) error { _ = note(ctx); return errBoom }, &jobs.Options{Retry: retries(4, c.backoff)})
			sleep(ctx, 24*hour)
			require.Equal(t, c.want, at, name)
		})
	}
}

func TestLongestTimesDoNotOverflow(t *testing.T) {
	const longest = time.Duration(1<<63 - 1)
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		runs := 0
		count := func(context.Context) error { runs++; return nil }
		s.Add("late", count, &jobs.Options{Delay: longest, Every: longest, Jitter: longest, Timeout: longest})
		s.Add("again", count, &jobs.Options{Every: longest, Jitter: time.Hour})
		sleep(ctx, 24*3600)
		assert.Equal(t, 1, runs, "the second one, once")
	})
}

// A Goexit is how a test gives up: trying again would only say the same once more.
func TestGoexitIsNotTriedAgain(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var failed []error
		s.Listen(ctx, func(e jobs.Event) {
			if e.Kind == jobs.Failed {
				failed = append(failed, e.Run.Err)
			}
		})
		tried := 0
		s.Add("x", func(context.Context) error { tried++; runtime.Goexit(); return nil }, &jobs.Options{Retry: retries(6, -1)})
		sleep(ctx, 60)
		assert.Equal(t, 1, tried)
		assert.Equal(t, []error{guest.ErrGoexit}, failed)
	})
}
