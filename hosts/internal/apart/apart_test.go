package apart_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

var errWrong = errors.New("wrong")

// A window is closed by a call.
type window struct{ closed func() }

func (w *window) bind(closed func()) (unbind func()) {
	w.closed = closed
	return func() { w.closed = nil }
}

func TestOptionsKeepFailuresApart(t *testing.T) {
	require.True(t, apart.Options(nil).Supervise)
	opts := &guest.Options{Name: "mine"}
	got := apart.Options(opts)
	require.True(t, got.Supervise)
	require.Equal(t, "mine", got.Name)
	require.False(t, opts.Supervise, "the program's own are left alone")
}

func TestWindowReturnsWhatFnSays(t *testing.T) {
	closing := func(then func(ctx context.Context) error) func(*window) func(context.Context) error {
		return func(w *window) func(context.Context) error {
			return func(ctx context.Context) error { w.closed(); return then(ctx) }
		}
	}
	open := func(fn func(ctx context.Context) error) func(*window) func(context.Context) error {
		return func(*window) func(context.Context) error { return fn }
	}
	for name, c := range map[string]struct {
		fn   func(w *window) func(ctx context.Context) error
		want error // nil: none
		quit bool  // and whether it is no failure
	}{
		"nil":                          {fn: open(func(context.Context) error { return nil })},
		"a failure":                    {fn: open(func(context.Context) error { return errWrong }), want: errWrong},
		"a panic":                      {fn: open(func(context.Context) error { panic(errWrong) }), want: errWrong},
		"nil in a closed window":       {fn: closing(func(ctx context.Context) error { _ = guest.Park(ctx); return nil })},
		"an answer":                    {fn: closing(guest.Park), want: guest.ErrWindowClosed, quit: true},
		"a context's answer":           {fn: closing(context.Context.Err), want: guest.ErrWindowClosed, quit: true},
		"a failure in a closed window": {fn: closing(func(context.Context) error { return errWrong }), want: errWrong},
		"a panic in a closed window":   {fn: closing(func(context.Context) error { panic(errWrong) }), want: errWrong},
	} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				w := new(window)
				g, _ := guest.FromContext(ctx)
				err := g.Go(func(ctx context.Context) error { return apart.Window(ctx, c.fn(w), w.bind) }).Wait(ctx)
				require.ErrorIs(t, err, c.want)
				require.Equal(t, c.quit, guest.IsQuit(err))
				require.Equal(t, c.quit, errors.Is(err, guest.ErrWindowClosed))
				require.Nil(t, w.closed, "the window is still listened to")
			}, nil)
		})
	}
}

// The tasks of a window end with it, whatever fn has returned, and are waited for.
func TestWindowWaitsForItsTasks(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		w, cause := new(window), error(nil)
		guest.After(ctx, time.Second, func(context.Context) error { w.closed(); return nil })
		err := apart.Window(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Park(ctx)
				_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
				cause = context.Cause(ctx)
				return err
			})
			return nil
		}, w.bind)
		require.NoError(t, err, "fn's nil is nil")
		require.Equal(t, guest.ErrWindowClosed, cause)
	}, nil)
}

func TestWindowKeepsFailuresApart(t *testing.T) {
	heard := 0
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		w := new(window)
		err := apart.Window(ctx, func(ctx context.Context) error {
			for range 2 {
				guest.Go(ctx, func(context.Context) error { return errWrong })
			}
			return guest.Sleep(ctx, time.Second)
		}, w.bind)
		require.NoError(t, err)
		require.Equal(t, 2, heard)
	}, &guesttest.Options{Guest: &guest.Options{OnError: func(error) { heard++ }}})
}

// A cancellation from outside counts, also beside the closing, and is returned when it came
// while the window's tasks were waited for.
func TestWindowSaysThatTheProgramQuits(t *testing.T) {
	for name, fn := range map[string]func(ctx context.Context) error{
		"answered": guest.Park,
		"heeded":   func(ctx context.Context) error { _ = guest.Park(ctx); return nil },
	} {
		for _, closes := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				guesttest.Run(t, func(ctx context.Context, t *testing.T) {
					w := new(window)
					task := guest.Go(context.WithoutCancel(ctx), func(ctx context.Context) error {
						return apart.Window(ctx, fn, w.bind)
					})
					require.NoError(t, guest.Sleep(ctx, time.Second))
					if closes {
						w.closed()
					}
					task.Cancel(guest.ErrQuit)
					err := task.Wait(ctx)
					require.ErrorIs(t, err, guest.ErrQuit)
					require.True(t, guest.IsQuit(err))
				}, nil)
			})
		}
	}
}
