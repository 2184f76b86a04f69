package guest

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

// What a shielded clean-up gets after the loop has gone: its grace, then ErrHostGone, then
// Goexit, then the report.

func TestShieldedWaitsAreServedUntilTheGraceAndThenRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		const grace = 3 * time.Second
		served := 0
		var other *Task
		_, err := Run(l, func(ctx context.Context) (int, error) {
			other = Go(ctx, func(ctx context.Context) error {
				_ = Park(ctx)
				shielded := context.WithoutCancel(ctx)
				v, err := Background(shielded, func(context.Context) (int, error) { time.Sleep(time.Second); return 6, nil })
				assert.NoError(t, err)
				assert.Equal(t, 6, v)
				ch := make(chan int)
				time.AfterFunc(time.Second, func() { ch <- 7 })
				v, _, err = receive(shielded, ch)
				assert.NoError(t, err)
				assert.Equal(t, 7, v)
				served += 2
				_, _, err = receive(shielded, ch)
				assert.Equal(t, ErrHostGone, err, "the grace is over")
				assert.Equal(t, ErrHostGone, Yield(shielded))
				assert.Equal(t, ErrHostGone, Park(shielded))
				assert.Equal(t, errGone, Modal(shielded, func() { t.Error("no loop to run it") }))
				assert.Equal(t, ErrHostGone, NewFuture[int]().awaitError(shielded))
				_, err = Background(shielded, func(context.Context) (int, error) { t.Error("ran"); return 0, nil })
				assert.Equal(t, errGone, err)
				return err
			})
			l.Quit()
			err := Park(ctx)
			assert.ErrorIs(t, err, ErrHostGone)
			began := time.Now()
			for {
				err := Sleep(context.WithoutCancel(ctx), time.Second)
				if err != nil {
					assert.Equal(t, ErrHostGone, err)
					assert.Equal(t, grace, time.Since(began))
					return served, err
				}
				served++
			}
		}, &Options{Grace: grace})
		require.ErrorIs(t, err, ErrHostGone)
		require.ErrorIs(t, other.Err(), ErrHostGone)
		require.GreaterOrEqual(t, served, 4)
	})
}

func (f *Future[T]) awaitError(ctx context.Context) error {
	_, err := f.Wait(ctx)
	return err
}

func TestTaskThatIgnoresTheEndIsEndedByGoexitAndItsDeferredCallsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		const grace = time.Second
		var task *Task
		began := time.Now()
		_, err := Run(l, func(ctx context.Context) (int, error) {
			task = Go(ctx, func(ctx context.Context) error {
				defer c.step(3)
				defer func() {
					assert.Equal(t, ErrHostGone, Sleep(context.WithoutCancel(ctx), 1))
					c.step(2)
				}()
				c.step(1)
				for {
					_ = Sleep(context.WithoutCancel(ctx), 10*time.Millisecond)
				}
			})
			l.Quit()
			return 0, nil
		}, &Options{Grace: grace})
		require.ErrorIs(t, err, ErrHostGone)
		require.NotErrorIs(t, err, ErrGoexit, "the task did not ask for it")
		require.ErrorIs(t, task.Err(), ErrHostGone)
		require.Equal(t, grace, time.Since(began))
		c.step(4)
	})
}

func TestPanicOfATaskThatIsForcedOutIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var task *Task
		_, err := Run(l, func(ctx context.Context) (int, error) {
			task = Go(ctx, func(ctx context.Context) error {
				defer func() { panic("in a deferred call") }()
				for {
					_ = Sleep(context.WithoutCancel(ctx), 10*time.Millisecond)
				}
			})
			l.Quit()
			return 0, nil
		}, &Options{Grace: time.Second})
		var p *PanicError
		require.ErrorAs(t, err, &p)
		require.ErrorAs(t, task.Err(), &p)
		require.Equal(t, "in a deferred call", p.Value)
	})
}

func TestTaskThatLoopsInItsDeferredCallsIsNamedAsLeakedAndRunReturns(t *testing.T) {
	// Outside a bubble: what is leaked stays.
	l := &scriptLoop{}
	var inside context.Context
	var task *Task
	waited := make(chan error, 3)
	g, err := Start(l, func(ctx context.Context) error {
		task = Go(ctx, func(ctx context.Context) error {
			inside = ctx
			defer func() {
				for {
					_ = Yield(ctx)
				}
			}()
			for {
				_ = Sleep(context.WithoutCancel(ctx), time.Millisecond)
			}
		})
		go func() { waited <- task.Wait(context.Background()) }()
		go func() { <-ctx.Done(); waited <- nil }()
		if err := Yield(ctx); err != nil {
			return err
		}
		l.Quit()
		return Park(ctx)
	}, &Options{Grace: 20 * time.Millisecond})
	require.NoError(t, err)
	began := time.Now()
	report := embedded(l, g)
	require.Less(t, time.Since(began), 10*time.Second)
	require.Len(t, report.Leaked, 1)
	for name := range report.Leaked {
		require.Contains(t, name, "TestTaskThatLoopsInItsDeferredCalls")
	}
	require.ErrorIs(t, task.Err(), ErrHostGone)
	for range 2 {
		if err := <-waited; err != nil {
			require.ErrorIs(t, err, ErrHostGone)
		}
	}
	// What starts in a leaked task's scope comes back ended, and nobody waits for it for ever.
	late := Go(inside, func(context.Context) error { t.Error("ran"); return nil })
	require.Equal(t, ErrFinished, late.Wait(context.Background()))
}

// strandedLoop can't be entered after its loop: as a host whose callbacks come through C, and
// which has lost its Enterer.
type strandedLoop struct{ scriptLoop }

func (l *strandedLoop) Enter(func()) {}

func TestGuestThatCannotBeEnteredNamesAllTasksAndLetsAllWaitersGo(t *testing.T) {
	defer looptest.Lock()()
	l := &strandedLoop{}
	var inside context.Context
	waits := 0
	waited := make(chan error)
	wait := func(fn func() error) {
		waits++
		go func() { waited <- fn() }()
	}
	bg := context.Background()
	l.OnMain = func(start func() error) bool {
		require.NoError(t, start())
		l.Spin()
		g, _ := FromContext(inside) // the loop has ended; the guest does not know yet
		require.NoError(t, g.Post(func() { t.Error("ran") }))
		unbegun := g.Go(func(context.Context) error { t.Error("ran"); return nil })
		wait(func() error { return unbegun.Wait(bg) })
		return false
	}
	_, err := Run(l, func(ctx context.Context) (int, error) {
		inside = ctx
		g, _ := FromContext(ctx)
		task := Go(ctx, park)
		future := Async(ctx, func(ctx context.Context) (int, error) { return 0, Park(ctx) })
		// lost
		l.OnAsk = func(fn func()) bool { return fmt.Sprintf("%p", fn) == fmt.Sprintf("%p", g.modals.run) }
		Go(ctx, func(ctx context.Context) error { return Modal(ctx, func() { t.Error("ran") }) })
		wait(func() error { return task.Wait(bg) })
		wait(func() error { _, err := future.Wait(bg); return err })
		wait(func() error { return g.Wait(bg) })
		wait(func() error {
			_, err := CallOnMain(bg, func(ctx context.Context) (int, error) { return 0, Park(ctx) })
			return err
		})
		if err := Sleep(ctx, 20*time.Millisecond); err != nil {
			return 0, err
		}
		wait(func() error { <-ctx.Done(); return context.Cause(ctx) })
		l.OnDone = func(host.Outcome) {
			assert.Panics(t, func() { g.Finish() })
			assert.Equal(t, ErrFinished, g.Post(func() { t.Error("ran") }))
		}
		l.Quit()
		return 0, Park(ctx)
	}, nil)
	require.ErrorIs(t, err, ErrHostGone)
	g, _ := FromContext(inside)
	report := g.Finish()
	n := 0
	for _, leaked := range report.Leaked {
		n += leaked
	}
	require.Equal(t, 6, n)
	require.Equal(t, 1, report.Dropped)
	for range waits {
		require.ErrorIs(t, <-waited, ErrHostGone)
	}
	require.Len(t, l.Outcomes, 1)
	<-inside.Done() // also for who asks only now
	require.ErrorIs(t, context.Cause(inside), ErrHostGone)
	g.modals.run() // much too late
	late := Go(inside, func(context.Context) error { t.Error("ran"); return nil })
	require.Equal(t, ErrFinished, late.Wait(bg), "the scope never ended, and yet nobody waits for ever")
}
