package guest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func loseIt(context.Context) error { return errBoom }

func TestOnErrorHearsWhoseErrorItIs(t *testing.T) {
	heard := map[string]*guest.UnobservedError{}
	opts := quiet()
	what := ""
	opts.OnError = func(err error) {
		var u *guest.UnobservedError
		assert.ErrorAs(t, err, &u)
		assert.ErrorIs(t, err, errBoom)
		heard[what] = u
	}
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		what = "task"
		guestOf(ctx).Go(loseIt)
		assert.NoError(t, guest.Sleep(ctx, 1))
		what = "post"
		assert.NoError(t, guestOf(ctx).Post(func() { panic(errBoom) }))
		return guest.Sleep(ctx, 1)
	}))
	require.Equal(t, "guest_test.loseIt", heard["task"].Task)
	require.Regexp(t, `^unobserved_test\.go:\d+$`, heard["task"].At)
	require.Regexp(t, `^guest_test\.loseIt \(unobserved_test\.go:\d+\): boom$`, heard["task"].Error())
	require.Empty(t, heard["post"].Task)
	require.Empty(t, heard["post"].At)
	var p *guest.PanicError
	require.ErrorAs(t, heard["post"], &p)
}

// The second failure of a scope is in no result.
func TestSecondFailureIsNotSilent(t *testing.T) {
	second := errors.New("second")
	// Both children fail in one batch: the second does not answer the cancellation.
	run := func(ctx context.Context, late func() error) {
		assert.ErrorIs(t, guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, fails)
			guest.Go(ctx, func(context.Context) error { return late() })
			return nil
		}), errBoom)
		_ = guest.Sleep(ctx, 1)
	}
	t.Run("another error is logged, with the first", func(t *testing.T) {
		log := new(journal)
		require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
			run(ctx, func() error { return second })
			return nil
		}))
		require.Regexp(t, `one more failure in a scope that has failed.*err="guest_test\.TestSecondFailure.*: second" first=boom`, log.String())
	})
	t.Run("a panic goes where unobserved errors go", func(t *testing.T) {
		var heard []error
		opts := quiet()
		opts.OnError = func(err error) { heard = append(heard, err) }
		require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
			run(ctx, func() error { panic(second) })
			return nil
		}))
		require.Len(t, heard, 1)
		require.ErrorIs(t, heard[0], second)
	})
	t.Run("one that only follows from the cancellation is no failure", func(t *testing.T) {
		log := new(journal)
		require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
			run(ctx, func() error { return fmt.Errorf("as my brother: %w", errBoom) })
			return nil
		}))
		require.NotContains(t, log.String(), "one more failure")
	})
}

func TestFailureThatCancelsOthersIsLoggedNamingBoth(t *testing.T) {
	log := new(journal)
	require.ErrorIs(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		guest.Go(ctx, park)
		guest.Go(ctx, park)
		guest.Go(ctx, func(ctx context.Context) error {
			_ = guest.Sleep(ctx, time.Second)
			return errBoom
		})
		return nil
	}), errBoom)
	require.Regexp(t, `level=INFO msg="guest: a failure cancels the other tasks of its scope" `+
		`err="guest_test\.TestFailureThatCancelsOthers.*: boom" cancelled="\[guest_test\.park \(story_test\.go:\d+\)\]"`, log.String())

	log = new(journal)
	require.ErrorIs(t, virtually(t, &guest.Options{Logger: log.logger()}, fails), errBoom)
	require.Empty(t, log.String(), "it cancels nobody, and is in the result")
}

// Fyne quits with its last window. A program that closes its login window a moment before it
// opens the next one ends, with code 0.
func TestLoopThatEndsWhileMainIsAtWorkIsLogged(t *testing.T) {
	for name, c := range map[string]struct {
		main func(ctx context.Context) error
		says bool
	}{
		"main sleeps":          {func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }, true},
		"main waits for work":  {func(ctx context.Context) error { return inBackground(ctx, func(ctx context.Context) { <-ctx.Done() }) }, true},
		"main yields":          {func(ctx context.Context) error { return forEver(ctx) }, true},
		"main parks":           {park, false},
		"main has returned":    {func(ctx context.Context) error { guest.Go(ctx, park); return nil }, false},
		"main joins":           {func(ctx context.Context) error { guest.Go(ctx, park); return guest.Join(ctx) }, false},
		"main waits for tasks": {func(ctx context.Context) error { return guest.Go(ctx, park).Wait(ctx) }, false},
		"main is in a scope": {func(ctx context.Context) error {
			return guest.Supervise(ctx, func(ctx context.Context) error { guest.Go(ctx, park); return nil })
		}, false},
		"main is cancelled": {func(ctx context.Context) error {
			guestOf(ctx).Cancel(nil)
			return guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(journal)
			loop := headless.New()
			_ = guest.RunTask(loop, func(ctx context.Context) error {
				guestOf(ctx).Go(func(ctx context.Context) error {
					err := errors.Join(guest.Yield(ctx), guest.Yield(ctx))
					loop.Quit()
					return err
				})
				return c.main(ctx)
			}, &guest.Options{Logger: log.logger()})
			const line = "the host's loop has ended while main was at work"
			if c.says {
				require.Contains(t, log.String(), line)
				require.Contains(t, log.String(), "main=")
			} else {
				require.NotContains(t, log.String(), line)
			}
		})
	}
}

func forEver(ctx context.Context) error {
	for {
		if err := guest.Yield(ctx); err != nil {
			return err
		}
	}
}

// A loser of All or First fails with what is of no interest any more, unless it panics.
func TestPanicOfALoserIsReported(t *testing.T) {
	for name, c := range map[string]struct {
		lose  func() error
		heard int
	}{
		"it panics": {func() error { panic(errBoom) }, 1},
		"it fails":  {func() error { return errBoom }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var heard []error
			opts := quiet()
			opts.OnError = func(err error) { heard = append(heard, err) }
			require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
				err := guest.Supervise(ctx, func(ctx context.Context) error {
					loser := guest.Async(ctx, func(ctx context.Context) (int, error) {
						_ = guest.Park(ctx)
						return 0, c.lose()
					})
					winner := guest.Async(ctx, func(context.Context) (int, error) { return 1, nil })
					_, err := guest.First(ctx, loser, winner)
					return err
				})
				assert.NoError(t, guest.Yield(ctx))
				return err
			}))
			require.Len(t, heard, c.heard)
		})
	}
}

func TestClosedWindowIsNoUnobservedError(t *testing.T) {
	opts := quiet()
	opts.OnError = func(err error) { t.Errorf("OnError: %v", err) }
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		guestOf(ctx).Go(func(context.Context) error { return guest.ErrWindowClosed })
		guestOf(ctx).Go(func(context.Context) error { return fmt.Errorf("the prompt: %w", guest.ErrWindowClosed) })
		return guest.Sleep(ctx, time.Second)
	}))
}

// A panic with the cancellation's error, as of a function that must not fail, is a panic.
func TestPanicWithTheCancellationsErrorIsAFailure(t *testing.T) {
	err := virtually(t, quiet(), func(ctx context.Context) error {
		guestOf(ctx).Cancel(guest.ErrQuit)
		panic(guest.Park(ctx))
	})
	require.False(t, guest.IsQuit(err))
	var p *guest.PanicError
	require.ErrorAs(t, err, &p)
}

// A task that is not cancelled may meet refusals under contexts that are done, one now and then.
func TestRefusalsBetweenWaitsSlowNothingDown(t *testing.T) {
	log := new(journal)
	require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		over, cancel := context.WithCancel(ctx)
		cancel()
		start := time.Now()
		for range 300 {
			assert.Error(t, guest.Sleep(over, time.Second))
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		assert.Equal(t, 300*time.Millisecond, time.Since(start))
		return nil
	}))
	require.Empty(t, log.String())
}

// The place of a refused wait is a line of the program's, also if the wait is inlined from a
// package of the library.
func TestRefusedWaitNamesTheProgramsLine(t *testing.T) {
	log := new(journal)
	require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		assert.NoError(t, guestOf(ctx).Post(func() {
			for range guest.AsCompleted[*guest.Task](ctx) {
				break
			}
		}))
		return guest.Yield(ctx)
	}))
	require.Contains(t, log.String(), "at=unobserved_test.go:")
}
