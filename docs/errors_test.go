package docs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
)

var errFull = errors.New("the disk is full")

// TestWhatAWaitReturns is the second table of errors.md, but for the windows.
func TestWhatAWaitReturns(t *testing.T) {
	background := func(ctx context.Context, err error) error {
		return guest.BackgroundFunc(ctx, func(ctx context.Context) error { <-ctx.Done(); return err })
	}
	for name, c := range map[string]struct {
		wait            func(ctx context.Context, cancel func(cause error)) error
		is              []error
		cancelled, quit bool
	}{
		"what it waited for": {
			wait: func(ctx context.Context, _ func(error)) error { return guest.Sleep(ctx, time.Second) },
		},
		"cancelled": {
			wait: func(ctx context.Context, cancel func(error)) error { cancel(errFull); return guest.Park(ctx) },
			is:   []error{context.Canceled, errFull}, cancelled: true,
		},
		"quit": {
			wait: func(ctx context.Context, cancel func(error)) error { cancel(guest.ErrQuit); return guest.Park(ctx) },
			is:   []error{context.Canceled, guest.ErrQuit}, cancelled: true, quit: true,
		},
		"closed window": {
			wait: func(ctx context.Context, cancel func(error)) error {
				cancel(guest.ErrWindowClosed)
				return guest.Park(ctx)
			},
			is: []error{context.Canceled, guest.ErrWindowClosed}, cancelled: true, quit: true,
		},
		"deadline": {
			wait: func(ctx context.Context, _ func(error)) error {
				ctx, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				return guest.Park(ctx)
			},
			is: []error{context.DeadlineExceeded},
		},
		"failure": {
			wait: func(ctx context.Context, _ func(error)) error {
				return guest.BackgroundFunc(ctx, func(context.Context) error { return errFull })
			},
			is: []error{errFull},
		},
		"failure after the cancellation": {
			wait: func(ctx context.Context, cancel func(error)) error {
				guest.After(context.WithoutCancel(ctx), time.Second, func(context.Context) error { cancel(guest.ErrQuit); return nil })
				return background(ctx, errFull)
			},
			is: []error{errFull, guest.ErrQuit},
		},
		"never began": {
			wait: func(ctx context.Context, cancel func(error)) error {
				ctx = flow.WithExecutor(ctx, flow.NewPool(1))
				own, stop := context.WithCancel(ctx)
				defer stop()
				begun := make(chan bool, 1)
				guest.Submit(own, func(ctx context.Context) (int, error) { begun <- true; <-ctx.Done(); return 0, nil })
				if _, _, err := flow.Recv(ctx, begun); err != nil {
					return err
				}
				guest.After(context.WithoutCancel(ctx), time.Second, func(context.Context) error { cancel(guest.ErrQuit); return nil })
				return guest.BackgroundFunc(ctx, func(context.Context) error { return errFull })
			},
			is: []error{guest.ErrNotBegun, guest.ErrQuit}, cancelled: true, quit: true,
		},
		"on the UI thread outside a task": {
			wait: func(ctx context.Context, _ func(error)) (err error) {
				err = errors.Join(err, guest.Modal(ctx, func() { err = guest.Sleep(ctx, time.Second) }))
				return err
			},
			is: []error{guest.ErrWouldDeadlock},
		},
	} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				own, cancel := context.WithCancelCause(ctx)
				defer cancel(nil)
				err := c.wait(own, cancel)
				if c.is == nil {
					require.NoError(t, err)
				}
				for _, want := range c.is {
					assert.ErrorIs(t, err, want)
				}
				assert.Equal(t, c.cancelled, guest.Cancelled(err), "Cancelled: %v", err)
				assert.Equal(t, c.quit, guest.IsQuit(err), "IsQuit: %v", err)
			}, nil)
		})
	}
}
