package guest_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

var errLost = errors.New("nobody looked")

// listening makes a journal the process's log for the length of the test.
func listening(t *testing.T) *journal {
	t.Helper()
	was := slog.Default()
	t.Cleanup(func() { slog.SetDefault(was) })
	j := new(journal)
	slog.SetDefault(j.logger())
	return j
}

// collect waits until the garbage collector has dealt with what is garbage now.
func collect() {
	for range 2 { // the cleanups of the first may end after its own
		done := make(chan struct{})
		runtime.AddCleanup(new([64]byte), func(ch chan struct{}) { close(ch) }, done)
		for found := false; !found; {
			runtime.GC()
			select {
			case <-done:
				found = true
			case <-time.After(time.Millisecond):
			}
		}
	}
}

//go:noinline
func makeAndForget(use func(f *guest.Future[int])) {
	use(guest.NewFuture[int]())
}

func TestALostErrorIsLoggedOnceWithThePlaceThatMadeIt(t *testing.T) {
	log := listening(t)
	makeAndForget(func(f *guest.Future[int]) { f.Reject(errLost) })
	for range 3 {
		collect()
	}
	require.Equal(t, 1, strings.Count(log.String(), "guest: unobserved error"))
	require.Contains(t, log.String(), errLost.Error())
	require.Regexp(t, `future="made at lost_test.go:\d+"`, log.String())
}

func TestAnObservedErrorIsSilent(t *testing.T) {
	log, target := listening(t), guest.NewFuture[int]()
	for name, use := range map[string]func(f *guest.Future[int]){
		"waited for":    func(f *guest.Future[int]) { f.Reject(errLost); _, _ = f.Wait(context.Background()) },
		"asked before":  func(f *guest.Future[int]) { done := f.Done(); f.Reject(errLost); <-done },
		"asked after":   func(f *guest.Future[int]) { f.Reject(errLost); f.Done() },
		"chained":       func(f *guest.Future[int]) { f.Chain(target); f.Reject(errLost) },
		"cancelled":     func(f *guest.Future[int]) { f.Cancel(errLost) },
		"a value":       func(f *guest.Future[int]) { f.Resolve(1) },
		"never settled": func(*guest.Future[int]) {},
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

func TestAnErrorIsNotLostWhileSomebodyHoldsTheFuture(t *testing.T) {
	log, f := listening(t), guest.NewFuture[int]()
	f.Reject(errLost)
	collect()
	require.Empty(t, log.String())
	_, err := f.Wait(t.Context())
	require.Equal(t, errLost, err)
}

// A chain to a future that is settled already passes nothing on, and so the error is lost after all.
func TestAnErrorThatAChainCouldNotPassOnIsLost(t *testing.T) {
	log, target := listening(t), guest.NewFuture[int]()
	target.Resolve(1)
	makeAndForget(func(f *guest.Future[int]) { f.Chain(target); f.Reject(errLost) })
	collect()
	require.Contains(t, log.String(), errLost.Error())
}

func TestALostPanicIsLoggedWithItsStack(t *testing.T) {
	log := listening(t)
	makeAndForget(func(f *guest.Future[int]) { f.Reject(&guest.PanicError{Value: "boom", Stack: []byte("here it was")}) })
	collect()
	require.Contains(t, log.String(), "here it was")
}

type panickingHandler struct{ slog.Handler }

func (panickingHandler) Enabled(context.Context, slog.Level) bool { panic("no log") }

func TestALogThatPanicsHarmsNobody(t *testing.T) {
	listening(t)
	slog.SetDefault(slog.New(panickingHandler{}))
	makeAndForget(func(f *guest.Future[int]) { f.Reject(errLost) })
	collect()
}
