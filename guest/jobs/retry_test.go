package jobs_test

import (
	"context"
	"errors"
	"math/rand/v2"
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

// A hook is a part of a job's options that is a function of the program.
var hooks = map[string]func(o *jobs.Options, harm func()){
	"Final":   func(o *jobs.Options, harm func()) { o.Retry.Final = func(error) bool { harm(); return false } },
	"OnRetry": func(o *jobs.Options, harm func()) { o.Retry.OnRetry = func(int, error, time.Duration) { harm() } },
	"Rand of Retry": func(o *jobs.Options, harm func()) {
		o.Retry.Exact, o.Retry.Rand = false, rand.New(source(harm))
	},
}

// A source is a source of random numbers that calls a function first.
type source func()

func (s source) Uint64() uint64 { s(); return rand.Uint64() }

func TestHookThatPanicsOrExitsEndsTheRun(t *testing.T) {
	for name, hook := range hooks {
		for kind, harm := range map[string]func(){"panic": func() { panic("hook") }, "Goexit": runtime.Goexit} {
			t.Run(name+" "+kind, func(t *testing.T) {
				in(t, nil, func(ctx context.Context, s *jobs.Set) {
					var told []jobs.Kind
					s.Listen(ctx, func(e jobs.Event) { told = append(told, e.Kind) })
					often := &jobs.Options{Every: time.Hour, Retry: retries(4, time.Minute)}
					tried := 0
					hook(often, func() {
						if tried == 2 {
							harm()
						}
					})
					id := s.Add("x", func(context.Context) error { tried++; return errBoom }, often)
					err := s.RunNow(id).Wait(ctx)
					assert.Equal(t, 2, tried)
					last := s.Jobs()[0]
					require.Len(t, last.History, 1)
					for _, err := range []error{err, last.History[0].Err} {
						assert.ErrorIs(t, err, errBoom, "the attempt's own failure is not lost")
						var p *guest.PanicError
						assert.Equal(t, kind == "panic", errors.As(err, &p))
						assert.Equal(t, kind == "Goexit", errors.Is(err, guest.ErrGoexit))
					}
					assert.Equal(t, 2, last.History[0].Attempts)
					assert.Equal(t, jobs.Waiting, last.State)
					sleep(ctx, 2*3600)
					assert.Equal(t, []jobs.Kind{jobs.Added, jobs.Began, jobs.Failed, jobs.Began, jobs.Failed}, told[:5], "the clock goes on")
					assert.NoError(t, s.Close(ctx))
				})
			})
		}
	}
}

// Its failure goes where that of the job's function goes.
func TestPanicOfAHookIsReported(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		policy := retries(4, time.Minute)
		policy.OnRetry = func(int, error, time.Duration) { panic(errEnough) }
		s.Add("x", fail, &jobs.Options{Retry: policy})
		sleep(ctx, 1)
		assert.Empty(t, s.Jobs())
	})
	require.Len(t, heard, 1)
	require.ErrorIs(t, heard[0], errEnough)
	require.ErrorIs(t, heard[0], errBoom)
}
