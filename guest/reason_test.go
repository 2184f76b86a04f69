package guest_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// A reason is what a context says of its end.
type reason struct{ err, cause error }

// watchReason looks at ctx until it is done, in all ways there are, and then some more. Whatever
// says first that ctx is done, it may never say otherwise.
func watchReason(t *testing.T, ctx context.Context) {
	var first reason
	for range 200 {
		for first.err == nil {
			if err := ctx.Err(); err != nil {
				first = reason{err, context.Cause(ctx)}
			}
			runtime.Gosched()
		}
		if now := (reason{ctx.Err(), context.Cause(ctx)}); now != first {
			t.Errorf("a context said %v, and then %v", first, now)
			return
		}
	}
	err := guest.Sleep(ctx, time.Hour)
	if !errors.Is(err, first.err) || !errors.Is(err, first.cause) {
		t.Errorf("a context said %v, and then a wait %v", first, err)
	}
	derived, cancel := context.WithCancel(ctx)
	defer cancel()
	if now := (reason{derived.Err(), context.Cause(derived)}); now != first {
		t.Errorf("a context said %v, and then one that was derived from it %v", first, now)
	}
}

// TestReasonOfAContextNeverChanges, on any goroutine, even if it is cancelled twice at a time.
func TestReasonOfAContextNeverChanges(t *testing.T) {
	background := func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) { watchReason(t, ctx) })
	}
	submit := func(ctx context.Context) error {
		guest.Submit(ctx, func(ctx context.Context) (int, error) { watchReason(t, ctx); return 0, nil })
		return guest.Park(ctx)
	}
	cancelled := func(ctx context.Context) error {
		f := guest.Submit(ctx, func(ctx context.Context) (int, error) { watchReason(t, ctx); return 0, nil })
		guest.Go(ctx, func(context.Context) error { f.Cancel(errBoom); return nil })
		return guest.Park(ctx)
	}
	for name, fn := range map[string]func(ctx context.Context) error{
		"Background":               background,
		"Submit":                   submit,
		"Submit that is cancelled": cancelled,
		"two in a child": func(ctx context.Context) error {
			return guest.Go(ctx, func(ctx context.Context) error { _ = submit(ctx); return background(ctx) }).Wait(ctx)
		},
		"a child with a context of its own": func(ctx context.Context) error {
			own, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), 30*time.Microsecond, errors.New("its own"))
			defer cancel()
			_ = guest.Go(own, background).Wait(ctx)
			return guest.Park(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, really(quiet(), func(ctx context.Context) error {
				for n := range 300 {
					until := time.Now().Add(time.Duration(50+n) * time.Microsecond)
					short, cancel := context.WithDeadline(ctx, until)
					task := guest.Go(short, fn)
					var canceller sync.WaitGroup
					canceller.Go(func() {
						for time.Until(until) > -time.Duration(n%60)*time.Microsecond {
							runtime.Gosched()
						}
						task.Cancel(errBoom)
					})
					_ = task.Wait(context.WithoutCancel(ctx))
					canceller.Wait()
					cancel()
				}
				return nil
			}))
		})
	}
}

// TestReasonOfASubmissionStaysTheFirst, also when it is cancelled before its task has begun.
func TestReasonOfASubmissionStaysTheFirst(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		first := errors.New("first")
		outer, end := context.WithCancelCause(ctx)
		begun, ended, seen, cancelled := make(chan bool), make(chan bool), make(chan bool), make(chan bool)
		f := guest.Submit(outer, func(ctx context.Context) (int, error) {
			close(begun)
			<-ended
			assert.Equal(t, context.Canceled, ctx.Err())
			close(seen)
			<-cancelled
			assert.Equal(t, context.Canceled, ctx.Err())
			assert.Equal(t, first, context.Cause(ctx))
			return 0, guest.Sleep(ctx, time.Second)
		})
		<-begun
		end(first)
		close(ended)
		<-seen
		f.Cancel(errBoom)
		err := guest.Yield(ctx)
		close(cancelled)
		_, _ = f.Wait(context.WithoutCancel(ctx))
		return err
	}))
}

// A slowCtx ends like ending, has the values of another context, and takes long when it is asked
// for its channel for the first time.
type slowCtx struct {
	context.Context // the values
	ending          context.Context
	asked, goOn     chan bool
	once            atomic.Bool
}

func (c *slowCtx) Done() <-chan struct{} {
	if c.once.CompareAndSwap(false, true) {
		close(c.asked)
		<-c.goOn
	}
	return c.ending.Done()
}

func (c *slowCtx) Err() error { return c.ending.Err() }

// TestReasonOfAContextIsOne, also if the context is cancelled, and the one under it, while the
// first code asks for its channel.
func TestReasonOfAContextIsOne(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		ending, end := context.WithDeadline(context.Background(), time.Now().Add(time.Second))
		defer end()
		slow := &slowCtx{Context: context.WithoutCancel(ctx), ending: ending, asked: make(chan bool), goOn: make(chan bool)}
		f := guest.Submit(slow, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			err := guest.Sleep(ctx, time.Hour)
			assert.ErrorIs(t, err, context.Cause(ctx))
			assert.ErrorIs(t, err, errBoom)
			assert.Equal(t, context.Canceled, ctx.Err())
			assert.Equal(t, errBoom, context.Cause(ctx))
			return 0, err
		})
		<-slow.asked
		f.Cancel(errBoom)
		<-ending.Done()
		assert.NoError(t, guest.Yield(ctx))
		close(slow.goOn)
		_, err := f.Wait(ctx)
		assert.ErrorIs(t, err, errBoom)
		return nil
	}))
}

// A lastFirstCtx is a program's own context. It tells those first who have asked last.
type lastFirstCtx struct {
	context.Context // the values
	done            chan struct{}
	err             error
	funcs           []func()
}

func (c *lastFirstCtx) Done() <-chan struct{} { return c.done }
func (c *lastFirstCtx) Err() error            { return c.err }

func (c *lastFirstCtx) AfterFunc(f func()) (stop func() bool) {
	c.funcs = append(c.funcs, f)
	return func() bool { return true }
}

// TestProgramsOwnContextGivesItsError, in whatever order it tells the guest.
func TestProgramsOwnContextGivesItsError(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		own := &lastFirstCtx{Context: context.WithoutCancel(ctx), done: make(chan struct{})}
		task := guest.Go(own, func(ctx context.Context) error {
			derived, cancel := context.WithCancel(ctx)
			defer cancel()
			err := guest.Park(ctx)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, context.DeadlineExceeded, ctx.Err())
			_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
			assert.Equal(t, context.DeadlineExceeded, derived.Err())
			return err
		})
		assert.NoError(t, guest.Sleep(ctx, time.Second))
		own.err = context.DeadlineExceeded
		close(own.done)
		for _, f := range slices.Backward(own.funcs) {
			f()
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		assert.ErrorIs(t, task.Wait(ctx), context.DeadlineExceeded)
		return nil
	}))
}

// TestDeadlineWhoseCauseIsErrFinishedStaysADeadline after the end of the task.
func TestDeadlineWhoseCauseIsErrFinishedStaysADeadline(t *testing.T) {
	require.NoError(t, really(quiet(), func(ctx context.Context) error {
		short, cancel := context.WithDeadlineCause(ctx, time.Now().Add(time.Millisecond), guest.ErrFinished)
		defer cancel()
		var own context.Context
		task := guest.Go(short, func(ctx context.Context) error {
			own = ctx
			for ctx.Err() == nil {
				runtime.Gosched()
			}
			return nil
		})
		_ = task.Wait(context.WithoutCancel(ctx))
		assert.Equal(t, reason{context.DeadlineExceeded, guest.ErrFinished}, reason{own.Err(), context.Cause(own)})
		return nil
	}))
}

// TestCancellationOfManyAllocatesLittle: none of them needs a context of package context for it.
func TestCancellationOfManyAllocatesLittle(t *testing.T) {
	const n = 2000
	crowd := func(ctx context.Context) error {
		for range n {
			guest.Go(ctx, guest.Park)
		}
		return guest.Park(ctx)
	}
	for name, start := range map[string]func(ctx context.Context) (cancel func()){
		"of the guest": func(ctx context.Context) func() {
			guest.Go(ctx, crowd)
			return func() { guestOf(ctx).Cancel(nil) }
		},
		"of a task": func(ctx context.Context) func() {
			task := guest.Go(ctx, crowd)
			return func() { task.Cancel(nil) }
		},
		"of a task with a context of its own": func(ctx context.Context) func() {
			derived, cancel := context.WithCancel(ctx)
			task := guest.Go(derived, crowd)
			return func() { task.Cancel(nil); cancel() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			_ = virtually(t, quiet(), func(ctx context.Context) error {
				cancel := start(ctx)
				assert.NoError(t, guest.Sleep(ctx, time.Second))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				cancel()
				runtime.ReadMemStats(&after)
				assert.Less(t, after.Mallocs-before.Mallocs, uint64(n/2))
				return nil
			})
		})
	}
}
