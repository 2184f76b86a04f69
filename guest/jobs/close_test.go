package jobs_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/jobs"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

func TestCloseLetsRunsGoOnAndBeginsNoMore(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		began := time.Now()
		long, short := 0, 0
		id := s.Add("long", func(ctx context.Context) error { defer func() { long++ }(); return guest.Sleep(ctx, 5*time.Second) },
			&jobs.Options{Every: time.Second})
		s.Add("short", func(context.Context) error { short++; return nil }, &jobs.Options{Every: time.Second, Delay: 1500 * time.Millisecond})
		sleep(ctx, 2)
		next := s.RunNow(id)
		assert.NoError(t, s.Close(ctx))
		assert.Equal(t, 5*time.Second, time.Since(began), "the run has ended by itself")
		assert.ErrorIs(t, next.Wait(ctx), jobs.ErrClosed)
		sleep(ctx, 60)
		assert.Equal(t, []int{1, 1}, []int{long, short})
		assert.Empty(t, s.Jobs())
		assert.NoError(t, s.Close(ctx), "any number of times")
		assert.Empty(t, heard)
	})
}

func TestCloseEndsRetries(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		began := time.Now()
		tried := 0
		hopeless := func(ctx context.Context) error {
			tried++
			_ = guest.Sleep(ctx, 2*time.Second)
			return errBoom
		}
		s.Add("at its attempt", hopeless, &jobs.Options{Retry: retries(10, -1)})
		s.Add("between two", fail, &jobs.Options{Retry: retries(10, time.Hour)})
		sleep(ctx, 1)
		assert.NoError(t, s.Close(ctx))
		assert.Equal(t, 2*time.Second, time.Since(began))
		assert.Equal(t, 1, tried)
		sleep(ctx, 1)
	})
	require.Len(t, heard, 2, "the failures are not lost")
	require.ErrorIs(t, heard[0], errBoom)
	require.ErrorIs(t, heard[1], errBoom)
}

func TestCloseWaitsNoLongerThanItsContext(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		ended := false
		s.Add("long", func(ctx context.Context) error {
			err := guest.Sleep(ctx, time.Minute)
			ended = err == nil
			return err
		}, nil)
		sleep(ctx, 1)
		brief, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		assert.ErrorIs(t, s.Close(brief), context.DeadlineExceeded)
		assert.False(t, ended)
		assert.NoError(t, s.Close(ctx))
		assert.True(t, ended, "the run has gone on")
	})
}

func TestClosedSetRefusesStarts(t *testing.T) {
	var heard []error
	in(t, hear(&heard), func(ctx context.Context, s *jobs.Set) {
		id := s.Add("x", fail, &jobs.Options{Paused: true})
		assert.NoError(t, s.Close(ctx))
		assert.Zero(t, s.Add("late", fail, nil))
		sleep(ctx, 1)
		require.Len(t, heard, 1)
		assert.ErrorIs(t, heard[0], jobs.ErrClosed)
		assert.ErrorContains(t, heard[0], `"late" was not added`)
		assert.ErrorIs(t, s.RunNow(id).Wait(ctx), jobs.ErrClosed)
		s.RunNow(id)
		sleep(ctx, 1)
		assert.Len(t, heard, 2, "a call that nobody looks at is reported")
		assert.False(t, s.Resume(id))
	})
}

func TestCloseIsRefusedWhereItWouldWaitForEver(t *testing.T) {
	in(t, nil, func(ctx context.Context, s *jobs.Set) {
		var inJob, inPool, inHandler error
		other := jobs.New(ctx)
		s.Add("x", func(ctx context.Context) error {
			inJob = s.Close(ctx)
			_, inPool = guest.Background(ctx, func(ctx context.Context) (any, error) { return nil, s.Close(ctx) })
			return other.Close(ctx) // of another set it may
		}, nil)
		sleep(ctx, 1)
		assert.ErrorIs(t, inJob, guest.ErrWouldDeadlock)
		assert.ErrorIs(t, inPool, guest.ErrWouldDeadlock)
		third := jobs.New(ctx)
		assert.NoError(t, guest.RunOnMain(ctx, func() { inHandler = third.Close(context.Background()) }))
		assert.ErrorIs(t, inHandler, guest.ErrWouldDeadlock)
		assert.Zero(t, third.Add("late", guest.Park, &jobs.Options{Paused: true}), "but it is closed")
		assert.NoError(t, s.Close(ctx))
		_, err := guest.Background(ctx, func(context.Context) (any, error) { return nil, third.Close(context.Background()) })
		assert.NoError(t, err)
		var none context.Context
		assert.Panics(t, func() { _ = s.Close(none) })
		assert.Empty(t, s.Jobs(), "and leaves no lock")
	})
}

func TestSetIsClosedWhenItsContextIsDone(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		over, cancel := context.WithCancelCause(ctx)
		s := jobs.New(over)
		var run, nested context.Context
		unwound := false
		s.Add("x", func(ctx context.Context) error {
			run = ctx
			guest.Go(ctx, func(ctx context.Context) error { nested = ctx; return guest.Park(ctx) })
			err := guest.Park(ctx)
			_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
			unwound = true
			return err
		}, nil)
		waiting := s.Add("y", guest.Park, &jobs.Options{Delay: time.Hour})
		require.NoError(t, guest.Sleep(ctx, time.Second))
		cancel(errEnough)
		require.ErrorIs(t, run.Err(), context.Canceled, "in that very line")
		require.ErrorIs(t, nested.Err(), context.Canceled)
		require.Equal(t, errEnough, context.Cause(run))
		require.Empty(t, s.Jobs())
		require.False(t, s.Pause(waiting))
		require.NoError(t, s.Close(ctx))
		require.True(t, unwound)
	}, nil)
}

func TestJobsKeepNoScopeAlive(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		type key struct{}
		began := time.Now()
		var value any
		var cause error
		require.NoError(t, guest.Scope(context.WithValue(ctx, key{}, "v"), func(ctx context.Context) error {
			s := jobs.New(ctx)
			s.Add("waiting", guest.Park, &jobs.Options{Delay: time.Hour, Every: time.Hour})
			s.Add("endless", func(ctx context.Context) error {
				value = ctx.Value(key{})
				err := guest.Park(ctx)
				cause = context.Cause(ctx)
				return err
			}, nil)
			return guest.Sleep(ctx, time.Second)
		}))
		require.Equal(t, time.Second, time.Since(began))
		require.Equal(t, "v", value)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.ErrorIs(t, cause, guest.ErrFinished)
	}, nil)
}

func TestJobsKeepNoProgramAlive(t *testing.T) {
	for name, shield := range map[string]func(context.Context) context.Context{
		"main's context": func(ctx context.Context) context.Context { return ctx },
		"a shielded one": context.WithoutCancel,
	} {
		synctest.Test(t, func(t *testing.T) {
			began, unwound := time.Now(), false
			var late, asked error
			var s *jobs.Set
			err := guest.RunTask(headless.New(), func(ctx context.Context) error {
				s = jobs.New(shield(ctx))
				s.Add("every", func(context.Context) error { return nil }, &jobs.Options{Every: time.Hour})
				s.Add("later", guest.Park, &jobs.Options{Delay: time.Hour})
				paused := s.Add("paused", guest.Park, &jobs.Options{Paused: true})
				s.Add("endless", func(ctx context.Context) error {
					defer func() { unwound = true }()
					late = guest.Park(ctx)
					asked = s.RunNow(paused).Err()
					return late
				}, &jobs.Options{Every: time.Hour, Retry: retries(4, -1)})
				return guest.Sleep(ctx, 100*time.Minute)
			}, nil)
			assert.NoError(t, err, name)
			assert.Equal(t, 100*time.Minute, time.Since(began), name)
			assert.True(t, unwound, name)
			assert.ErrorIs(t, late, guest.ErrFinished, name)
			assert.ErrorIs(t, asked, guest.ErrFinished, name)
			assert.ErrorIs(t, asked, jobs.ErrClosed, name)
			assert.Zero(t, s.Add("late", guest.Park, nil), name)
			assert.Empty(t, s.Jobs(), name)
		})
	}
}

// A shielded set is closed, too, from the moment when the guest takes no more tasks.
func TestSetIsClosedWhenItsGuestHasEnded(t *testing.T) {
	for name, shield := range map[string]func(context.Context) context.Context{
		"main's context": func(ctx context.Context) context.Context { return ctx },
		"a shielded one": context.WithoutCancel,
	} {
		synctest.Test(t, func(t *testing.T) {
			var s *jobs.Set
			var id jobs.ID
			refuses := func() {
				for _, id := range []jobs.ID{id, id + 1} {
					run := s.RunNow(id)
					assert.ErrorIs(t, run.Err(), jobs.ErrClosed, name)
					assert.ErrorIs(t, run.Err(), guest.ErrFinished, name)
					assert.ErrorIs(t, run.Wait(t.Context()), jobs.ErrClosed, name)
					run.Cancel(nil)
					<-run.Done()
					assert.NotEmpty(t, run.String())
				}
				assert.Zero(t, s.Add("late", guest.Park, nil), name)
				assert.False(t, s.Pause(id) || s.Resume(id) || s.Remove(id) || s.CancelRun(id, nil), name)
				assert.Empty(t, s.Jobs(), name)
			}
			_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
				s = jobs.New(shield(ctx))
				id = s.Add("x", guest.Park, &jobs.Options{Paused: true})
				g, _ := guest.FromContext(ctx)
				g.Go(func(ctx context.Context) error {
					err := guest.Park(ctx)
					refuses() // while it ends
					return err
				})
				return guest.Sleep(ctx, time.Second)
			}, nil)
			refuses()
			assert.NoError(t, s.Close(t.Context()), name)
		})
	}
}

// The guest takes no more tasks then, but tells what is left.
func TestFailureWhileTheGuestEndsIsNotLost(t *testing.T) {
	var heard []error
	synctest.Test(t, func(t *testing.T) {
		_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
			jobs.New(ctx).Add("backup", fail, &jobs.Options{Retry: retries(2, time.Hour)})
			return guest.Sleep(ctx, time.Second)
		}, hear(&heard))
	})
	require.Len(t, heard, 1)
	require.ErrorIs(t, heard[0], errBoom)
}

// What a set does after the end of its guest goes to the log. A log handler may call the set.
func TestSetIsNotLockedWhileItLogs(t *testing.T) {
	var s *jobs.Set
	handled := 0
	handler := looptest.LogHandler(func() {
		handled++
		looptest.Returns(t, func() { s.Jobs() })
	})
	var id jobs.ID
	err := guest.RunTask(headless.New(), func(ctx context.Context) error {
		s = jobs.New(ctx)
		begun := guest.NewFuture[any]()
		id = s.Add("backup", func(ctx context.Context) error {
			begun.Resolve(nil)
			_ = guest.Park(ctx)
			return errBoom
		}, nil)
		_, err := begun.Wait(ctx)
		return err
	}, &guest.Options{Logger: slog.New(handler)})
	require.NoError(t, err)
	of := func(where string, call func()) {
		before := handled
		call()
		require.Greater(t, handled, before, where)
	}
	require.NotZero(t, handled, "of the failed run")
	of("Add", func() { s.Add("late", guest.Park, nil) })
	of("RunNow", func() { s.RunNow(id) })
}
