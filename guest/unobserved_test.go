package guest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
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
	t.Run("another error is logged", func(t *testing.T) {
		log := new(journal)
		require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
			run(ctx, func() error { return second })
			return nil
		}))
		require.Regexp(t, `another failure in a scope; the scope returns only the first" err="guest_test\.TestSecondFailure.*: second"`, log.String())
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
		require.NotContains(t, log.String(), "another failure")
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

	require.ErrorIs(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		guest.Go(ctx, guest.Park)
		_ = guest.Yield(ctx)
		return errBoom
	}), errBoom)
	require.Empty(t, log.String(), "functions of the library say nothing to the reader")

	log = new(journal)
	require.ErrorIs(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error { guest.Go(ctx, park); return errBoom })
		return guest.Park(ctx)
	}), errBoom)
	require.Contains(t, log.String(), "not begun\"=1", "a child that has not begun")
	require.Regexp(t, `cancelled="\[guest_test\.really[^]]*\]" "not begun"=0`, log.String(), "and main itself")
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
			const line = "the host's loop has ended before main was done"
			if c.says {
				require.Contains(t, log.String(), line)
				require.Contains(t, log.String(), "task.at=unobserved_test.go:")
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

var errDisk = errors.New("the disk is full")

// A failure that is joined to the answer to a cancellation is a failure.
func TestFailureBesideAnAnswerIsNeverHidden(t *testing.T) {
	answers := map[string]func(park error) error{
		"joined":        func(park error) error { return errors.Join(park, errDisk) },
		"joined before": func(park error) error { return errors.Join(errDisk, park) },
		"both wrapped":  func(park error) error { return fmt.Errorf("saving: %w: %w", errDisk, park) },
		"deep":          func(park error) error { return fmt.Errorf("a: %w", errors.Join(fmt.Errorf("b: %w", park), errDisk)) },
	}
	places := map[string]func(ctx context.Context, fn func(ctx context.Context) error) error{
		"main": func(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) },
		"a child": func(ctx context.Context, fn func(ctx context.Context) error) error {
			guest.Go(ctx, fn)
			return guest.Park(ctx)
		},
		"a Scope": guest.Scope,
		"Background": func(ctx context.Context, fn func(ctx context.Context) error) error {
			return inBackgroundErr(ctx, fn)
		},
		"a child's Background": func(ctx context.Context, fn func(ctx context.Context) error) error {
			guest.Go(ctx, func(ctx context.Context) error { return inBackgroundErr(ctx, fn) })
			return guest.Park(ctx)
		},
		"Submit": func(ctx context.Context, fn func(ctx context.Context) error) error {
			guest.Submit(ctx, func(ctx context.Context) (int, error) { return 0, fn(ctx) })
			return guest.Park(ctx)
		},
		"Async": func(ctx context.Context, fn func(ctx context.Context) error) error {
			guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, fn(ctx) })
			return guest.Park(ctx)
		},
	}
	for name, answer := range answers {
		for where, place := range places {
			t.Run(name+" in "+where, func(t *testing.T) {
				var err error
				synctest.Test(t, func(t *testing.T) {
					err = guest.RunTask(headless.New(), func(ctx context.Context) error {
						time.AfterFunc(time.Second, func() { guestOf(ctx).Cancel(nil) })
						return place(ctx, func(ctx context.Context) error { return answer(guest.Park(ctx)) })
					}, quiet())
				})
				require.ErrorIs(t, err, errDisk)
				require.False(t, guest.IsQuit(err))
				require.False(t, guest.Cancelled(err))
			})
		}
	}
}

// What only answers, in whatever words, is a quit.
func TestAnswerInWordsIsAQuit(t *testing.T) {
	for _, answer := range []func(park error) error{
		func(park error) error { return park },
		func(park error) error { return fmt.Errorf("loading: %w", park) },
		func(park error) error { return errors.Join(park, context.Canceled) },
		func(error) error { return guest.ErrQuit },
		func(error) error { return context.Canceled },
	} {
		err := virtually(t, quiet(), func(ctx context.Context) error {
			guestOf(ctx).Cancel(nil)
			return answer(guest.Park(ctx))
		})
		require.True(t, guest.IsQuit(err), "%v", err)
	}
	require.True(t, guest.IsQuit(guest.ErrQuit))
	require.True(t, guest.IsQuit(fmt.Errorf("loading: %w", guest.ErrHostGone)))
}

// When a function of Scope panics, the panic goes on, and no result has the other failures.
func TestFailuresBesideAPanicInAScopeAreNotSilent(t *testing.T) {
	for name, c := range map[string]struct {
		child func(ctx context.Context) error
		heard int
		log   string
	}{
		"that came before": {func(context.Context) error { return errDisk }, 0, "the disk is full"},
		"that came after":  {func(ctx context.Context) error { _ = guest.Park(ctx); return errDisk }, 0, "the disk is full"},
		"that are panics":  {func(ctx context.Context) error { _ = guest.Park(ctx); panic(errDisk) }, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			log, heard := new(journal), []error(nil)
			_ = virtually(t, &guest.Options{Logger: log.logger(), OnError: func(err error) { heard = append(heard, err) }},
				func(ctx context.Context) error {
					task := guestOf(ctx).Go(func(ctx context.Context) error {
						return guest.Scope(ctx, func(ctx context.Context) error {
							guest.Go(ctx, c.child)
							_ = guest.Sleep(ctx, time.Millisecond)
							panic(errBoom)
						})
					})
					assert.ErrorIs(t, task.Wait(ctx), errBoom)
					return guest.Yield(ctx)
				})
			require.Len(t, heard, c.heard)
			require.Contains(t, log.String(), c.log)
		})
	}
}

func TestClosedWindowOfAFutureIsNoUnobservedError(t *testing.T) {
	opts := quiet()
	opts.OnError = func(err error) { t.Errorf("OnError: %v", err) }
	require.NoError(t, really(opts, func(ctx context.Context) error {
		makeAndForget(func(f *guest.Future[int]) { f.Reject(guest.ErrWindowClosed) })
		collect()
		return guest.Sleep(ctx, time.Millisecond)
	}))
}

// An earlier failure that nobody observed displaces a later one, which is then in no result.
func TestDisplacedFailureIsNotSilent(t *testing.T) {
	later := errors.New("later")
	starts := map[string]func(ctx context.Context){
		"Async":  func(ctx context.Context) { guest.Async(ctx, failsWithout) },
		"Submit": func(ctx context.Context) { guest.Submit(ctx, failsWithout) },
	}
	for name, start := range starts {
		t.Run(name, func(t *testing.T) {
			log, heard := new(journal), []error(nil)
			opts := &guest.Options{Logger: log.logger(), OnError: func(err error) { heard = append(heard, err) }}
			run := func(end func() error) error {
				return virtually(t, opts, func(ctx context.Context) error {
					err := guest.Scope(ctx, func(ctx context.Context) error {
						start(ctx)
						_ = guest.Sleep(ctx, time.Second)
						guest.Go(ctx, func(context.Context) error { return end() })
						return nil
					})
					_ = guest.Yield(ctx)
					return err
				})
			}
			require.ErrorIs(t, run(func() error { return later }), errBoom)
			require.Contains(t, log.String(), "err=later")
			require.Empty(t, heard)
			require.ErrorIs(t, run(func() error { panic(later) }), errBoom)
			require.Len(t, heard, 1)
			require.ErrorIs(t, heard[0], later)
		})
	}
}

// A list that says for itself what it is.
type claims struct{ errs []error }

func (c claims) Error() string        { return "claims" }
func (c claims) Unwrap() []error      { return c.errs }
func (c claims) Is(target error) bool { return errors.Is(errors.Join(c.errs...), target) }

func TestErrorThatClaimsToBeAnAnswerHidesNothing(t *testing.T) {
	require.ErrorIs(t, virtually(t, quiet(), func(ctx context.Context) error {
		guestOf(ctx).Cancel(nil)
		return claims{[]error{guest.Park(ctx), errDisk}}
	}), errDisk)
	require.False(t, guest.IsQuit(errors.Join(guest.ErrQuit, errDisk)))
	// nor does the cause of the cancellation
	err := virtually(t, quiet(), func(ctx context.Context) error {
		guestOf(ctx).Cancel(errors.Join(guest.ErrQuit, errDisk))
		return guest.Park(ctx)
	})
	require.ErrorIs(t, err, errDisk)
	require.False(t, guest.IsQuit(err))
}

// A scope that the task has opened inside is no task, and hides none that has not begun.
func TestTasksThatHaveNotBegunAreCountedBesideAnInnerScope(t *testing.T) {
	log := new(journal)
	require.ErrorIs(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(context.Context) error {
				guest.Go(ctx, park) // a sibling
				return errBoom
			})
			return guest.Supervise(ctx, guest.Park)
		})
	}), errBoom)
	require.Contains(t, log.String(), `"not begun"=1`)
}
