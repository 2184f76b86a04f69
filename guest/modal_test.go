package guest_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestTasksGoOnWhileAModalCallSpinsTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s, ticks := newTestHost(t), &story{t: t}, 0
		_, err := guest.Run(h, func(ctx context.Context) (int, error) {
			guest.Go(ctx, func(ctx context.Context) error {
				for {
					if err := guest.Sleep(ctx, time.Second); err != nil {
						return err
					}
					ticks++
				}
			})
			s.step(1)
			err := guest.Modal(ctx, func() { // a dialog that is open for a minute
				s.step(2)
				start := time.Now()
				h.SpinUntil(func() bool { return time.Since(start) >= time.Minute })
				s.step(3)
			})
			s.step(4)
			assert.InDelta(t, 60, ticks, 1)
			return 0, errors.Join(err, errBoom)
		}, quiet())
		require.ErrorIs(t, err, errBoom)
		require.InDelta(t, 60, ticks, 1)
	})
}

func TestModalThreeDeep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, open, most, ticks := newTestHost(t), 0, 0, 0
		dialog := func(ctx context.Context, after, long time.Duration) {
			guest.Go(ctx, func(ctx context.Context) error {
				if err := guest.Sleep(ctx, after); err != nil {
					return err
				}
				return guest.Modal(ctx, func() {
					open++
					most = max(most, open)
					start := time.Now()
					h.SpinUntil(func() bool { return time.Since(start) >= long })
					open--
				})
			})
		}
		_, err := guest.Run(h, func(ctx context.Context) (int, error) {
			guest.Go(ctx, func(ctx context.Context) error {
				for range 10 {
					_ = guest.Sleep(ctx, time.Second)
					ticks++
				}
				return nil
			})
			dialog(ctx, 1*time.Second, 9*time.Second)
			dialog(ctx, 2*time.Second, 6*time.Second)
			dialog(ctx, 3*time.Second, 3*time.Second)
			return 0, nil
		}, quiet())
		require.NoError(t, err)
		require.Equal(t, 3, most)
		require.Equal(t, 10, ticks)
	})
}

func TestModalFromManyTasksAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &story{t: t}
		_, err := guest.Run(newTestHost(t), func(ctx context.Context) (int, error) {
			for i := range int32(50) {
				guest.Go(ctx, func(ctx context.Context) error {
					err := guest.Modal(ctx, func() { s.step(i + 1) }) // in the order of asking
					return err
				})
			}
			return 0, nil
		}, quiet())
		require.NoError(t, err)
		s.step(51)
	})
}

func TestNestedLoopWithoutModalPausesTheTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		h, ticks := newTestHost(t), 0
		_, err := guest.Run(h, func(ctx context.Context) (int, error) {
			guest.Go(ctx, func(ctx context.Context) error {
				for range 100 {
					if err := guest.Sleep(ctx, time.Second); err != nil {
						return err
					}
					ticks++
				}
				return nil
			})
			for range 2 { // twice: said once
				err := guest.Go(ctx, func(ctx context.Context) error {
					_ = guest.Sleep(ctx, 10*time.Second+time.Millisecond)
					before, end := ticks, false
					time.AfterFunc(20*time.Second, func() { h.RunSyncSoonThreadsafe(func() { end = true }) })
					late := true
					time.AfterFunc(10*time.Second, func() { // somebody posts: accepted, done later
						assert.NoError(t, guestOf(ctx).Post(func() { assert.False(t, late) }))
					})
					h.SpinUntil(func() bool { return end })
					late = false
					assert.Equal(t, before, ticks, "tasks pause")
					return guest.Sleep(ctx, time.Second)
				}).Wait(ctx)
				if err != nil {
					return 0, err
				}
			}
			return 0, nil
		}, &guest.Options{Logger: j.logger(), SlowTurn: -1})
		require.NoError(t, err)
		require.Equal(t, 100, ticks, "and go on")
		require.Regexp(t, `^[^\n]*TestNestedLoopWithoutModalPausesTheTasks[^\n]*runs a nested loop[^\n]*guest\.Modal[^\n]*\n$`, j.String())
	})
}

// A nativeHost leaves it to the test to call what was asked for at native depth.
type nativeHost struct {
	*testHost
	native func()
}

func (h *nativeHost) RunSyncSoonNative(fn func()) { h.native = fn }

func TestModalCallWaitsForTheEndOfATasksNestedLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, called := &nativeHost{testHost: newTestHost(t)}, false
		_, err := guest.Run(h, func(ctx context.Context) (int, error) {
			dialog := guest.Go(ctx, func(ctx context.Context) error { return guest.Modal(ctx, func() { called = true }) })
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return 0, err
			}
			h.native() // as the nested loop of this task does
			assert.False(t, called)
			h.RunSyncSoonThreadsafe(h.native)
			return 0, dialog.Wait(ctx)
		}, quiet())
		require.NoError(t, err)
		require.True(t, called)
	})
}

func TestModalRunsOutsideAnyTask(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return guest.Modal(ctx, func() {
			assert.ErrorIs(t, guest.Sleep(ctx, 1), guest.ErrWouldDeadlock)
			assert.ErrorIs(t, guest.Yield(ctx), guest.ErrWouldDeadlock)
			assert.Contains(t, panicOf(func() { _ = guest.Modal(ctx, func() {}) }), "called on the UI thread outside a task")
			s := &story{t: t}
			assert.NoError(t, guest.RunOnMain(ctx, func() { s.step(1) }))
			s.step(2)
		})
	}))
}

func TestModalThatHasNotBegunIsWithdrawn(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		s := &story{t: t}
		task := guest.Go(ctx, func(ctx context.Context) error {
			s.step(1)
			err := guest.Modal(ctx, func() { t.Error("it ran") })
			s.step(2)
			assert.ErrorIs(t, err, errBoom)
			return err
		})
		guest.Go(ctx, func(context.Context) error { task.Cancel(errBoom); return nil })
		_ = task.Wait(ctx)
		return guest.Modal(ctx, func() { s.step(3) })
	}))
}

func TestModalReturnsOnlyWhenFnHasReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newTestHost(t)
		_, err := guest.Run(h, func(ctx context.Context) (int, error) {
			var derived context.Context
			derived, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
			err := guest.Modal(derived, func() {
				start, turns := time.Now(), 0
				h.SpinUntil(func() bool { turns++; return time.Since(start) >= time.Minute || turns > 1000 })
				assert.LessOrEqual(t, turns, 1000, "the task spins")
			})
			assert.ErrorIs(t, derived.Err(), context.DeadlineExceeded)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.NotErrorIs(t, err, guest.ErrNotBegun)
			return 0, nil
		}, quiet())
		require.NoError(t, err)
	})
}

func TestPanicInModalIsTheTasks(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		err := guest.Modal(ctx, func() { panic(errBoom) })
		var p *guest.PanicError
		assert.ErrorAs(t, err, &p)
		assert.ErrorIs(t, err, errBoom)
		return errors.Join(guest.Modal(ctx, func() {}), guest.Sleep(ctx, time.Second))
	}))
}

func TestGuestMayBeCancelledWhileADialogIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, closed := newTestHost(t), false
		_, err := guest.Run(h, func(ctx context.Context) (int, error) {
			// closes the dialog when it is cancelled
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Park(ctx)
				closed = true
				return err
			})
			guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Second)
				guestOf(ctx).Cancel(nil)
				return nil
			})
			err := guest.Modal(ctx, func() { h.SpinUntil(func() bool { return closed }) })
			return 0, errors.Join(err, ctx.Err())
		}, quiet())
		require.ErrorIs(t, err, context.Canceled)
		runtime.KeepAlive(h)
	})
}
