package guest

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWaitsThatWereGivenUpLeaveNothingBehindInWhatTheyWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		f := NewFuture[int]()
		g, err := Start(l, func(ctx context.Context) error {
			for range 3 {
				Go(ctx, func(ctx context.Context) error {
					for range 100 {
						short, cancel := context.WithTimeout(ctx, time.Second)
						_, err := f.Wait(short)
						require.ErrorIs(t, err, context.DeadlineExceeded)
						cancel()
					}
					return nil
				})
			}
			return nil
		}, nil)
		require.NoError(t, err)
		require.NoError(t, embedded(l, g).Err)
		f.end.eachWaiter(func(w *Task) { t.Errorf("%v still waits", w) })
	})
}

// The first hook needs no array of its own, and a hook that was removed is not kept.
func TestHooksMoveOnlyOnce(t *testing.T) {
	e, first, second := new(completion), new(hook), new(hook)
	require.True(t, e.hook(first))
	require.Same(t, &e.rest.one[0], &e.rest.hooks[0])
	e.unhook(first)
	require.Nil(t, e.rest.one[0])
	require.True(t, e.hook(first))
	require.Same(t, &e.rest.one[0], &e.rest.hooks[0])
	require.True(t, e.hook(second))
	require.Equal(t, []*hook{first, second}, e.rest.hooks)
	require.Nil(t, e.rest.one[0])
}

// A goroutine that the channel wakes reads the result without a lock.
func TestResultIsThereWhenTheChannelIsClosed(t *testing.T) {
	failed := errors.New("failed")
	for range 20_000 {
		e := new(completion)
		ended, got := e.channel(), make(chan error)
		go func() {
			<-ended
			got <- e.result()
		}()
		go e.settle(failed, nil)
		require.Equal(t, failed, <-got)
	}
}
