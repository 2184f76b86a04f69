package guest_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

var errLost = errors.New("nobody looked")

// listening makes a journal the process's log for the length of the test.
func listening(t *testing.T) *journal {
	t.Helper()
	j := new(journal)
	looptest.DefaultLog(t, j.logger())
	return j
}

// collect waits until the garbage collector has dealt with what is garbage now. Also in a
// bubble, for which the collector is outside.
func collect() {
	for range 2 { // the cleanups of the first may end after its own
		done := new(atomic.Bool)
		for runtime.AddCleanup(new([64]byte), func(done *atomic.Bool) { done.Store(true) }, done); !done.Load(); {
			runtime.GC()
			runtime.Gosched()
		}
	}
}

//go:noinline
func makeAndForget(use func(f *guest.Future[int])) {
	use(guest.NewFuture[int]())
}

func TestLostErrorIsLoggedOnceWithThePlaceThatMadeIt(t *testing.T) {
	log := listening(t)
	makeAndForget(func(f *guest.Future[int]) { f.Reject(errLost) })
	for range 3 {
		collect()
	}
	require.Equal(t, 1, strings.Count(log.String(), "guest: unobserved error"))
	require.Contains(t, log.String(), errLost.Error())
	require.Regexp(t, `future="made at lost_test.go:\d+"`, log.String())
}

func TestObservedErrorIsSilent(t *testing.T) {
	log, target := listening(t), guest.NewFuture[int]()
	for name, use := range map[string]func(f *guest.Future[int]){
		"waited for":   func(f *guest.Future[int]) { f.Reject(errLost); _, _ = f.Wait(context.Background()) },
		"asked before": func(f *guest.Future[int]) { done := f.Done(); f.Reject(errLost); <-done },
		"asked after":  func(f *guest.Future[int]) { f.Reject(errLost); f.Done() },
		"chained":      func(f *guest.Future[int]) { f.Chain(target); f.Reject(errLost) },
		"cancelled":    func(f *guest.Future[int]) { f.Cancel(errLost) },
		"a callback hears it": func(f *guest.Future[int]) {
			require.NoError(t, really(nil, func(ctx context.Context) error {
				_ = f.OnDone(ctx, func(_ int, err error) { assert.Equal(t, errLost, err) })
				f.Reject(errLost)
				return guest.Yield(ctx)
			}))
		},
		"collected":            func(f *guest.Future[int]) { f.Reject(errLost); _, _ = guest.All(context.Background(), f) },
		"a value":              func(f *guest.Future[int]) { f.Resolve(1) },
		"never settled":        func(*guest.Future[int]) {},
		"its producer gave up": func(f *guest.Future[int]) { f.Reject(context.Canceled) },
		"its producer answered a cancellation": func(f *guest.Future[int]) {
			require.NoError(t, really(nil, func(ctx context.Context) error {
				_ = f.OnCancel(ctx, func(cause error) { f.Reject(cause) })
				f.Cancel(errLost)
				return guest.Yield(ctx)
			}))
		},
	} {
		makeAndForget(use)
		collect()
		require.Empty(t, log.String(), name)
	}
	_, err := target.Wait(t.Context())
	require.Equal(t, errLost, err)
}

func TestErrorIsNotLostWhileSomebodyHoldsTheFuture(t *testing.T) {
	log, f := listening(t), guest.NewFuture[int]()
	f.Reject(errLost)
	collect()
	require.Empty(t, log.String())
	_, err := f.Wait(t.Context())
	require.Equal(t, errLost, err)
}

// A chain to a future that is settled already passes nothing on, and so the error is lost after
// all.
func TestErrorThatAChainCouldNotPassOnIsLost(t *testing.T) {
	log, target := listening(t), guest.NewFuture[int]()
	target.Resolve(1)
	makeAndForget(func(f *guest.Future[int]) { f.Chain(target); f.Reject(errLost) })
	collect()
	require.Contains(t, log.String(), errLost.Error())
}

func TestLostPanicIsLoggedWithItsStack(t *testing.T) {
	log := listening(t)
	makeAndForget(func(f *guest.Future[int]) { f.Reject(&guest.PanicError{Value: "boom", Stack: []byte("here it was")}) })
	collect()
	require.Contains(t, log.String(), "here it was")
}

// What a future of the guest itself fails with is told while the guest lives, and keeps no
// memory: a background loop never ends.
func TestErrorOfTheGuestsOwnIsHeardWhenItsFutureIsGarbage(t *testing.T) {
	for name, start := range map[string]func(g *guest.Guest, fn func(context.Context) (int, error)){
		"Async in another guest": func(g *guest.Guest, fn func(context.Context) (int, error)) {
			asyncIn(context.Background(), g, fn)
		},
		"Queue.Add": func(_ *guest.Guest, fn func(context.Context) (int, error)) {
			new(guest.Queue[int]).Add(context.Background(), fn)
		},
	} {
		var heard []error
		opts := quiet()
		opts.OnError = func(err error) { heard = append(heard, err) }
		require.NoError(t, really(opts, func(ctx context.Context) error {
			start(guestOf(ctx), func(context.Context) (int, error) { return 0, errLost })
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
			assert.Equal(t, 1, guestOf(ctx).Stats().Failed, name)
			collect()
			sleepUntil(ctx, func() bool { return len(heard) > 0 })
			assert.Equal(t, []error{errLost}, causes(heard), name)
			assert.Zero(t, guestOf(ctx).Stats().Failed, name)
			return nil
		}))
		require.Len(t, heard, 1, "%s: once", name)
	}
}

func TestWithoutOnErrorALostErrorIsLoggedWithTheNameOfItsTask(t *testing.T) {
	log := new(journal)
	require.NoError(t, really(&guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		asyncIn(context.Background(), guestOf(ctx), loses)
		assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
		collect()
		sleepUntil(ctx, func() bool { return guestOf(ctx).Stats().Failed == 0 })
		assert.Contains(t, log.String(), errLost.Error())
		assert.Contains(t, log.String(), "task.func=guest_test.loses task.at=lost_test.go:")
		return nil
	}))
	require.Equal(t, 1, strings.Count(log.String(), "unobserved error"))
}

// sleepUntil waits for what the collector's goroutine has begun. In a task.
func sleepUntil(ctx context.Context, happened func() bool) {
	for range 10_000 {
		if happened() {
			return
		}
		_ = guest.Sleep(ctx, time.Millisecond)
	}
}

func loses(context.Context) (int, error) { return 0, errLost }

func TestLostPanicOfTheGuestsOwnEndsItAsThatOfATaskDoes(t *testing.T) {
	require.ErrorContains(t, really(quiet(), func(ctx context.Context) error {
		asyncIn(context.Background(), guestOf(ctx), func(context.Context) (int, error) { panic("kaboom") })
		assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
		collect()
		return guest.Sleep(ctx, time.Minute)
	}), "kaboom")
}

func TestFutureThatIsMadeOnTheUIThreadIsReportedThere(t *testing.T) {
	var heard []error
	opts := quiet()
	opts.OnError = func(err error) { heard = append(heard, err) }
	require.NoError(t, really(opts, func(ctx context.Context) error {
		makeAndForget(func(f *guest.Future[int]) { f.Reject(errLost) })
		collect()
		sleepUntil(ctx, func() bool { return len(heard) > 0 })
		return nil
	}))
	require.Equal(t, []error{errLost}, causes(heard))
}

func TestManyLostErrorsKeepNoMemory(t *testing.T) {
	const many = 5_000
	opts := quiet()
	opts.OnError = func(error) {}
	require.NoError(t, really(opts, func(ctx context.Context) error {
		for range many / 1000 {
			for range 1000 {
				asyncIn(context.Background(), guestOf(ctx), loses)
			}
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
			collect()
		}
		sleepUntil(ctx, func() bool { return guestOf(ctx).Stats().Unobserved == many })
		assert.Zero(t, guestOf(ctx).Stats().Failed)
		assert.Equal(t, many, guestOf(ctx).Stats().Unobserved)
		return nil
	}))
}

func TestGuestWithAParentTellsItsOnError(t *testing.T) {
	var heard []error
	log := new(journal)
	opts := quiet()
	opts.OnError = func(err error) { heard = append(heard, err) }
	opts.Logger, opts.SlowTurn = log.logger(), -1
	fail := func(context.Context) error { return errLost }
	require.NoError(t, really(opts, func(ctx context.Context) error {
		h := headless.New()
		child, err := guest.Start(h, nil, &guest.Options{Parent: guestOf(ctx), Private: true, Name: "child", SlowTurn: -1})
		require.NoError(t, err)
		go func() {
			runtime.LockOSThread()
			defer child.Finish()
			_ = h.Mainloop(func() error { return nil })
		}()
		child.Go(fail)
		asyncIn(context.Background(), child, loses)
		for len(heard) < 1 {
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		child.Cancel(nil)
		_, _, err = flow.Recv(ctx, child.Done())
		assert.NoError(t, err)
		return guest.Sleep(ctx, time.Millisecond)
	}))
	require.Equal(t, []error{errLost, errLost}, causes(heard))
	require.Empty(t, log.String())
}

type panickingHandler struct{ slog.Handler }

func (panickingHandler) Enabled(context.Context, slog.Level) bool { panic("no log") }

func TestLogThatPanicsHarmsNobody(t *testing.T) {
	looptest.DefaultLog(t, slog.New(panickingHandler{}))
	makeAndForget(func(f *guest.Future[int]) { f.Reject(errLost) })
	collect()
}
