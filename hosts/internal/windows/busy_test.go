package windows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// A screen is what a fake dialog shows.
type screen struct {
	stop   func(cause error)
	open   bool
	done   float64
	text   string
	failed []error
}

func (s *screen) dialog() windows.BusyDialog {
	return windows.BusyDialog{
		Show:   func(stop func(error)) func() { s.stop, s.open = stop, true; return func() { s.open = false } },
		Report: func(done float64, text string) { s.done, s.text = done, text },
		Fail:   func(_ context.Context, err error) error { s.failed = append(s.failed, err); return nil },
	}
}

type report = func(done float64, text string)

func TestBusyReturnsTheResult(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		s := new(screen)
		v, ok, err := windows.Busy(ctx, s.dialog(), func(ctx context.Context, report report) (int, error) {
			report(0.5, "half")
			return 1, guest.Sleep(ctx, time.Second)
		})
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, 1, v)
		require.Equal(t, "half", s.text)
		require.InDelta(t, 0.5, s.done, 0)
		require.False(t, s.open)
	}, nil)
}

// Whatever comes first decides, and the dialog has gone when Busy returns.
func TestBusyInEachOrderOfFailureCancelAndClose(t *testing.T) {
	errFull := errors.New("disk full")
	type result struct {
		ok     bool
		err    error // that it must match
		failed error // that was shown
	}
	for name, c := range map[string]struct {
		work func(ctx context.Context) error
		do   func(s *screen, cancel func(error)) // after a second
		want result
	}{
		"failure": {
			work: func(context.Context) error { return errWrong },
			want: result{failed: errWrong},
		},
		"panic": {
			work: func(context.Context) error { panic(errWrong) },
			want: result{err: errWrong},
		},
		"cancel": {
			work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			do:   func(s *screen, _ func(error)) { s.stop(nil) },
		},
		"cancel, then success": {
			work: func(ctx context.Context) error { <-ctx.Done(); return nil },
			do:   func(s *screen, _ func(error)) { s.stop(nil) },
		},
		"cancel, then failure": {
			work: func(ctx context.Context) error { <-ctx.Done(); return errFull },
			do:   func(s *screen, _ func(error)) { s.stop(nil) },
			want: result{failed: errFull},
		},
		"close": {
			work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			do:   func(s *screen, _ func(error)) { s.stop(guest.ErrWindowClosed) },
			want: result{err: guest.ErrWindowClosed},
		},
		"cancel, then close": {
			work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			do:   func(s *screen, _ func(error)) { s.stop(nil); s.stop(guest.ErrWindowClosed) },
			want: result{err: guest.ErrWindowClosed},
		},
		"close, then failure": {
			work: func(ctx context.Context) error { <-ctx.Done(); return errFull },
			do:   func(s *screen, _ func(error)) { s.stop(guest.ErrWindowClosed) },
			want: result{err: errFull},
		},
		"quit": {
			work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			do:   func(_ *screen, cancel func(error)) { cancel(guest.ErrQuit) },
			want: result{err: guest.ErrQuit},
		},
		"cancel, then quit": {
			work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			do:   func(s *screen, cancel func(error)) { s.stop(nil); cancel(guest.ErrQuit) },
			want: result{err: guest.ErrQuit},
		},
		"quit, then failure": {
			work: func(ctx context.Context) error { <-ctx.Done(); return errFull },
			do:   func(_ *screen, cancel func(error)) { cancel(guest.ErrQuit) },
			want: result{err: errFull},
		},
	} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				s := new(screen)
				own, cancel := context.WithCancelCause(ctx)
				guest.After(ctx, time.Second, func(context.Context) error {
					if c.do != nil {
						c.do(s, cancel)
					}
					return nil
				})
				_, ok, err := windows.Busy(own, s.dialog(), func(ctx context.Context, _ report) (int, error) {
					return 1, c.work(ctx)
				})
				require.False(t, s.open)
				require.Equal(t, c.want.ok, ok)
				require.ErrorIs(t, err, c.want.err)
				if c.want.failed == nil {
					require.Empty(t, s.failed)
				} else {
					require.Len(t, s.failed, 1)
					require.ErrorIs(t, s.failed[0], c.want.failed)
				}
			}, nil)
		})
	}
}
