package guest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// TestCauseOfAContextStaysTheFirst, also when the scheduler has not heard of it yet.
func TestCauseOfAContextStaysTheFirst(t *testing.T) {
	for name, look := range map[string]func(ctx context.Context) error{
		"seen":   guest.Yield,
		"unseen": func(context.Context) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				first := errors.New("first")
				derived, cancel := context.WithCancelCause(ctx)
				task := guest.Go(derived, func(ctx context.Context) error {
					inner := guest.Go(ctx, func(ctx context.Context) error {
						self, _ := guest.CurrentTask()
						cancel(first)
						if err := look(ctx); err != nil {
							assert.ErrorIs(t, err, first)
						}
						self.Cancel(errBoom)
						assert.ErrorIs(t, guest.Yield(ctx), first)
						assert.Equal(t, first, context.Cause(ctx))
						return nil
					})
					_ = inner.Wait(context.WithoutCancel(ctx))
					assert.ErrorIs(t, guest.Yield(ctx), first)
					return guest.Yield(ctx)
				})
				assert.ErrorIs(t, task.Wait(ctx), first)
				return nil
			}))
		})
	}
}

// manyErrors is an error that can't be compared.
type manyErrors []error

func (m manyErrors) Error() string { return errors.Join(m...).Error() }

// TestCauseThatCannotBeComparedHarmsNobody.
func TestCauseThatCannotBeComparedHarmsNobody(t *testing.T) {
	for name, answer := range map[string]func(ctx context.Context) error{
		"its cause": context.Cause,
		"another":   func(context.Context) error { return manyErrors{errBoom} },
		"a wait":    guest.Park,
		"in a goroutine": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, context.Cause(ctx) })
			return err
		},
		"in a submission": func(ctx context.Context) error {
			return guest.Submit(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, context.Cause(ctx) }).OnDone(ctx, func(int, error) {})
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				task := guestOf(ctx).Go(func(ctx context.Context) error {
					if !strings.HasPrefix(name, "in a") {
						_ = guest.Park(ctx)
					}
					return answer(ctx)
				})
				assert.NoError(t, guest.Sleep(ctx, time.Second))
				task.Cancel(manyErrors{errBoom})
				if err := task.Wait(ctx); err != nil {
					assert.NotContains(t, err.Error(), "panic")
				}
				return nil
			}))
		})
	}
}
