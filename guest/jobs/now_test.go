package jobs_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/jobs"
	"github.com/golodger/lodger/hosts/headless"
)

var errEnough = errors.New("enough")

// hear collects what would be reported.
func hear(heard *[]error) *guest.Options {
	return &guest.Options{OnError: func(err error) { *heard = append(*heard, err) }}
}

func fail(context.Context) error { return errBoom }

// RunNow on a goroutine must not look at the error, which the UI thread may have set by then.
func TestUnknownJobIsReportedFromAnyGoroutine(t *testing.T) {
	const n = 2000
	var heard []error
	err := guest.RunTask(headless.New(), func(ctx context.Context) error {
		s := jobs.New(ctx)
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			for i := range n {
				s.RunNow(jobs.ID(i + 1))
			}
			return 0, nil
		})
		return err
	}, hear(&heard))
	require.NoError(t, err)
	require.Len(t, heard, n)
	require.ErrorIs(t, heard[0], jobs.ErrNoJob)
}

func TestFailureOfARunThatIsAwaitedIsNotReportedToo(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		id := s.Add("backup", fail, &jobs.Options{Paused: true, Every: time.Hour})
		err := s.RunNow(id).Wait(ctx)
		assert.ErrorIs(t, err, errBoom)
		assert.EqualError(t, err, `jobs: "backup" failed: boom`)
		sleep(ctx, 1)
		assert.Empty(t, heard)
		s.RunNow(id)
		sleep(ctx, 1)
		require.Len(t, heard, 1, "but that of one that nobody waits for")
		assert.ErrorIs(t, heard[0], errBoom)

		s.Listen(ctx, func(jobs.Event) {})
		s.RunNow(id)
		sleep(ctx, 1)
		assert.Len(t, heard, 1, "a listener is told")
		assert.ErrorIs(t, s.RunNow(id).Wait(ctx), errBoom, "and who waits besides")
	})
	require.Len(t, heard, 1)
}

func TestRunNowSharesTheRunThatBeginsNext(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		runs := 0
		id := s.Add("x", func(ctx context.Context) error { runs++; return guest.Sleep(ctx, time.Second) },
			&jobs.Options{Paused: true, Every: time.Hour})
		a, b := s.RunNow(id), s.RunNow(id)
		sleep(ctx, 0.5)
		c := s.RunNow(id)
		assert.Equal(t, 1, runs)
		began := time.Now()
		assert.NoError(t, errors.Join(a.Wait(ctx), b.Wait(ctx)))
		assert.Equal(t, 500*time.Millisecond, time.Since(began))
		assert.NoError(t, c.Wait(ctx))
		assert.Equal(t, 1500*time.Millisecond, time.Since(began))
		assert.Equal(t, 2, runs)
		sleep(ctx, 60)
		assert.Equal(t, 2, runs)
		assert.True(t, s.Resume(id))
		d := s.RunNow(id)
		assert.NoError(t, d.Wait(ctx))
		sleep(ctx, 60)
		assert.Equal(t, 3, runs, "also with one that the clock begins")
	})
}

func TestRunThatRunNowAskedForIsCancelledByItsTask(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		var cause error
		begun := 0
		id := s.Add("x", func(ctx context.Context) error {
			begun++
			err := guest.Park(ctx)
			cause = context.Cause(ctx)
			return err
		}, &jobs.Options{Paused: true, Every: time.Hour, Retry: retries(6, -1)})
		run := s.RunNow(id)
		sleep(ctx, 1)
		next := s.RunNow(id)
		next.Cancel(errEnough)
		assert.ErrorIs(t, next.Wait(ctx), errEnough, "taken back")
		assert.Equal(t, jobs.Running, s.Jobs()[0].State)
		run.Cancel(errEnough)
		assert.ErrorIs(t, run.Wait(ctx), errEnough)
		assert.Equal(t, errEnough, cause)
		sleep(ctx, 60)
		assert.Equal(t, 1, begun)
		assert.Equal(t, jobs.Paused, s.Jobs()[0].State)

		taken := s.RunNow(id)
		taken.Cancel(nil)
		sleep(ctx, 1)
		assert.Equal(t, 1, begun, "a run that was taken back does not begin")
		assert.ErrorIs(t, taken.Err(), context.Canceled)
	})
	require.Empty(t, heard)
}

func TestCancelRunCancelsOneRunAndKeepsTheJob(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		var at []float64
		note := clock(&at)
		var run context.Context
		id := s.Add("x", func(ctx context.Context) error {
			run = ctx
			_ = note(ctx)
			return guest.Park(ctx)
		}, &jobs.Options{Every: 10 * time.Second, Retry: retries(4, -1), Delay: time.Second})
		assert.False(t, s.CancelRun(id, nil), "none has begun")
		sleep(ctx, 2)
		assert.True(t, s.CancelRun(id, errEnough))
		assert.ErrorIs(t, run.Err(), context.Canceled, "at once")
		sleep(ctx, 10)
		assert.Equal(t, []float64{1, 11}, at, "and the rhythm stays")
		last := s.Jobs()[0].History[0]
		assert.ErrorIs(t, last.Err, errEnough)
		assert.ErrorIs(t, last.Err, context.Canceled)
		assert.Equal(t, 1, last.Attempts)
		again := s.RunNow(id)
		assert.True(t, s.CancelRun(id, nil))
		sleep(ctx, 1)
		assert.Equal(t, []float64{1, 11, 12}, at, "and what was asked for comes")
		assert.True(t, s.CancelRun(id, errEnough))
		assert.ErrorIs(t, again.Wait(ctx), errEnough)
		s.RunNow(id)
		assert.True(t, s.CancelRun(id, nil), "or is taken back")
		sleep(ctx, 1)
		assert.Len(t, at, 3)
	})
	require.Empty(t, heard, "a cancellation is no failure")
}

func TestCancelledRunIsToldAsThat(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var told []jobs.Kind
		var errs []error
		s.Listen(ctx, func(e jobs.Event) { told, errs = append(told, e.Kind), append(errs, e.Run.Err) })
		id := s.Add("parks", guest.Park, &jobs.Options{Every: time.Hour})
		sleep(ctx, 1)
		s.CancelRun(id, errEnough)
		sleep(ctx, 1)
		assert.Equal(t, []jobs.Kind{jobs.Added, jobs.Began, jobs.Cancelled}, told)
		assert.ErrorIs(t, errs[2], errEnough)
		s.Remove(id)
		sleep(ctx, 1)

		told = nil
		id = s.Add("fails, and is cancelled before it is tried again", fail, &jobs.Options{Retry: retries(2, time.Minute)})
		sleep(ctx, 1)
		s.Remove(id)
		sleep(ctx, 1)
		assert.Equal(t, []jobs.Kind{jobs.Added, jobs.Began, jobs.Failed, jobs.Removed}, told)
	})
}

// The run that was asked for meanwhile is on its way when the job goes.
func TestRemovedIsToldAlsoBetweenTwoRuns(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var told []jobs.Kind
		var id jobs.ID
		var next *guest.Task
		s.Listen(ctx, func(e jobs.Event) {
			if told = append(told, e.Kind); e.Kind == jobs.Succeeded {
				s.Remove(id)
			}
		})
		id = s.Add("x", func(context.Context) error { next = s.RunNow(id); return nil }, &jobs.Options{Every: time.Hour})
		sleep(ctx, 1)
		assert.Equal(t, []jobs.Kind{jobs.Added, jobs.Began, jobs.Succeeded, jobs.Removed}, told)
		assert.ErrorIs(t, next.Wait(ctx), jobs.ErrRemoved)
		assert.NoError(t, s.Close(ctx))
	})
}

func TestGoexitOfARunIsItsTasks(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		id := s.Add("x", func(context.Context) error { runtime.Goexit(); return nil }, &jobs.Options{Paused: true})
		assert.ErrorIs(t, s.RunNow(id).Wait(ctx), guest.ErrGoexit)
	})
}

// A failure that is joined to the answer to a cancellation is a failure.
func TestFailureBesideAnAnswerIsNoCancellation(t *testing.T) {
	var kinds []jobs.Kind
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		id := s.Add("save", func(ctx context.Context) error { return errors.Join(guest.Park(ctx), errBoom) }, nil)
		s.Listen(ctx, func(e jobs.Event) { kinds = append(kinds, e.Kind) })
		sleep(ctx, 1)
		require.True(t, s.CancelRun(id, nil))
		sleep(ctx, 1)
	})
	require.Contains(t, kinds, jobs.Failed)
	require.NotContains(t, kinds, jobs.Cancelled)
}
