package guest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestRunOnMainRunsInPlaceOnTheUIThread(t *testing.T) {
	s := &story{t: t}
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			s.step(1)
			assert.NoError(t, guest.RunOnMain(ctx, func() { s.step(2) }))
			s.step(3)
			loop.RunSyncSoonThreadsafe(func() { // a handler
				s.step(5)
				assert.NoError(t, guest.RunOnMain(ctx, func() { s.step(6) }))
				s.step(7)
			})
			_ = guestOf(ctx).Post(func() {
				assert.NoError(t, guest.RunOnMain(ctx, func() { s.step(4) }))
			})
			return 0, guest.Sleep(ctx, time.Second)
		}, nil)
		require.NoError(t, err)
	})
	s.step(8)
}

func TestRunOnMainFromElsewhereIsPostedInOrder(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		err := inBackground(ctx, func(ctx context.Context) {
			for i := range int32(10) {
				assert.NoError(t, guest.RunOnMain(ctx, func() { s.step(2*i + 1) }))
				assert.NoError(t, guestOf(ctx).Post(func() { s.step(2*i + 2) }))
			}
		})
		s.step(21)
		return err
	}))
}

func TestWaitInRunOnMainIsRefusedAndLoggedOncePerPlace(t *testing.T) {
	for path, call := range map[string]func(ctx context.Context, fn func()) error{
		"in place": guest.RunOnMain,
		"posted": func(ctx context.Context, fn func()) error {
			return inBackground(ctx, func(ctx context.Context) { assert.NoError(t, guest.RunOnMain(ctx, fn)) })
		},
	} {
		var log journal
		require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
			for range 3 {
				assert.NoError(t, call(ctx, func() { assert.ErrorIs(t, guest.Sleep(ctx, 1), guest.ErrWouldDeadlock) }))
				assert.NoError(t, call(ctx, func() { assert.ErrorIs(t, guest.Yield(ctx), guest.ErrWouldDeadlock) }))
			}
			assert.NoError(t, guest.Yield(ctx), "the caller is a task again")
			return guest.Sleep(ctx, time.Second)
		}))
		require.Equal(t, 2, strings.Count(log.String(), "a wait was refused"), path)
		require.Equal(t, 2, strings.Count(log.String(), "at=onmain_test.go:"), path)
		require.Contains(t, log.String(), "Sleep called on the UI thread outside a task", path)
	}
}

func TestPanicInRunOnMainIsHeardAlsoWhenThePumpSleeps(t *testing.T) {
	var heard error
	opts := quiet()
	opts.OnError = func(err error) { heard = err }
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			return 0, inBackground(ctx, func(context.Context) {
				synctest.Wait()
				loop.RunSyncSoonThreadsafe(func() { _ = guest.RunOnMain(ctx, func() { panic(errBoom) }) })
				synctest.Wait()
				assert.ErrorIs(t, heard, errBoom)
			})
		}, opts)
		require.NoError(t, err)
	})
}

func TestRunOnMainIgnoresCancellation(t *testing.T) {
	ran := 0
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		assert.NoError(t, guest.RunOnMain(cancelled, func() { ran++ }))
		return inBackground(ctx, func(context.Context) {
			assert.NoError(t, guest.RunOnMain(cancelled, func() { ran++ }))
		})
	}))
	require.Equal(t, 2, ran)
}

func TestRunOnMainWithoutAGuest(t *testing.T) {
	nobody := context.Background()
	require.Equal(t, guest.ErrNoGuest, guest.RunOnMain(nobody, func() { t.Error("it ran") }))
	_, err := guest.CallOnMain(nobody, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
	require.Equal(t, guest.ErrNoGuest, err)

	var ended context.Context
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ended = ctx
		ran := false
		assert.NoError(t, guest.RunOnMain(nobody, func() { ran = true }), "the process's only guest")
		assert.True(t, ran)
		return inBackground(ctx, func(context.Context) {
			v, err := guest.CallOnMain(nobody, func(ctx context.Context) (int, error) { return 7, guest.Sleep(ctx, time.Second) })
			assert.Equal(t, 7, v)
			assert.NoError(t, err)
		})
	}))
	require.Equal(t, guest.ErrFinished, guest.RunOnMain(ended, func() { t.Error("it ran") }))
	_, err = guest.CallOnMain(ended, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
	require.ErrorIs(t, err, guest.ErrFinished)
}

func TestRunOnMainTakesTheNewestOfSeveralAndSaysSo(t *testing.T) {
	var j journal
	synctest.Test(t, func(t *testing.T) {
		require.NoError(t, really(quiet(), func(ctx context.Context) error {
			return inBackground(ctx, func(context.Context) {
				opts := &guest.Options{Logger: j.logger(), Name: "newest"}
				assert.NoError(t, really(opts, func(ctx context.Context) error {
					return inBackground(ctx, func(context.Context) {
						for range 3 {
							v, err := guest.CallOnMain(context.Background(), func(inner context.Context) (bool, error) {
								return guestOf(inner) == guestOf(ctx), nil
							})
							assert.NoError(t, err)
							assert.True(t, v)
						}
					})
				}))
			})
		}))
	})
	require.Regexp(t, `^[^\n]*several guests live[^\n]*guest=newest\n$`, j.String())
}

func TestPostNeverRunsInPlace(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		assert.NoError(t, g.Post(func() {
			s.step(2)
			assert.NoError(t, g.Post(func() { s.step(4) }))
			s.step(3)
		}))
		s.step(1)
		return guest.Sleep(ctx, time.Second)
	}))
	s.step(5)
}

// tell is deep in a library, and was handed no context.
func tell(fn func()) error { return guest.RunOnMain(context.Background(), fn) }

func TestRunOnMainFromAnyDepthWithoutAContext(t *testing.T) {
	s := &story{t: t}
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			assert.NoError(t, tell(func() { s.step(1) }), "in a task")
			err := inBackground(ctx, func(context.Context) {
				assert.NoError(t, tell(func() { s.step(2) }), "in a background function")
				var wg sync.WaitGroup
				wg.Go(func() { assert.NoError(t, tell(func() { s.step(3) }), "in a goroutine of it") })
				wg.Wait()
				time.AfterFunc(time.Minute, func() { assert.NoError(t, tell(func() { s.step(4) }), "in a timer") })
			})
			loop.RunSyncSoonThreadsafe(func() {
				time.AfterFunc(time.Hour, func() { assert.NoError(t, tell(func() { s.step(5) })) })
			})
			return 0, errors.Join(err, guest.Sleep(ctx, 2*time.Hour))
		}, nil)
		require.NoError(t, err)
	})
	s.step(6)
}

func TestOnItsThreadAGuestComesBeforeANewerOne(t *testing.T) {
	var j journal
	synctest.Test(t, func(t *testing.T) {
		opts := &guest.Options{Logger: j.logger()}
		require.NoError(t, really(opts, func(ctx context.Context) error {
			return inBackground(ctx, func(context.Context) {
				// on another thread
				assert.NoError(t, really(opts, func(newer context.Context) error {
					err := guest.Sleep(newer, time.Second)
					assert.NoError(t, guestOf(ctx).Go(func(context.Context) error {
						in := false
						assert.NoError(t, tell(func() { in = true }))
						assert.True(t, in, "in place")
						return nil
					}).Wait(newer))
					return err
				}))
			})
		}))
	})
	require.Empty(t, j.String(), "and there is nothing to warn of")
}

func TestPanicInRunOnMainIsLoggedWithItsStackAndCounted(t *testing.T) {
	var j journal
	var g *guest.Guest
	require.NoError(t, virtually(t, &guest.Options{Logger: j.logger()}, func(ctx context.Context) error {
		g = guestOf(ctx)
		assert.NoError(t, guest.RunOnMain(ctx, func() { _ = explode() }), "in place")
		err := inBackground(ctx, func(ctx context.Context) {
			assert.NoError(t, guest.RunOnMain(ctx, func() { _ = explode() }), "posted")
		})
		assert.NoError(t, ctx.Err(), "the caller does not suffer")
		return err
	}))
	require.Equal(t, guest.Stats{Unobserved: 2}, g.Stats())
	require.Equal(t, 2, strings.Count(j.String(), "unobserved panic"))
	require.Equal(t, 2, strings.Count(j.String(), "guest_test.explode (errors_test.go:"), j.String())
}

func TestErrNoGuestSaysWhatToDo(t *testing.T) {
	require.EqualError(t, guest.RunOnMain(t.Context(), func() {}),
		"guest: no guest in this context, and none lives in the process; start one with Run or Start, or pass a context from a guest")
}

// From wherever work happens, to the UI thread: without a context, and without waiting.
func ExampleRunOnMain() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		status := ""
		_, err := guest.Background(ctx, func(context.Context) (any, error) {
			return nil, tell(func() { status = "half done" }) // on the UI thread
		})
		fmt.Println(status)
		return nil, err
	}, nil)
	// Output: half done
}
