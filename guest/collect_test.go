package guest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// after starts a task that takes so many seconds and then returns their number and err.
func after(ctx context.Context, seconds int, err error) *guest.Future[int] {
	return guest.Async(ctx, func(ctx context.Context) (int, error) {
		if err := guest.Sleep(ctx, time.Duration(seconds)*time.Second); err != nil {
			return 0, err
		}
		return seconds, err
	})
}

func TestAsCompletedComesInTheOrderOfEnding(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		settled := guest.NewFuture[int]()
		settled.Resolve(0)
		began, order := time.Now(), []int{}
		for f, err := range guest.AsCompleted(ctx, after(ctx, 3, nil), after(ctx, 1, nil), settled, after(ctx, 2, nil)) {
			assert.NoError(t, err)
			v, err := f.Wait(ctx)
			assert.NoError(t, err)
			assert.Equal(t, time.Duration(v)*time.Second, time.Since(began), "as soon as it has ended")
			order = append(order, v)
		}
		assert.Equal(t, []int{0, 1, 2, 3}, order)
		for range guest.AsCompleted[*guest.Task](ctx) {
			t.Error("there was nothing to wait for")
		}
		return nil
	}))
}

func TestTasksAndFuturesAreCollectedTogether(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
		word, number := guest.NewFuture[string](), after(ctx, 1, nil)
		time.AfterFunc(time.Hour, func() { word.Resolve("late") })
		var order []guest.Pending
		for p, err := range guest.AsCompleted[guest.Pending](ctx, word, task, number, number) {
			assert.NoError(t, err)
			order = append(order, p)
		}
		assert.Equal(t, []guest.Pending{number, number, task, word}, order)
		return nil
	}))
}

func TestFailureOfACollectedTaskIsObserved(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		g := guestOf(ctx)
		for task, err := range guest.AsCompleted(ctx, g.Go(fails), g.Go(fails)) {
			assert.NoError(t, err)
			assert.Equal(t, errBoom, task.Err())
		}
		assert.Zero(t, g.Stats().Unobserved)
		return nil
	}))
}

func TestBreakingOffACollectionLeavesNothingBehind(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		never, slow := guest.NewFuture[int](), after(ctx, 60, nil)
		for f, err := range guest.AsCompleted(ctx, never, slow, after(ctx, 1, nil)) {
			assert.NoError(t, err)
			v, _ := f.Wait(ctx)
			assert.Equal(t, 1, v)
			break
		}
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		pairs := 0
		for f, err := range guest.AsCompleted(short, never, slow) {
			assert.Nil(t, f)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			pairs++
		}
		assert.Equal(t, 1, pairs)
		v, err := slow.Wait(ctx) // it has not been cancelled
		assert.Equal(t, 60, v)
		return err
	}))
}

func TestAllUnderADoneContextHandsItsValuesOverWithTheError(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		f.Resolve(7)
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		values, err := guest.All(cancelled, f)
		assert.Equal(t, []int{7}, values)
		assert.ErrorIs(t, err, context.Canceled)
		f = guest.NewFuture[int]()
		values, err = guest.All(cancelled, f)
		assert.Nil(t, values)
		assert.ErrorIs(t, err, context.Canceled)
		return nil
	}))
}

func TestAllReturnsTheValuesInTheOrderGiven(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		values, err := guest.All(ctx, after(ctx, 3, nil), after(ctx, 1, nil), after(ctx, 2, nil))
		assert.Equal(t, []int{3, 1, 2}, values)
		none, nothing := guest.All[int](ctx)
		assert.Empty(t, none)
		assert.NoError(t, nothing)
		_, tasks := guest.All(ctx, guest.Go(ctx, guest.Yield).Future(), guest.Go(ctx, guest.Yield).Future())
		return errors.Join(err, tasks)
	}))
}

func TestFirstErrorEndsAllAndCancelsTheRest(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		slow, deaf, bare := after(ctx, 60, nil), after(context.WithoutCancel(ctx), 2, errors.New("later")), guest.NewFuture[int]()
		_, err := guest.All(ctx, slow, after(ctx, 1, errBoom), deaf, bare)
		assert.Equal(t, errBoom, err)
		_, err = slow.Wait(ctx)
		assert.ErrorIs(t, err, context.Canceled)
		_, err = bare.Wait(ctx)
		assert.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Second, time.Since(began))
		return guest.Join(ctx) // nor does the scope fail with what came later
	}))
}

func TestFirstValueCancelsTheRest(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		slow := after(ctx, 60, nil)
		v, err := guest.First(ctx, slow, after(ctx, 1, errBoom), after(ctx, 2, nil))
		assert.NoError(t, err, "a failure is not the first value")
		assert.Equal(t, 2, v)
		err = guest.Join(ctx)
		assert.Equal(t, 2*time.Second, time.Since(began))
		return err
	}))
}

// One that fails a moment after the decision is as little of interest as one that failed a
// moment before: the scope has not failed.
func TestLosersOwnErrorsAreOfNoInterest(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		unclean := guest.Async(ctx, func(ctx context.Context) (int, error) {
			_ = guest.Park(ctx)
			return 0, errBoom // and not the answer to the cancellation
		})
		v, err := guest.First(ctx, unclean, after(ctx, 1, nil))
		assert.NoError(t, err)
		assert.Equal(t, 1, v)
		assert.NoError(t, guest.Join(ctx))
		_, err = unclean.Wait(ctx)
		assert.Equal(t, errBoom, err, "who asks is told")
		return nil
	}))
}

func TestWhenAllFailTheFirstIsAllTheirErrors(t *testing.T) {
	other := errors.New("other")
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		_, err := guest.First(ctx, after(ctx, 2, errBoom), after(ctx, 1, other))
		assert.Equal(t, "other\nboom", err.Error())
		assert.ErrorIs(t, err, errBoom)
		_, err = guest.First[int](ctx)
		assert.ErrorContains(t, err, "First called without futures")
		return nil
	}))
}

func TestCancelledCollectionCancelsNobody(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		slow := after(ctx, 60, nil)
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_, err := guest.First(short, slow)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = guest.All(short, slow)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = slow.Wait(ctx)
		return err
	}))
}

func TestGoroutinesCollectWithDeadlines(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) {
			values, err := guest.All(ctx, after(ctx, 2, nil), after(ctx, 1, nil))
			assert.NoError(t, err)
			assert.Equal(t, []int{2, 1}, values)
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			_, err = guest.First(short, after(ctx, 60, nil))
			assert.ErrorIs(t, err, context.DeadlineExceeded)
		})
	}))
}

func TestCollectingOnTheUIThreadOutsideATaskWouldDeadlock(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		require.NoError(t, guestOf(ctx).Post(func() {
			_, err := guest.First(ctx, f)
			assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
		}))
		return guest.Yield(ctx)
	}))
}

func TestCircleThroughACollectionIsRefused(t *testing.T) {
	t.Run("by the one that collects", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			var self *guest.Future[int]
			self = guest.Async(ctx, func(ctx context.Context) (int, error) {
				_, err := guest.All(ctx, after(ctx, 1, nil), self)
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
				return 7, nil
			})
			v, err := self.Wait(ctx)
			assert.Equal(t, 7, v)
			return err
		}))
	})
	t.Run("by one of those collected", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			var first *guest.Future[int]
			second := guest.Async(ctx, func(ctx context.Context) (int, error) {
				_ = guest.Sleep(ctx, time.Second)
				return first.Wait(ctx)
			})
			first = guest.Async(ctx, func(ctx context.Context) (int, error) {
				values, err := guest.All(ctx, second)
				assert.Empty(t, values)
				return 7, err
			})
			_, err := first.Wait(ctx)
			assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			return nil
		}))
	})
	t.Run("in a background function", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			var self *guest.Task
			self = guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) {
					for _, err := range guest.AsCompleted(ctx, self) {
						assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
					}
				})
			})
			return self.Wait(ctx)
		}))
	})
	t.Run("and one that was broken off is none", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			var first *guest.Future[int]
			second := guest.Async(ctx, func(ctx context.Context) (int, error) {
				_ = guest.Sleep(ctx, time.Minute)
				return first.Wait(ctx)
			})
			first = guest.Async(ctx, func(ctx context.Context) (int, error) {
				for range guest.AsCompleted(ctx, after(ctx, 1, nil), second) {
					break
				}
				return 7, guest.Sleep(ctx, time.Hour)
			})
			v, err := second.Wait(ctx)
			assert.Equal(t, 7, v)
			return err
		}))
	})
}

func TestCollectingRacesSettling(t *testing.T) {
	require.NoError(t, really(nil, func(ctx context.Context) error {
		for range 100 {
			fs := make([]*guest.Future[int], 8)
			for i := range fs {
				fs[i] = guest.NewFuture[int]()
				go func() { fs[i].Resolve(i) }()
			}
			var seen []int
			for f, err := range guest.AsCompleted(ctx, fs...) {
				assert.NoError(t, err)
				v, _ := f.Wait(ctx)
				seen = append(seen, v)
			}
			slices.Sort(seen)
			assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7}, seen)
			_, err := guest.First(ctx, guest.NewFuture[int](), fs[0], guest.NewFuture[int]())
			assert.NoError(t, err)
		}
		return nil
	}))
}

func TestManyCollectionsOfOneFutureComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.NoError(t, really(nil, func(ctx context.Context) error {
			f := guest.NewFuture[int]()
			for range 100 {
				guest.Go(ctx, func(ctx context.Context) error {
					for i := range 100 {
						short, cancel := context.WithTimeout(ctx, time.Second)
						_, err := guest.All(short, f, guest.NewFuture[int]())
						cancel()
						if i < 99 {
							assert.ErrorIs(t, err, context.DeadlineExceeded)
						}
					}
					return nil
				})
			}
			err := guest.Join(ctx)
			f.Resolve(1)
			return err
		}))
	})
}

// Results as they come.
func ExampleAsCompleted() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		var all []*guest.Future[string]
		for i, name := range []string{"slow", "quick"} {
			all = append(all, guest.Async(ctx, func(ctx context.Context) (string, error) {
				return name, guest.Sleep(ctx, time.Duration(2-i)*10*time.Millisecond)
			}))
		}
		for f, err := range guest.AsCompleted(ctx, all...) {
			if err != nil {
				return nil, err
			}
			fmt.Println(f.Wait(ctx))
		}
		return nil, nil
	}, nil)
	// Output:
	// quick <nil>
	// slow <nil>
}

// A race: the winner's value, and the others are cancelled.
func ExampleFirst() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		mirror := func(name string, takes time.Duration) *guest.Future[string] {
			return guest.Async(ctx, func(ctx context.Context) (string, error) { return name, guest.Sleep(ctx, takes) })
		}
		fmt.Println(guest.First(ctx, mirror("far", time.Hour), mirror("near", time.Millisecond)))
		return nil, nil
	}, nil)
	// Output: near <nil>
}

// Tasks and futures of several types, as what they have in common.
func ExamplePending() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		saved := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		answer := guest.NewFuture[string]()
		answer.Resolve("yes")
		for p, err := range guest.AsCompleted[guest.Pending](ctx, saved, answer) {
			fmt.Println(p == guest.Pending(answer), err)
			break
		}
		saved.Cancel(nil)
		return nil, nil
	}, nil)
	// Output: true <nil>
}

// Several results, each where it belongs.
func ExampleAll() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		square := func(n int) *guest.Future[int] {
			return guest.Async(ctx, func(context.Context) (int, error) { return n * n, nil })
		}
		fmt.Println(guest.All(ctx, square(3), square(4)))
		return nil, nil
	}, nil)
	// Output: [9 16] <nil>
}
