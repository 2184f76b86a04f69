package flow_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

// calls runs an action whose runs take nine seconds and a half, calls it with 1, 2, 3 … a second
// apart, and returns what its runs did, by the second.
func calls(t *testing.T, p flow.Policy, n int) string {
	t.Helper()
	var trace strings.Builder
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		start := time.Now()
		note := func(what string, v int) {
			fmt.Fprintf(&trace, "%s%d@%d ", what, v, int(time.Since(start).Seconds()))
		}
		a := flow.NewAction(ctx, func(ctx context.Context, v int) error {
			note("+", v)
			err := guest.Sleep(ctx, 9500*time.Millisecond)
			if err != nil {
				note("x", v)
				assert.ErrorIs(t, context.Cause(ctx), flow.ErrRestarted)
				return err
			}
			note("-", v)
			return nil
		}, p)
		for v := range n {
			a.Call(v + 1)
			require.NoError(t, guest.Sleep(ctx, time.Second))
		}
	}, nil)
	return strings.TrimSpace(trace.String())
}

func TestDropIgnoresCallsWhileItRuns(t *testing.T) {
	require.Equal(t, "+1@0 -1@9 +11@10 -11@19", calls(t, flow.Drop, 12))
}

func TestRestartReplacesTheRun(t *testing.T) {
	require.Equal(t, "+1@0 x1@1 +2@1 x2@2 +3@2 -3@11", calls(t, flow.Restart, 3))
}

func TestLatestKeepsTheNewestCallThatWaits(t *testing.T) {
	require.Equal(t, "+1@0 -1@9 +4@9 -4@19", calls(t, flow.Latest, 4))
}

func TestQueueRunsOneAfterAnother(t *testing.T) {
	require.Equal(t, "+1@0 -1@9 +2@9 -2@19 +3@19 -3@28", calls(t, flow.Queue, 3))
}

func TestLimitRunsSomeAtATime(t *testing.T) {
	require.Equal(t, "+1@0 +2@1 -1@9 +3@9 -2@10 +4@10 -3@19 -4@20", calls(t, flow.Limit(2), 4))
}

func TestPoliciesHaveNames(t *testing.T) {
	all := []flow.Policy{flow.Drop, flow.Restart, flow.Latest, flow.Queue, flow.Limit(3)}
	require.Equal(t, "[Drop Restart Latest Queue Limit(3)]", fmt.Sprint(all))
}

// Restart does not wait for the old run, nor does the old one's work have to heed anything.
func TestRestartNeverShowsWhatIsOutOfDate(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		var shown []string
		find := flow.NewAction(ctx, func(ctx context.Context, text string) error {
			hits, err := guest.Background(ctx, func(context.Context) (string, error) {
				time.Sleep(time.Duration(10-len(text)) * time.Second) // the first takes longest
				return "hits for " + text, nil
			})
			if err != nil {
				return err
			}
			shown = append(shown, hits)
			return nil
		}, flow.Restart)
		for _, text := range []string{"a", "ab", "abc"} {
			find.Call(text)
			require.NoError(t, guest.Sleep(ctx, time.Second))
		}
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		require.Equal(t, []string{"hits for abc"}, shown)
	}, nil)
}

// What the doc says of deferred calls under Restart.
func TestDeferredCallsOfTheOldRunMayComeAfterTheNewOneBegan(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		var order []string
		a := flow.NewAction(ctx, func(ctx context.Context, v string) error {
			order = append(order, "show "+v)
			defer func() { order = append(order, "hide "+v) }()
			_, err := guest.Background(ctx, func(context.Context) (int, error) { time.Sleep(time.Second); return 0, nil })
			return err
		}, flow.Restart)
		a.Call("old")
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		a.Call("new")
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		require.Equal(t, []string{"show old", "show new", "hide old", "hide new"}, order)
	}, nil)
}

func TestBusyIsTrueFromOneRunToTheNext(t *testing.T) {
	for name, p := range map[string]flow.Policy{"Restart": flow.Restart, "Queue": flow.Queue} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				a := flow.NewAction(ctx, func(ctx context.Context, _ struct{}) error { return guest.Sleep(ctx, time.Second) }, p)
				var states []bool
				a.Busy().Bind(ctx, func(busy bool) { states = append(states, busy) })
				require.NoError(t, guest.Sleep(ctx, time.Millisecond))
				for range 5 {
					a.Do()
					require.NoError(t, guest.Sleep(ctx, 500*time.Millisecond))
				}
				require.NoError(t, guest.Sleep(ctx, time.Minute))
				require.Equal(t, []bool{false, true, false}, states)
			}, nil)
		})
	}
}

// A run that fails, or panics, cancels no other, whatever the scope; and the next call runs.
func TestActionsFailApart(t *testing.T) {
	errBoom := errors.New("boom")
	var heard []*guest.UnobservedError
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
			sibling := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
			a := flow.NewAction(ctx, mayFail(errBoom), flow.Drop)
			for _, how := range []string{"fail", "panic", "succeed", "fail"} {
				a.Call(how)
				require.NoError(t, guest.Sleep(ctx, time.Second))
			}
			return sibling.Wait(ctx)
		}))
		require.Len(t, heard, 3)
		for _, u := range heard {
			require.ErrorIs(t, u, errBoom)
			require.Contains(t, u.Task, "mayFail", "the user's function")
		}
	}, &guesttest.Options{Guest: &guest.Options{OnError: func(err error) {
		var u *guest.UnobservedError
		assert.ErrorAs(t, err, &u)
		heard = append(heard, u)
	}}})
}

func mayFail(err error) func(ctx context.Context, how string) error {
	return func(ctx context.Context, how string) error {
		switch how {
		case "fail":
			return err
		case "panic":
			panic(err)
		}
		return nil
	}
}

func TestCancelEndsTheRunsAndForgetsTheCallsThatWait(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		why, ran := errors.New("why"), 0
		a := flow.NewAction(ctx, func(ctx context.Context, _ int) error {
			ran++
			err := guest.Park(ctx)
			assert.ErrorIs(t, err, why)
			return err
		}, flow.Queue)
		for v := range 5 {
			a.Call(v)
		}
		require.NoError(t, guest.Sleep(ctx, time.Second))
		a.Cancel(why)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, 1, ran)
		require.False(t, a.Busy().Get())
		a.Call(6)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, 2, ran, "it can be called again")
		a.Cancel(why)
	}, nil)
}

func TestRunThatIsReplacedBeforeItBeginsNeverRuns(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		var ran []int
		a := flow.NewAction(ctx, func(_ context.Context, v int) error { ran = append(ran, v); return nil }, flow.Restart)
		for v := range 5 {
			a.Call(v)
		}
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, []int{4}, ran)
	}, nil)
}

// A run lasts as long as the tasks that it has started.
func TestRunEndsWithItsTasks(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		ran := 0
		a := flow.NewAction(ctx, func(ctx context.Context, _ struct{}) error {
			ran++
			guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
			return nil
		}, flow.Drop)
		for range 30 {
			a.Do()
			require.NoError(t, guest.Sleep(ctx, time.Second))
		}
		require.Equal(t, 1, ran)
	}, nil)
}

func TestActionOfAnEndedScopeDoesNothing(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		var a *flow.Action[int]
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
			a = flow.NewAction(ctx, func(context.Context, int) error { t.Error("it runs"); return nil }, flow.Queue)
			return nil
		}))
		a.Call(1)
		a.Call(2)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.False(t, a.Busy().Get())
	}, nil)
}

// Any goroutine calls: no call is lost, and never more run than the limit says.
func TestActionIsCalledFromManyGoroutines(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		running, most, ran := 0, 0, 0
		a := flow.NewAction(ctx, func(ctx context.Context, _ int) error {
			running++
			most = max(most, running)
			defer func() { running--; ran++ }()
			return guest.Sleep(ctx, time.Millisecond)
		}, flow.Limit(3))
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := range 50 {
					a.Call(g*50 + i)
				}
			})
		}
		for busy, err := range a.Busy().Values(ctx) {
			require.NoError(t, err)
			if !busy && ran == 400 {
				break
			}
		}
		wg.Wait()
		require.Equal(t, 3, most)
	}, nil)
}

func TestActionNamesTheRemedy(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		fn := func(context.Context, int) error { return nil }
		require.PanicsWithValue(t, "flow: NewAction called with policy 0; pass Drop, Restart, Latest, Queue or Limit(n)", func() {
			flow.NewAction(ctx, fn, 0)
		})
		require.PanicsWithValue(t, "flow: Limit called with 0; give at least 1", func() { flow.Limit(0) })
		require.PanicsWithValue(t, "flow: NewAction called with a context without a guest; pass the context of a task or of a window", func() {
			flow.NewAction(context.Background(), fn, flow.Drop)
		})
		require.Panics(t, func() { flow.NewAction[int](ctx, nil, flow.Drop) })
	}, nil)
}

// A search as you type: the newest text replaces a search that runs.
func ExampleAction() {
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		find := flow.NewAction(ctx, func(ctx context.Context, text string) error {
			if err := guest.Sleep(ctx, 20*time.Millisecond); err != nil { // debounce
				return err
			}
			fmt.Println("searching for", text)
			return nil
		}, flow.Restart)
		onChanged := find.Call // entry.OnChanged = find.Call
		for _, text := range []string{"l", "lo", "lod"} {
			onChanged(text)
		}
		return guest.Join(ctx)
	}, nil)
	// Output: searching for lod
}

// Save now, and wait for it: whatever saves already comes first.
func ExampleAction_Run() {
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		save := flow.NewAction(ctx, func(ctx context.Context, text string) error {
			defer fmt.Println("saved", text)
			return guest.Sleep(ctx, time.Millisecond)
		}, flow.Queue)
		save.Call("draft") // entry.OnChanged = save.Call
		err := save.Run(ctx, "final")
		fmt.Println("may be closed:", err == nil)
		return err
	}, nil)
	// Output:
	// saved draft
	// saved final
	// may be closed: true
}

// A call from a goroutine, too, lets the old run unwind first.
func TestRestartFromAGoroutineRunsOneAtATime(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		running, most := 0, 0
		a := flow.NewAction(ctx, func(ctx context.Context, v int) error {
			running++
			most = max(most, running)
			defer func() { running-- }()
			for {
				var err error
				if v%2 == 0 {
					err = guest.Sleep(ctx, time.Minute)
				} else {
					err = guest.Yield(ctx)
				}
				if err != nil || v == 99 {
					return err
				}
			}
		}, flow.Restart)
		for v := range 100 {
			_, err := guest.Background(ctx, func(context.Context) (int, error) { a.Call(v); return 0, nil })
			require.NoError(t, err)
		}
		require.NoError(t, guest.Sleep(ctx, time.Hour))
		require.Equal(t, 1, most)
		require.False(t, a.Busy().Get())
	}, nil)
}

// A handler may be called very often before a run can begin: by a paste, say, or a slider.
func TestManyCallsAtOnceCostWhatTheyAre(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		const calls = 100_000 // which took minutes when each looked at all before it
		began := 0
		a := flow.NewAction(ctx, func(ctx context.Context, arg int) error { began = arg; return guest.Sleep(ctx, time.Second) }, flow.Restart)
		for i := range calls {
			a.Call(i + 1)
		}
		require.True(t, a.Busy().Get())
		require.NoError(t, guest.Sleep(ctx, 1500*time.Millisecond))
		require.Equal(t, calls, began)
		require.False(t, a.Busy().Get())
	}, nil)
}

// Who is replaced is the action's until it has unwound.
func TestBusyUntilTheReplacedHaveEnded(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		a := flow.NewAction(ctx, func(ctx context.Context, deaf time.Duration) error {
			return guest.Sleep(context.WithoutCancel(ctx), deaf)
		}, flow.Restart)
		a.Call(time.Minute)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		a.Call(time.Second)
		require.NoError(t, guest.Sleep(ctx, 30*time.Second))
		require.True(t, a.Busy().Get())
		require.NoError(t, guest.Sleep(ctx, 31*time.Second))
		require.False(t, a.Busy().Get())
	}, nil)
}

// Otherwise a button that is bound to it would be off for good.
func TestBusyIsSetByItsActionOnly(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		a := flow.NewAction(ctx, func(context.Context, int) error { return nil }, flow.Drop)
		require.PanicsWithValue(t, "flow: Set called on the Var that an Action's Busy returns; only the action sets it",
			func() { a.Busy().Set(true) })
		require.Panics(t, func() { a.Busy().Update(func(bool) bool { return true }) })
		require.PanicsWithValue(t, "flow: Call called on a zero Action; make one with NewAction",
			func() { new(flow.Action[int]).Call(1) })
		a.Do()
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.False(t, a.Busy().Get())
	}, nil)
}

// A refused call is logged. The log handler may call the action, to show the log in a window:
// no lock is held.
func TestActionIsNotLockedWhileItsStartIsLogged(t *testing.T) {
	for _, p := range []flow.Policy{flow.Drop, flow.Restart, flow.Latest, flow.Queue, flow.Limit(2)} {
		var a *flow.Action[string]
		handled := 0
		handler := looptest.LogHandler(func() {
			handled++
			looptest.Returns(t, func() { a.Call("again") })
		})
		err := guest.RunTask(headless.New(), func(ctx context.Context) error {
			_ = guest.Scope(ctx, func(ctx context.Context) error {
				a = flow.NewAction(ctx, func(context.Context, string) error { return nil }, p)
				return nil
			})
			a.Call("")
			return a.Run(ctx, "")
		}, &guest.Options{Logger: slog.New(handler)})
		require.ErrorIs(t, err, guest.ErrFinished, p)
		require.Positive(t, handled, p)
	}
}
