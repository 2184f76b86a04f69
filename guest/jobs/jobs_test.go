package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/jobs"
	"github.com/golodger/lodger/hosts/headless"
)

var errBoom = errors.New("boom")

// in runs body in virtual time, with a set of jobs that end when body does.
func in(t *testing.T, opts *guest.Options, body func(ctx context.Context, s *jobs.Set)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		_, err := headless.Run(func(ctx context.Context) (any, error) {
			over, cancel := context.WithCancel(ctx)
			return nil, guest.Scope(over, func(ctx context.Context) error {
				defer cancel()
				body(ctx, jobs.New(ctx))
				return nil
			})
		}, opts)
		require.True(t, err == nil || errors.Is(err, context.Canceled), err)
	})
}

// clock notes when a job runs, in seconds from now.
func clock(at *[]float64) func(ctx context.Context) error {
	began := time.Now()
	return func(context.Context) error {
		*at = append(*at, time.Since(began).Seconds())
		return nil
	}
}

func sleep(ctx context.Context, seconds float64) {
	_ = guest.Sleep(ctx, time.Duration(seconds*float64(time.Second)))
}

func TestJobRunsByTheClock(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var once, later, every []float64
		s.Add("once", clock(&once), nil)
		s.Add("later", clock(&later), &jobs.Options{Delay: 2 * time.Second})
		s.Add("every", clock(&every), &jobs.Options{Every: time.Second, Delay: 500 * time.Millisecond})
		sleep(ctx, 3)
		assert.Equal(t, []float64{0}, once)
		assert.Equal(t, []float64{2}, later)
		assert.Equal(t, []float64{0.5, 1.5, 2.5}, every)
		list := s.Jobs()
		require.Len(t, list, 1, "what runs once has left the set")
		assert.Equal(t, "every", list[0].Name)
		assert.Equal(t, jobs.Waiting, list[0].State)
		assert.Equal(t, 3, list[0].Runs)
	})
}

func TestPanicInTheSourceOfJitterStopsOnlyTheClock(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		broken := true
		random := rand.New(source(func() {
			if broken {
				panic(errBoom)
			}
		}))
		runs := 0
		id := s.Add("x", func(context.Context) error { runs++; return nil }, &jobs.Options{Every: time.Minute, Jitter: time.Second, Rand: random})
		sleep(ctx, 3600)
		assert.Len(t, heard, 1)
		assert.ErrorIs(t, heard[0], errBoom)
		assert.NoError(t, s.RunNow(id).Wait(ctx))
		assert.Equal(t, 1, runs)
		broken = false
		assert.True(t, s.Pause(id) && s.Resume(id))
		sleep(ctx, 90)
		assert.Equal(t, 3, runs)
		broken = true
		sleep(ctx, 90)
		assert.Len(t, heard, 2)
		assert.NoError(t, s.Close(ctx))
	})
}

func TestJobIsPausedAndResumed(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var at []float64
		id := s.Add("tick", clock(&at), &jobs.Options{Every: time.Second, Delay: time.Second})
		sleep(ctx, 2.5)
		assert.True(t, s.Pause(id))
		assert.False(t, s.Pause(id))
		assert.Equal(t, jobs.Paused, s.Jobs()[0].State)
		sleep(ctx, 10)
		assert.True(t, s.Resume(id))
		assert.False(t, s.Resume(id))
		sleep(ctx, 2)
		assert.Equal(t, []float64{1, 2, 13.5}, at[:3])
		assert.True(t, s.Remove(id))
		for _, do := range []func(jobs.ID) bool{s.Pause, s.Resume, s.Remove} {
			assert.False(t, do(id), "it has gone")
		}
		assert.False(t, s.CancelRun(id, nil))
		assert.ErrorIs(t, s.RunNow(id).Wait(ctx), jobs.ErrNoJob)
	})
}

func TestRunThatHasBegunOutlivesAPause(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		began, ended := 0, 0
		id := s.Add("long", func(ctx context.Context) error {
			began++
			sleep(ctx, 2)
			if ctx.Err() == nil {
				ended++
			}
			return ctx.Err()
		}, &jobs.Options{Every: 3 * time.Second})
		sleep(ctx, 1)
		assert.Equal(t, jobs.Running, s.Jobs()[0].State)
		assert.True(t, s.Pause(id))
		sleep(ctx, 20)
		assert.Equal(t, 1, ended)
		assert.True(t, s.Resume(id))
		sleep(ctx, 1)
		assert.True(t, s.Pause(id) && s.Resume(id), "during a run; the clock goes on")
		sleep(ctx, 3)
		assert.Equal(t, 3, began)
		assert.Equal(t, 2, ended)
	})
}

func TestRunNow(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var at []float64
		note := clock(&at)
		id := s.Add("slow", func(ctx context.Context) error {
			_ = note(ctx)
			sleep(ctx, 1)
			return nil
		}, &jobs.Options{Every: time.Hour, Paused: true})
		sleep(ctx, 5)
		asked := s.RunNow(id) // also while paused
		sleep(ctx, 0.5)
		assert.NoError(t, asked.Err())
		for range 2 {
			s.RunNow(id) // once more after this one, and never beside it
		}
		sleep(ctx, 5)
		assert.Equal(t, []float64{5, 6}, at)
		assert.Equal(t, jobs.Paused, s.Jobs()[0].State)

		once := s.Add("once", note, &jobs.Options{Delay: time.Hour})
		s.RunNow(once)
		sleep(ctx, 1)
		assert.Len(t, at, 3)
		assert.False(t, s.Remove(once), "it has run, and gone")
	})
}

func TestRemovedJobIsCancelled(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var cause error
		id := s.Add("endless", func(ctx context.Context) error {
			err := guest.Park(ctx)
			cause = context.Cause(ctx)
			return err
		}, &jobs.Options{Retry: retries(6, -1)})
		sleep(ctx, 1)
		s.Remove(id)
		sleep(ctx, 1)
		assert.ErrorIs(t, cause, jobs.ErrRemoved)
		assert.Empty(t, s.Jobs())
		g, _ := guest.FromContext(ctx)
		assert.Zero(t, g.Stats().Unobserved)
	})
}

func TestAttemptIsTimedOutAndTriedAgain(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var at []float64
		note := clock(&at)
		s.Listen(ctx, func(jobs.Event) {})
		s.Add("hopeless", func(ctx context.Context) error {
			_ = note(ctx)
			return guest.Park(ctx)
		}, &jobs.Options{Timeout: time.Second, Retry: retries(4, time.Second), Every: time.Hour})
		sleep(ctx, 60)
		assert.Equal(t, []float64{0, 2, 5, 10}, at, "a second each, and pauses of 1, 2 and 4")
		run := s.Jobs()[0].History[0]
		assert.Equal(t, 4, run.Attempts)
		assert.Equal(t, 11*time.Second, run.Took)
		assert.ErrorIs(t, run.Err, context.DeadlineExceeded)
	})
}

func TestPanicIsAFailureLikeAnyOther(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		s.Listen(ctx, func(jobs.Event) {})
		tries, policy := 0, *retries(2, -1)
		policy.Final = func(error) bool { return false } // otherwise a panic is not tried again
		s.Add("clumsy", func(context.Context) error {
			if tries++; tries < 3 {
				panic(errBoom)
			}
			return nil
		}, &jobs.Options{Retry: &policy, Every: time.Minute})
		sleep(ctx, 90)
		history := s.Jobs()[0].History
		require.Len(t, history, 2)
		assert.ErrorIs(t, history[0].Err, errBoom)
		assert.NoError(t, history[1].Err, "and the job has gone on")
	})
}

func TestHistoryIsBounded(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		began := time.Now()
		s.Add("tick", func(context.Context) error { return nil }, &jobs.Options{Every: time.Second, History: 3})
		sleep(ctx, 100.5)
		info := s.Jobs()[0]
		assert.Equal(t, 101, info.Runs)
		require.Len(t, info.History, 3)
		assert.Equal(t, 100*time.Second, info.History[2].Began.Sub(began))
	})
}

func TestListenersHearInOrderOnTheUIThreadUntilTheyLeave(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var heard []string
		short, leave := context.WithCancel(ctx)
		s.Listen(short, func(e jobs.Event) {
			assert.ErrorIs(t, guest.Go(ctx, guest.Yield).Wait(ctx), guest.ErrWouldDeadlock, "not on the UI thread")
			heard = append(heard, fmt.Sprint(e.Name, e.Job, " ", e.Kind))
		})
		fail := true
		id := s.Add("job", func(ctx context.Context) error {
			own, ok := jobs.IDFrom(ctx)
			assert.True(t, ok)
			assert.EqualValues(t, 1, own)
			if fail {
				return errBoom
			}
			return nil
		}, &jobs.Options{Every: time.Minute})
		sleep(ctx, 1)
		fail = false
		s.RunNow(id)
		sleep(ctx, 1)
		s.Pause(id)
		s.Resume(id)
		s.Remove(id)
		sleep(ctx, 1)
		assert.Equal(t, []string{"job1 added", "job1 began", "job1 failed", "job1 began", "job1 succeeded",
			"job1 paused", "job1 resumed", "job1 removed"}, heard)
		leave()
		s.Add("another", func(context.Context) error { return nil }, nil)
		sleep(ctx, 1)
		assert.Len(t, heard, 8)
	})
}

func TestFailureThatNobodyListensToIsNotLost(t *testing.T) {
	var heard []error
	in(t, &guest.Options{OnError: func(err error) { heard = append(heard, err) }}, func(ctx context.Context, s *jobs.Set) {
		s.Add("backup", func(context.Context) error { return errBoom }, nil)
		sleep(ctx, 1)
	})
	require.Len(t, heard, 1)
	require.ErrorIs(t, heard[0], errBoom)
	require.ErrorContains(t, heard[0], `jobs: "backup" failed`)
	var u *guest.UnobservedError
	require.ErrorAs(t, heard[0], &u)
	require.Regexp(t, `^jobs_test\.`, u.Task, "the job's own function")
	require.Regexp(t, `_test\.go:\d+$`, u.At)
}

func TestJobsEndWithTheirScope(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		s.Add("endless", guest.Park, &jobs.Options{Every: time.Second, Retry: retries(101, -1)})
		s.Add("waiting", guest.Park, &jobs.Options{Delay: time.Hour})
	})
}

func TestJobsAreChangedFromAnyGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := headless.Run(func(ctx context.Context) (any, error) {
			s := jobs.New(ctx)
			s.Listen(ctx, func(jobs.Event) {})
			return guest.Background(ctx, func(ctx context.Context) (any, error) {
				var wg sync.WaitGroup
				for range 8 {
					wg.Go(func() {
						for i := range 50 {
							id := s.Add("job", func(ctx context.Context) error { return guest.Sleep(ctx, time.Millisecond) },
								&jobs.Options{Every: 2 * time.Millisecond})
							asked := []*guest.Task{s.RunNow(id), s.RunNow(id)}
							s.Pause(id)
							asked = append(asked, s.RunNow(id))
							s.CancelRun(id, nil)
							s.Resume(id)
							asked[i%3].Cancel(nil)
							time.Sleep(time.Millisecond)
							asked = append(asked, s.RunNow(id), s.RunNow(id))
							s.Jobs()
							s.CancelRun(id, nil)
							asked[3].Cancel(nil)
							s.Remove(id)
							for _, a := range asked {
								<-a.Done()
							}
						}
					})
				}
				wg.Wait()
				assert.Empty(t, s.Jobs())
				for range 8 {
					s.RunNow(s.Add("last", func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) }, &jobs.Options{Every: time.Hour}))
				}
				time.Sleep(time.Millisecond)
				began := time.Now()
				assert.NoError(t, s.Close(ctx))
				assert.LessOrEqual(t, time.Since(began), time.Second)
				return nil, nil
			})
		}, &guest.Options{Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
	})
}

func TestMisuseNamesTheRemedy(t *testing.T) {
	require.PanicsWithValue(t, "jobs: New called with a context without a guest; pass the context of a task", func() { jobs.New(t.Context()) })
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		assert.PanicsWithValue(t, "jobs: Add called with a nil function; pass the function to run", func() { s.Add("", nil, nil) })
		assert.PanicsWithValue(t, "jobs: Listen called with a nil function; pass the function to call", func() { s.Listen(ctx, nil) })
		assert.Panics(t, func() { s.Add("", guest.Park, &jobs.Options{Retry: &flow.RetryPolicy{Attempts: -1}}) })
		var none context.Context
		assert.PanicsWithValue(t, "jobs: Listen called with a nil context; pass one that ends when fn should get no more events",
			func() { s.Listen(none, func(jobs.Event) {}) })
		assert.Panics(t, func() { jobs.New(none) })
	})
}

// A mail program looks for mail now and then, and when the user wants it to.
func ExampleSet() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		set := jobs.New(ctx)
		over := guest.NewFuture[jobs.Kind]()
		set.Listen(ctx, func(e jobs.Event) {
			if fmt.Println(e.Name, e.Kind); e.Kind == jobs.Succeeded {
				over.Resolve(e.Kind)
			}
		})
		id := set.Add("mail", func(context.Context) error { return nil }, &jobs.Options{
			Every: time.Hour, Delay: time.Minute, Jitter: time.Second, Timeout: time.Minute, Retry: retries(4, time.Second),
		})
		set.RunNow(id)
		if _, err := over.Wait(ctx); err != nil {
			return nil, err
		}
		set.Remove(id)
		return nil, guest.Yield(ctx)
	}, nil)
	// Output:
	// mail added
	// mail began
	// mail succeeded
	// mail removed
}

// What has become of a job, for a window that lists them.
func ExampleInfo() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		set := jobs.New(ctx)
		id := set.Add("backup", func(ctx context.Context) error {
			own, _ := jobs.IDFrom(ctx)
			return fmt.Errorf("job %d: the disk is full", own)
		}, &jobs.Options{Every: time.Hour, Retry: retries(2, time.Millisecond)})
		over := guest.NewFuture[error]()
		set.Listen(ctx, func(e jobs.Event) {
			if e.Kind == jobs.Failed {
				over.Resolve(e.Run.Err)
			}
		})
		fmt.Println(over.Wait(ctx))
		set.Pause(id)
		for _, job := range set.Jobs() {
			fmt.Println(job.Name, job.State, job.Runs, job.History[0].Attempts)
		}
		set.Remove(id)
		return nil, nil
	}, nil)
	// Output:
	// job 1: the disk is full <nil>
	// backup paused 1 2
}
