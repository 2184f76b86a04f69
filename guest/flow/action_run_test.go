package flow_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
)

// silent are options under which whatever goes to OnError fails the test.
func silent(t *testing.T) *guesttest.Options {
	return &guesttest.Options{Guest: &guest.Options{OnError: func(err error) { t.Error("heard:", err) }}}
}

func TestRunReturnsWhatTheRunDoes(t *testing.T) {
	errBoom := errors.New("boom")
	for how, want := range map[string]error{"succeed": nil, "fail": errBoom, "panic": errBoom} {
		t.Run(how, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				a := flow.NewAction(ctx, mayFail(errBoom), flow.Drop)
				require.ErrorIs(t, a.Run(ctx, how), want)
				require.False(t, a.Busy().Get())
				_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { return 0, a.Run(ctx, how) })
				require.ErrorIs(t, err, want)
			}, silent(t))
		})
	}
}

func TestRunOfAFunctionThatEndsItsGoroutine(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		own, cancel := context.WithCancel(ctx)
		defer cancel()
		var err error
		done := false
		guest.Supervise(own, func(ctx context.Context) error {
			a := flow.NewAction(ctx, func(context.Context, int) error { runtime.Goexit(); return nil }, flow.Drop)
			guest.Go(ctx, func(ctx context.Context) error { err = a.Run(ctx, 1); done = true; return nil })
			return nil
		})
		require.True(t, done)
		require.ErrorIs(t, err, guest.ErrGoexit)
	}, &guesttest.Options{Guest: &guest.Options{OnError: func(err error) { assert.ErrorIs(t, err, guest.ErrGoexit) }}})
}

// What the policy lets fall is told to who waits for it.
func TestRunSaysWhatThePolicyLetsFall(t *testing.T) {
	for name, c := range map[string]struct {
		policy flow.Policy
		want   []error
	}{
		"Drop":     {flow.Drop, []error{nil, flow.ErrDropped, flow.ErrDropped}},
		"Restart":  {flow.Restart, []error{flow.ErrRestarted, flow.ErrRestarted, nil}},
		"Latest":   {flow.Latest, []error{nil, flow.ErrRestarted, nil}},
		"Queue":    {flow.Queue, []error{nil, nil, nil}},
		"Limit(2)": {flow.Limit(2), []error{nil, nil, nil}},
	} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				a := flow.NewAction(ctx, func(ctx context.Context, _ int) error { return guest.Sleep(ctx, 10*time.Second) }, c.policy)
				runs := make([]*guest.Future[int], len(c.want))
				for i := range runs {
					runs[i] = guest.Async(context.WithoutCancel(ctx), func(ctx context.Context) (int, error) { return 0, a.Run(ctx, i) })
					require.NoError(t, guest.Sleep(ctx, time.Second))
				}
				for i, f := range runs {
					_, err := f.Wait(ctx)
					require.ErrorIs(t, err, c.want[i], "run %d", i)
					require.Equal(t, c.want[i] == flow.ErrRestarted, guest.Cancelled(err), "run %d", i)
				}
			}, &guesttest.Options{Guest: &guest.Options{OnError: func(error) {}}})
		})
	}
}

func TestCancelOfAnActionEndsItsRuns(t *testing.T) {
	errStop := errors.New("stop")
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		a := flow.NewAction(ctx, func(ctx context.Context, _ int) error { return guest.Park(ctx) }, flow.Queue)
		guest.After(ctx, time.Second, func(context.Context) error { a.Cancel(errStop); return nil })
		err := guest.Supervise(ctx, func(ctx context.Context) error {
			for i := range 3 {
				guest.Go(ctx, func(ctx context.Context) error {
					err := a.Run(ctx, i)
					assert.ErrorIs(t, err, errStop)
					assert.True(t, guest.Cancelled(err), i)
					return nil
				})
			}
			return nil
		})
		require.NoError(t, err)
	}, silent(t))
}

func TestRunOfAnEndedScope(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		var a *flow.Action[int]
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
			a = flow.NewAction(ctx, func(context.Context, int) error { return nil }, flow.Queue)
			return nil
		}))
		require.ErrorIs(t, a.Run(ctx, 1), guest.ErrFinished)
	}, silent(t))
}

// A failure that comes after the wait goes where that of Call goes, and not by chance of the
// garbage collector.
func TestFailureOfARunThatIsWaitedForNoMoreIsHeard(t *testing.T) {
	errBoom := errors.New("boom")
	for _, how := range []string{"fail", "panic"} {
		for _, policy := range []flow.Policy{flow.Drop, flow.Queue} {
			var heard []error
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				a := flow.NewAction(ctx, func(ctx context.Context, how string) error {
					_ = guest.Sleep(ctx, time.Minute)
					return mayFail(errBoom)(ctx, how)
				}, policy)
				wait := func(ctx context.Context) (int, error) {
					ctx, cancel := context.WithTimeout(ctx, time.Second)
					defer cancel()
					return 0, a.Run(ctx, how)
				}
				if policy == flow.Queue {
					a.Call("succeed") // so that the run begins after the wait
				}
				_, err := wait(ctx)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.NotErrorIs(t, err, errBoom)
				if policy == flow.Queue {
					_, err = guest.Background(ctx, wait)
					require.ErrorIs(t, err, context.DeadlineExceeded)
				}
				require.NoError(t, guest.Sleep(ctx, time.Hour))
				require.Len(t, heard, max(1, 2*int(policy)), "%s under %v", how, policy)
				for _, err := range heard {
					require.ErrorIs(t, err, errBoom)
				}
			}, &guesttest.Options{Guest: &guest.Options{OnError: func(err error) { heard = append(heard, err) }}})
		}
	}
}

// The run belongs to the action, and not to who waits for it.
func TestRunGoesOnWhenTheWaitIsCancelled(t *testing.T) {
	ran := false
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		a := flow.NewAction(ctx, func(ctx context.Context, _ int) error {
			err := guest.Sleep(ctx, time.Minute)
			ran = err == nil
			return err
		}, flow.Drop)
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, a.Run(short, 1), context.DeadlineExceeded)
		require.ErrorIs(t, a.Run(short, 1), context.DeadlineExceeded, "and nothing is asked for")
		require.True(t, a.Busy().Get())
	}, silent(t))
	require.True(t, ran)
}

func TestRunIsRefusedOnTheUIThreadOutsideATask(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		a := flow.NewAction(ctx, func(context.Context, int) error { t.Error("runs"); return nil }, flow.Drop)
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			return 0, guest.RunOnMain(ctx, func() { assert.ErrorIs(t, a.Run(ctx, 1), guest.ErrWouldDeadlock) })
		})
		require.NoError(t, err)
		require.NoError(t, guest.Sleep(ctx, time.Second))
	}, silent(t))
}

// Also of a run that fails in the moment in which it begins, before the caller can look.
func TestRunThatFailsAtOnceIsHeardByItsCallerOnly(t *testing.T) {
	errBoom := errors.New("boom")
	for name, p := range map[string]flow.Policy{"Drop": flow.Drop, "Latest": flow.Latest, "Queue": flow.Queue} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				a := flow.NewAction(ctx, func(_ context.Context, err error) error { return err }, p)
				if p != flow.Drop {
					a.Call(nil) // the next one waits for it
				}
				require.ErrorIs(t, a.Run(ctx, errBoom), errBoom)
			}, silent(t))
		})
	}
}

// TestActionThatWaitsForItsOwnRunIsRefused where that would wait for ever.
func TestActionThatWaitsForItsOwnRunIsRefused(t *testing.T) {
	for _, p := range []flow.Policy{flow.Latest, flow.Queue, flow.Restart, flow.Drop, flow.Limit(2)} {
		for where, call := range map[string]func(ctx context.Context, run func(ctx context.Context) error) error{
			"in the run": func(ctx context.Context, run func(ctx context.Context) error) error { return run(ctx) },
			"with another context": func(_ context.Context, run func(ctx context.Context) error) error {
				return run(context.Background())
			},
			"in a task of the run": func(ctx context.Context, run func(ctx context.Context) error) error {
				var err error
				guest.Go(ctx, func(ctx context.Context) error { err = run(ctx); return nil })
				return errors.Join(guest.Join(ctx), err)
			},
			"in a background function": guest.BackgroundFunc,
		} {
			t.Run(p.String()+" "+where, func(t *testing.T) {
				guesttest.Run(t, func(ctx context.Context, t *testing.T) {
					runs, first := 0, error(nil)
					var a *flow.Action[int]
					a = flow.NewAction(ctx, func(ctx context.Context, depth int) error {
						runs++
						if depth > 0 {
							return nil
						}
						first = call(ctx, func(ctx context.Context) error { return a.Run(ctx, depth+1) })
						return nil
					}, p)
					_ = a.Run(ctx, 0)
					require.NoError(t, guest.Sleep(ctx, time.Second))
					switch p {
					case flow.Latest, flow.Queue:
						require.ErrorIs(t, first, guest.ErrWouldDeadlock)
						require.Equal(t, 1, runs, "no run is requested")
					case flow.Drop:
						require.ErrorIs(t, first, flow.ErrDropped)
					default:
						require.NotErrorIs(t, first, guest.ErrWouldDeadlock)
						require.Equal(t, 2, runs)
					}
				}, silent(t))
			})
		}
	}
}

// TestRunBesideARunWaitsForIt: only a circle is refused. A run may also call its action, which
// waits for nothing.
func TestRunBesideARunWaitsForIt(t *testing.T) {
	for _, p := range []flow.Policy{flow.Latest, flow.Queue} {
		t.Run(p.String(), func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				runs := 0
				var a, b *flow.Action[int]
				a = flow.NewAction(ctx, func(ctx context.Context, n int) error {
					if runs++; n > 0 {
						a.Call(n - 1)
						_ = b.Run(ctx, n) // another action of the same policy
					}
					return guest.Sleep(ctx, time.Second)
				}, p)
				b = flow.NewAction(ctx, func(ctx context.Context, _ int) error { return guest.Sleep(ctx, time.Second) }, p)
				a.Call(1)
				require.NoError(t, guest.Sleep(ctx, time.Millisecond))
				require.NoError(t, guest.Supervise(ctx, func(ctx context.Context) error { return a.Run(ctx, 0) }))
				require.GreaterOrEqual(t, runs, 2)
			}, silent(t))
		})
	}
}
