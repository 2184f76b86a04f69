package guest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

// taking returns a function that takes its time and notes when it begins and ends.
func taking(s *story, d time.Duration, begin, end int32) func(ctx context.Context) (int32, error) {
	return func(ctx context.Context) (int32, error) {
		s.step(begin)
		err := guest.Sleep(ctx, d)
		s.step(end)
		return end, err
	}
}

func TestQueueRunsOneAfterAnotherInOrder(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		q := new(guest.Queue[int32])
		for i := range int32(10) {
			f := q.Add(ctx, taking(s, time.Duration(10-i)*time.Second, 2*i+1, 2*i+2))
			if i == 9 {
				v, err := f.Wait(ctx)
				assert.Equal(t, int32(20), v)
				assert.NoError(t, err)
			}
		}
		assert.Equal(t, 55*time.Second, time.Since(began))
		return nil
	}))
}

func TestFunctionOfAQueueHasEndedWhenWhatItStartedHas(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := new(guest.Queue[int32])
		q.Add(ctx, func(ctx context.Context) (int32, error) {
			s.step(1)
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Sleep(ctx, time.Hour)
				s.step(2)
				return err
			})
			return 0, nil
		})
		_, err := q.Add(ctx, taking(s, 0, 3, 4)).Wait(ctx)
		return err
	}))
}

func TestQueueOfBackgroundWorkKeepsItsOrder(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := new(guest.Queue[int])
		for i := range int32(10) {
			q.Add(ctx, func(ctx context.Context) (int, error) {
				return guest.Background(ctx, func(context.Context) (int, error) {
					s.step(2*i + 1)
					time.Sleep(time.Duration(10-i) * time.Second)
					s.step(2*i + 2)
					return 0, nil
				})
			})
		}
		return guest.Join(ctx)
	}))
}

func TestAddFromManyGoroutinesKeepsEachOnesOrder(t *testing.T) {
	const goroutines, each = 8, 50
	require.NoError(t, really(nil, func(ctx context.Context) error {
		q := new(guest.Queue[int])
		seen := [goroutines][]int{}
		running := false
		err := inBackground(ctx, func(ctx context.Context) {
			var wg sync.WaitGroup
			for i := range goroutines {
				wg.Go(func() {
					for j := range each {
						q.Add(ctx, func(ctx context.Context) (int, error) {
							assert.False(t, running)
							running = true
							err := guest.Yield(ctx)
							seen[i] = append(seen[i], j)
							running = false
							return 0, err
						})
					}
				})
			}
			wg.Wait()
		})
		assert.NoError(t, guest.Join(ctx))
		for i := range goroutines {
			assert.Len(t, seen[i], each)
			for j, got := range seen[i] {
				assert.Equal(t, j, got)
			}
		}
		return err
	}))
}

func TestQueuesContextIsThatOfTheAdding(t *testing.T) {
	type key struct{}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := new(guest.Queue[string])
		say := func(ctx context.Context) (string, error) {
			return ctx.Value(key{}).(string), guest.Sleep(ctx, time.Hour)
		}
		a := q.Add(context.WithValue(ctx, key{}, "a"), say)
		short, cancel := context.WithTimeout(context.WithValue(ctx, key{}, "b"), time.Minute)
		defer cancel()
		b := q.Add(short, say)
		c := q.Add(context.WithoutCancel(short), say)
		began := time.Now()
		_, err := b.Wait(ctx)
		assert.ErrorIs(t, err, context.DeadlineExceeded, "its turn has not come")
		assert.Equal(t, time.Minute, time.Since(began))
		v, err := a.Wait(ctx)
		assert.Equal(t, "a", v)
		assert.NoError(t, err)
		v, err = c.Wait(ctx)
		assert.Equal(t, "b", v)
		assert.NoError(t, err)
		assert.Equal(t, 2*time.Hour, time.Since(began), "who was cancelled let nobody pass")
		return nil
	}))
}

func TestWhoIsCancelledLastLeavesTheOrder(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := new(guest.Queue[int32])
		q.Add(ctx, taking(s, time.Hour, 1, 2))
		last := q.Add(ctx, func(context.Context) (int32, error) { t.Error("it ran"); return 0, nil })
		assert.NoError(t, guest.Sleep(ctx, time.Minute))
		last.Cancel(nil)
		_, err := last.Wait(ctx)
		assert.ErrorIs(t, err, context.Canceled)
		_, err = q.Add(ctx, taking(s, 0, 3, 4)).Wait(ctx)
		return err
	}))
}

// TestWhoIsCancelledBeforeHisTurnNeverRuns, though he would not have had to wait for it.
func TestWhoIsCancelledBeforeHisTurnNeverRuns(t *testing.T) {
	never := func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := new(guest.Queue[int])
		why := errors.New("no longer wanted")
		done, cancel := context.WithCancelCause(ctx)
		cancel(why)
		_, err := q.Add(done, never).Wait(ctx)
		assert.ErrorIs(t, err, context.Canceled, "in an empty queue")
		assert.ErrorIs(t, err, why)

		// over before the next begins
		q.Add(ctx, func(context.Context) (int, error) { return 1, nil })
		late := q.Add(ctx, never)
		late.Cancel(why)
		_, err = late.Wait(ctx)
		assert.ErrorIs(t, err, why, "behind a short one")

		v, err := q.Add(context.WithoutCancel(done), func(context.Context) (int, error) { return 2, nil }).Wait(ctx)
		assert.Equal(t, 2, v)
		return err
	}))
}

func TestQueueIsBoundedOnRequest(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := &guest.Queue[int32]{Limit: 2}
		q.Add(ctx, taking(s, time.Hour, 1, 2))
		q.Add(ctx, taking(s, time.Hour, 3, 4))
		third := q.Add(ctx, taking(s, time.Hour, 5, 6))
		_, err := q.Add(ctx, func(context.Context) (int32, error) { t.Error("it ran"); return 0, nil }).Wait(ctx)
		assert.Equal(t, guest.ErrQueueFull, err)
		_, err = third.Wait(ctx)
		assert.NoError(t, err)
		_, err = q.Add(ctx, taking(s, time.Hour, 7, 8)).Wait(ctx)
		return err
	}))
}

func TestCloseCancelsWhatWaitsAndFinishesWhatRuns(t *testing.T) {
	for name, closing := range map[string]func(ctx context.Context, q *guest.Queue[int32]) error{
		"in a task": func(ctx context.Context, q *guest.Queue[int32]) error { return q.Close(ctx) },
		"on a goroutine": func(ctx context.Context, q *guest.Queue[int32]) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { return 0, q.Close(ctx) })
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &story{t: t}
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				q := new(guest.Queue[int32])
				assert.NoError(t, q.Close(ctx), "an empty one")
				q = new(guest.Queue[int32])
				began := time.Now()
				runs := q.Add(ctx, taking(s, time.Hour, 1, 2))
				var waits []*guest.Future[int32]
				for range 3 {
					waits = append(waits, q.Add(ctx, func(context.Context) (int32, error) { t.Error("it ran"); return 0, nil }))
				}
				assert.NoError(t, guest.Sleep(ctx, time.Minute))
				assert.NoError(t, closing(ctx, q))
				assert.Equal(t, time.Hour, time.Since(began))
				v, err := runs.Wait(ctx)
				assert.Equal(t, int32(2), v)
				assert.NoError(t, err)
				for _, f := range append(waits, q.Add(ctx, nothing32)) {
					_, err := f.Wait(ctx)
					assert.ErrorIs(t, err, guest.ErrFinished)
				}
				assert.NoError(t, q.Close(ctx), "twice")
				return nil
			}))
		})
	}
}

func nothing32(context.Context) (int32, error) { return 0, nil }

func TestCloseGivesUpWaitingWithItsContext(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := new(guest.Queue[int32])
		q.Add(ctx, taking(s, time.Hour, 1, 2))
		short, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		assert.ErrorIs(t, q.Close(short), context.DeadlineExceeded)
		return q.Close(ctx)
	}))
}

func TestCloseIsNeverADeadlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			q := new(guest.Queue[int])
			_, err := q.Add(ctx, func(ctx context.Context) (int, error) {
				assert.ErrorIs(t, q.Close(ctx), guest.ErrWouldDeadlock, "in a function of its own")
				return 0, guest.RunOnMain(ctx, func() { assert.ErrorIs(t, q.Close(ctx), guest.ErrWouldDeadlock, "in a posted function") })
			}).Wait(ctx)
			return 0, err
		}, nil)
		require.NoError(t, err)
	})
}

func TestEarlierFunctionThatWaitsForALaterOneIsRefused(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		// before the later one waits, and when it does
		for _, pause := range []time.Duration{0, time.Minute} {
			q := new(guest.Queue[int])
			_, err := q.Add(short, func(ctx context.Context) (int, error) {
				later := q.Add(ctx, func(context.Context) (int, error) { return 0, nil })
				_ = guest.Sleep(ctx, pause)
				return later.Wait(ctx)
			}).Wait(short)
			assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
		}
		return nil
	}))
}

func TestQueueOutsideAnyGuest(t *testing.T) {
	q := new(guest.Queue[int])
	_, err := q.Add(t.Context(), func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }).Wait(t.Context())
	require.Equal(t, guest.ErrNoGuest, err)
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		return inBackground(ctx, func(context.Context) {
			v, err := q.Add(context.Background(), func(ctx context.Context) (int, error) {
				assert.Same(t, g, guestOf(ctx))
				return 7, guest.Sleep(ctx, time.Hour)
			}).Wait(context.Background())
			assert.Equal(t, 7, v)
			assert.NoError(t, err)
		})
	}))
}

func TestQueueServesSeveralGuests(t *testing.T) {
	q, s := new(guest.Queue[int32]), &story{t: t}
	synctest.Test(t, func(*testing.T) {
		var wg sync.WaitGroup
		for i := range int32(4) {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				assert.NoError(t, really(nil, func(ctx context.Context) error {
					_, err := q.Add(ctx, taking(s, time.Hour, 2*i+1, 2*i+2)).Wait(ctx)
					return err
				}))
			})
		}
		wg.Wait()
	})
}

func TestFailureIsTheFuturesAndTheNextGoesOn(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		q := new(guest.Queue[int])
		a := q.Add(ctx, func(context.Context) (int, error) { return 0, errBoom })
		b := q.Add(ctx, func(context.Context) (int, error) { return 7, nil })
		_, err := a.Wait(ctx)
		assert.Equal(t, errBoom, err)
		v, err := b.Wait(ctx)
		assert.Equal(t, 7, v)
		return err
	}))
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		new(guest.Queue[int]).Add(ctx, func(context.Context) (int, error) { return 0, errBoom })
		return nil
	}), errBoom, "nobody has observed it: it is the scope's, as of Async")
}

// Functions are added to one queue for each name, as async_kernel does for each function: those
// of one name come one after another, those of different names side by side.
func ExampleQueue() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		queues := map[string]*guest.Queue[string]{}
		save := func(name, text string) *guest.Future[string] {
			if queues[name] == nil {
				queues[name] = new(guest.Queue[string])
			}
			return queues[name].Add(ctx, func(ctx context.Context) (string, error) {
				return guest.Background(ctx, func(context.Context) (string, error) { return name + " " + text, nil })
			})
		}
		first, second, other := save("a", "draft"), save("a", "final"), save("b", "note")
		for _, f := range []*guest.Future[string]{first, second, other} {
			fmt.Println(f.Wait(ctx))
		}
		return nil, queues["a"].Close(ctx)
	}, nil)
	// Output:
	// a draft <nil>
	// a final <nil>
	// b note <nil>
}

// A bounded queue says so at once, and the producer waits for what it has added before.
func ExampleQueue_limit() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		q := &guest.Queue[int]{Limit: 1}
		work := func(ctx context.Context) (int, error) { return 7, guest.Sleep(ctx, time.Millisecond) }
		runs, waits, tooMany := q.Add(ctx, work), q.Add(ctx, work), q.Add(ctx, work)
		_, err := tooMany.Wait(ctx)
		fmt.Println(err)
		_, _ = runs.Wait(ctx)
		fmt.Println(waits.Wait(ctx))
		return nil, nil
	}, nil)
	// Output:
	// guest: the queue is full; wait for the future of an earlier function before adding more
	// 7 <nil>
}

func TestNegativeLimitIsRefused(t *testing.T) {
	require.Equal(t, "guest: a Queue has a negative Limit; give zero for no limit",
		panicOf(func() {
			q := &guest.Queue[int]{Limit: -1}
			q.Add(context.Background(), func(context.Context) (int, error) { return 0, nil })
		}))
}

// TestCloseCancelsInTheOrderOfAdd, so that a test with virtual time repeats itself.
func TestCloseCancelsInTheOrderOfAdd(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var q guest.Queue[int]
		q.Add(ctx, func(ctx context.Context) (int, error) { return 0, guest.Sleep(ctx, time.Second) })
		var order []int
		for i := range 12 {
			f := q.Add(ctx, func(context.Context) (int, error) { return i, nil })
			guest.Go(ctx, func(ctx context.Context) error {
				_, _ = f.Wait(ctx)
				order = append(order, i)
				return nil
			})
		}
		assert.NoError(t, guest.Yield(ctx))
		assert.NoError(t, q.Close(ctx))
		assert.NoError(t, guest.Yield(ctx))
		assert.True(t, len(order) == 12 && slices.IsSorted(order), order)
		return nil
	}))
}

// A refused start is logged. The log handler may call the queue: no lock is held.
func TestQueueIsNotLockedWhileItsStartIsLogged(t *testing.T) {
	q, handled := new(guest.Queue[int]), 0
	one := func(context.Context) (int, error) { return 1, nil }
	var over context.Context
	handler := looptest.LogHandler(func() {
		handled++
		looptest.Returns(t, func() { q.Add(over, one) })
	})
	err := guest.RunTask(headless.New(), func(ctx context.Context) error {
		_ = guest.Scope(ctx, func(ctx context.Context) error { over = ctx; return nil })
		_, err := q.Add(over, one).Wait(ctx)
		return err
	}, &guest.Options{Logger: slog.New(handler)})
	require.ErrorIs(t, err, guest.ErrFinished)
	require.Positive(t, handled)
}
