package guest_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/inspect"
)

// A fragile error can't take a nil pointer, like most errors.
type fragile struct{ cause error }

func (e *fragile) Error() string { return fmt.Sprint("fragile: ", e.cause) }
func (e *fragile) Unwrap() error { return e.cause }

// A broken error panics when it is asked what it is.
type broken struct{ method string }

func (e broken) Error() string { return "broken" }
func (e broken) Is(error) bool { e.in("Is"); return false }
func (e broken) As(any) bool   { e.in("As"); return false }
func (e broken) Unwrap() error { e.in("Unwrap"); return nil }
func (e broken) in(method string) {
	if e.method == method {
		panic("a mistake in " + method)
	}
}

// badErrors are errors that must not be asked. A nil pointer in an error is the classic mistake
// in Go.
func badErrors() map[string]error {
	var null *fragile
	done, cancel := context.WithCancel(context.Background())
	cancel()
	ours := reflect.Zero(reflect.TypeOf(guest.Park(done))).Interface().(error)
	all := map[string]error{"a nil pointer": null, "a nil pointer of the guest's own type": ours}
	for _, method := range []string{"Is", "As", "Unwrap"} {
		all[method] = broken{method}
		all[method+" of a part"] = errors.Join(errBoom, fmt.Errorf("wrapped: %w", broken{method}))
	}
	return all
}

// TestBadErrorsAreFailuresThatSaySo, and the guest lives on.
func TestBadErrorsAreFailuresThatSaySo(t *testing.T) {
	for name, run := range map[string]func(ctx context.Context, bad error) error{
		"Go": func(ctx context.Context, bad error) error {
			return guest.Go(ctx, func(context.Context) error { return bad }).Wait(ctx)
		},
		"main": func(_ context.Context, bad error) error { return bad },
		"panic": func(ctx context.Context, bad error) error {
			err := guest.Go(ctx, func(context.Context) error { panic(bad) }).Wait(ctx)
			assert.False(t, guest.Cancelled(err))
			return err
		},
		"Async": func(ctx context.Context, bad error) error {
			_, err := guest.Async(ctx, func(context.Context) (int, error) { return 0, bad }).Wait(ctx)
			return err
		},
		"Submit": func(ctx context.Context, bad error) error {
			_, err := guest.Submit(ctx, func(context.Context) (int, error) { return 0, bad }).Wait(ctx)
			return err
		},
		"Submit without a guest": func(ctx context.Context, bad error) error {
			_, err := guest.Submit(context.Background(), func(context.Context) (int, error) { return 0, bad }).Wait(ctx)
			return err
		},
		"BackgroundFunc": func(ctx context.Context, bad error) error {
			return guest.BackgroundFunc(ctx, func(context.Context) error { return bad })
		},
		"CallOnMain": func(ctx context.Context, bad error) error {
			_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, bad })
			return err
		},
		"Reject": func(ctx context.Context, bad error) (err error) {
			defer func() {
				if v := recover(); v != nil {
					err = errors.New(fmt.Sprint("panic: ", v))
				}
			}()
			f := guest.NewFuture[int]()
			f.Reject(bad)
			_, err = f.Wait(ctx)
			return err
		},
		"unobserved": func(ctx context.Context, bad error) error {
			return guest.Scope(ctx, func(ctx context.Context) error {
				guest.Async(ctx, func(context.Context) (int, error) { return 0, bad })
				return nil
			})
		},
	} {
		for of, bad := range badErrors() {
			t.Run(name+"/"+of, func(t *testing.T) {
				unwound := false
				err := virtually(t, nil, func(ctx context.Context) error {
					defer func() { unwound = true }()
					return guest.Supervise(ctx, func(ctx context.Context) error { return run(ctx, bad) })
				})
				require.Regexp(t, `a nil \*guest(_test\.fragile|\.cancellation)|panic`, fmt.Sprint(err))
				require.NotContains(t, fmt.Sprint(err), "scheduler")
				require.True(t, unwound)
			})
		}
	}
}

// An asked error counts how often it is asked what it is.
type asked struct{ times *int }

func (e asked) Error() string { return "asked" }
func (e asked) Is(error) bool { *e.times++; return false }

// TestObserversAskNoError more often than it is asked without them.
func TestObserversAskNoError(t *testing.T) {
	for name, start := range map[string]func(ctx context.Context, fn func(ctx context.Context) error) *guest.Task{
		"a task": guest.Go,
		"an After": func(ctx context.Context, fn func(ctx context.Context) error) *guest.Task {
			return guest.After(ctx, 1, fn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			count := func(observed bool) (times int) {
				require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
					if g, _ := guest.FromContext(ctx); observed {
						defer inspect.Observe(g, func(inspect.Event) {})()
					}
					return guest.Supervise(ctx, func(ctx context.Context) error {
						err := start(ctx, func(context.Context) error { return asked{&times} }).Wait(ctx)
						assert.Equal(t, asked{&times}, err)
						return nil
					})
				}))
				return times
			}
			plain := count(false)
			require.Positive(t, plain)
			require.Equal(t, plain, count(true))
		})
	}
}

// TestBadErrorsAsCausesOfACancellation cancel like any other, and the guest lives on.
func TestBadErrorsAsCausesOfACancellation(t *testing.T) {
	for name, run := range map[string]func(ctx context.Context, bad error) error{
		"of a task": func(ctx context.Context, bad error) error {
			task := guest.Go(ctx, park)
			task.Cancel(bad)
			return task.Wait(ctx)
		},
		"of a task whose function passes it on": func(ctx context.Context, bad error) error {
			task := guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Park(ctx)
				return context.Cause(ctx)
			})
			task.Cancel(bad)
			return task.Wait(ctx)
		},
		"of a future": func(ctx context.Context, bad error) error {
			f := guest.NewFuture[int]()
			f.Cancel(bad)
			_, err := f.Wait(ctx)
			return err
		},
		"of a context": func(ctx context.Context, bad error) error {
			ctx, cancel := context.WithCancelCause(ctx)
			guest.After(ctx, time.Second, func(context.Context) error { cancel(bad); return nil })
			return guest.Park(ctx)
		},
		"of a context with tasks": func(ctx context.Context, bad error) error {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(bad)
			return guest.Go(ctx, park).Wait(context.WithoutCancel(ctx))
		},
		"of a background function": func(ctx context.Context, bad error) error {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(bad)
			return guest.BackgroundFunc(ctx, func(ctx context.Context) error { return nil })
		},
		"of an action": func(ctx context.Context, bad error) error {
			a := flow.NewAction(ctx, func(ctx context.Context, _ int) error { return guest.Park(ctx) }, flow.Queue)
			guest.After(ctx, time.Second, func(context.Context) error { a.Cancel(bad); return nil })
			return a.Run(ctx, 0)
		},
	} {
		for of, bad := range badErrors() {
			t.Run(name+"/"+of, func(t *testing.T) {
				require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
					return guest.Supervise(ctx, func(ctx context.Context) error {
						err := run(ctx, bad)
						assert.ErrorIs(t, err, context.Canceled)
						assert.NotEmpty(t, err.Error())
						return nil
					})
				}))
			})
		}
	}
	for of, bad := range badErrors() {
		err := virtually(t, nil, func(ctx context.Context) error {
			guestOf(ctx).Cancel(bad)
			return guest.Park(ctx)
		})
		require.ErrorIs(t, err, context.Canceled, of)
	}
}
