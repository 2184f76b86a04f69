package guest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// Every kind of circle that is found. Each case would hang for ever otherwise; who closes the
// circle is refused.
func TestWaitCyclesAreRefused(t *testing.T) {
	for name, circle := range map[string]func(t *testing.T, ctx context.Context) (refused error){
		"a task awaits itself": func(_ *testing.T, ctx context.Context) (refused error) {
			var self *guest.Task
			self = guest.Go(ctx, func(ctx context.Context) error { refused = self.Wait(ctx); return nil })
			_ = self.Wait(ctx)
			return refused
		},
		"itself, on a foreign context": func(_ *testing.T, ctx context.Context) (refused error) {
			var self *guest.Task
			self = guest.Go(ctx, func(context.Context) error { refused = self.Wait(context.Background()); return nil })
			_ = self.Wait(ctx)
			return refused
		},
		"a child awaits its parent": func(_ *testing.T, ctx context.Context) (refused error) {
			var parent *guest.Task
			parent = guest.Go(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error { refused = parent.Wait(ctx); return nil })
				return nil
			})
			_ = parent.Wait(ctx)
			return refused
		},
		"a grandchild awaits its grandparent": func(_ *testing.T, ctx context.Context) (refused error) {
			var parent *guest.Task
			parent = guest.Go(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error {
					guest.Go(ctx, func(ctx context.Context) error { refused = parent.Wait(ctx); return nil })
					return nil
				})
				return nil
			})
			_ = parent.Wait(ctx)
			return refused
		},
		"a task in a Scope awaits the scope's task": func(_ *testing.T, ctx context.Context) (refused error) {
			var parent *guest.Task
			parent = guest.Go(ctx, func(ctx context.Context) error {
				return guest.Scope(ctx, func(ctx context.Context) error {
					guest.Go(ctx, func(ctx context.Context) error { refused = parent.Wait(ctx); return nil })
					return nil
				})
			})
			_ = parent.Wait(ctx)
			return refused
		},
		"a child joins its parent": func(_ *testing.T, ctx context.Context) (refused error) {
			_ = guest.Go(ctx, func(parent context.Context) error {
				guest.Go(parent, func(context.Context) error { refused = guest.Join(parent); return nil })
				return guest.Join(parent)
			}).Wait(ctx)
			return refused
		},
		"two tasks": func(_ *testing.T, ctx context.Context) (refused error) {
			var a, b *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error { return b.Wait(ctx) })
			b = guest.Go(ctx, func(ctx context.Context) error { refused = a.Wait(ctx); return nil })
			_ = a.Wait(ctx)
			return refused
		},
		"three tasks, one of them by its child": func(_ *testing.T, ctx context.Context) (refused error) {
			var a, b, c *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error { return b.Wait(ctx) })
			b = guest.Go(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error { return c.Wait(ctx) })
				return nil
			})
			c = guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Second)
				refused = a.Wait(ctx)
				return nil
			})
			_ = a.Wait(ctx)
			return refused
		},
		"a child that its parent awaits": func(_ *testing.T, ctx context.Context) (refused error) {
			var parent, other *guest.Task
			parent = guest.Go(ctx, func(ctx context.Context) error {
				return guest.Go(ctx, func(ctx context.Context) error {
					_ = guest.Sleep(ctx, time.Second)
					refused = other.Wait(ctx)
					return nil
				}).Wait(ctx)
			})
			other = guest.Go(ctx, func(ctx context.Context) error { return parent.Wait(ctx) })
			_ = other.Wait(ctx)
			return refused
		},
		"a child that its parent awaits, awaited in turn": func(_ *testing.T, ctx context.Context) (refused error) {
			var parent, other *guest.Task
			parent = guest.Go(ctx, func(ctx context.Context) error {
				return guest.Scope(ctx, func(ctx context.Context) error {
					return guest.Go(ctx, func(ctx context.Context) error { return other.Wait(ctx) }).Wait(ctx)
				})
			})
			other = guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Second)
				refused = parent.Wait(ctx)
				return nil
			})
			_ = parent.Wait(ctx)
			return refused
		},
		"two Asyncs": func(_ *testing.T, ctx context.Context) (refused error) {
			var a, b *guest.Future[int]
			a = guest.Async(ctx, func(ctx context.Context) (int, error) { return b.Wait(ctx) })
			b = guest.Async(ctx, func(ctx context.Context) (int, error) { _, refused = a.Wait(ctx); return 0, nil })
			_, _ = a.Wait(ctx)
			return refused
		},
		"an Async awaits itself": func(_ *testing.T, ctx context.Context) (refused error) {
			var a *guest.Future[int]
			a = guest.Async(ctx, func(ctx context.Context) (int, error) { _, refused = a.Wait(ctx); return 0, nil })
			_, _ = a.Wait(ctx)
			return refused
		},
		"a background function waits for its task": func(_ *testing.T, ctx context.Context) (refused error) {
			var a *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) { refused = a.Wait(ctx) })
			})
			_ = a.Wait(ctx)
			return refused
		},
		"a background function waits for its task's parent": func(_ *testing.T, ctx context.Context) (refused error) {
			var a *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error {
					return inBackground(ctx, func(ctx context.Context) {
						ctx, cancel := context.WithTimeout(ctx, never)
						defer cancel()
						refused = a.Wait(ctx)
					})
				})
				return nil
			})
			_ = a.Wait(ctx)
			return refused
		},
		"a background function waits, and then is awaited": func(_ *testing.T, ctx context.Context) (refused error) {
			var a, b *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) { assert.NoError(t, b.Wait(ctx)) })
			})
			b = guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Second)
				refused = a.Wait(ctx)
				return nil
			})
			_ = a.Wait(ctx)
			return refused
		},
		"a background function waits for who awaits its task": func(_ *testing.T, ctx context.Context) (refused error) {
			var a *guest.Task
			var b *guest.Future[int]
			a = guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) {
					time.Sleep(time.Second)
					_, refused = b.Wait(ctx)
				})
			})
			b = guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, a.Wait(ctx) })
			_ = a.Wait(ctx)
			return refused
		},
		"CallOnMain awaits the task that waits for it": func(_ *testing.T, ctx context.Context) (refused error) {
			var a *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) {
					_, _ = guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
						refused = a.Wait(ctx)
						return 0, nil
					})
				})
			})
			_ = a.Wait(ctx)
			return refused
		},
		"CallOnMain of a background function with another's context": func(_ *testing.T, parent context.Context) (refused error) {
			var a *guest.Task
			a = guest.Go(parent, func(context.Context) error {
				return inBackground(parent, func(ctx context.Context) {
					_, _ = guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
						refused = a.Wait(ctx)
						return 0, nil
					})
				})
			})
			_ = a.Wait(parent)
			return refused
		},
		"CallOnMain, nested": func(_ *testing.T, ctx context.Context) (refused error) {
			var a *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) {
					_, _ = guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
						return 0, inBackground(ctx, func(ctx context.Context) { refused = a.Wait(ctx) })
					})
				})
			})
			_ = a.Wait(ctx)
			return refused
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				// A circle that is not found ends after a day, by its context.
				ctx, cancel := context.WithTimeout(ctx, 24*time.Hour)
				defer cancel()
				assert.ErrorIs(t, circle(t, ctx), guest.ErrWouldDeadlock)
				assert.NoError(t, ctx.Err())
				return nil
			}))
		})
	}
}

func TestWhatIsNoCircleIsNotRefused(t *testing.T) {
	for name, fn := range map[string]func(ctx context.Context) error{
		"a parent awaits its child": func(ctx context.Context) error {
			return guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) }).Wait(ctx)
		},
		"siblings": func(ctx context.Context) error {
			a := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) })
			b := guest.Go(ctx, func(ctx context.Context) error { return a.Wait(ctx) })
			guest.Go(ctx, func(ctx context.Context) error { return b.Wait(ctx) })
			return a.Wait(ctx)
		},
		"a wait that was given up": func(ctx context.Context) error {
			var a, b *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error {
				short, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				assert.ErrorIs(t, b.Wait(short), context.DeadlineExceeded)
				return guest.Sleep(ctx, time.Hour)
			})
			b = guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Minute)
				return a.Wait(ctx)
			})
			return b.Wait(ctx)
		},
		"a goroutine of a task that a background function started": func(ctx context.Context) error {
			var a *guest.Task
			a = guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) {
					// Owned by a, but not waited for by the background function; nor does a
					// child's goroutine hold up the child.
					guest.Go(ctx, func(ctx context.Context) error {
						go func() { assert.NoError(t, a.Wait(context.Background())) }()
						return guest.Sleep(ctx, time.Second)
					})
				})
			})
			return a.Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, nil, fn))
		})
	}
}

// What the documents say is not found; the waits end by their context.
func TestCirclesThroughBareFuturesAreNotFound(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		short, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		task := guest.Go(ctx, func(context.Context) error {
			_, err := f.Wait(short)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			return nil
		})
		err := task.Wait(ctx)
		f.Resolve(1) // too late: its maker has waited for the task
		return err
	}))
}

func TestLongChainOfWaitsIsRefusedAtItsEnd(t *testing.T) {
	const n = 2000
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		tasks := make([]*guest.Task, n)
		var refused error
		for i := range n {
			tasks[i] = guest.Go(ctx, func(ctx context.Context) error {
				if i < n-1 {
					return tasks[i+1].Wait(ctx)
				}
				refused = tasks[0].Wait(ctx)
				return nil
			})
		}
		err := guest.Join(ctx)
		assert.ErrorIs(t, refused, guest.ErrWouldDeadlock)
		return err
	}))
}

func TestCirclesThroughTwoGuestsAreNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handed, over := make(chan *guest.Guest, 1), make(chan struct{})
		go func() {
			defer close(over)
			assert.NoError(t, really(nil, func(ctx context.Context) error {
				handed <- guestOf(ctx)
				return guest.Sleep(ctx, 2*time.Hour)
			}))
		}()
		theirs := <-handed
		require.NoError(t, really(nil, func(ctx context.Context) error {
			short, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			var ours *guest.Task
			ours = guest.Go(ctx, func(context.Context) error {
				_, err := asyncIn(short, theirs, func(ctx context.Context) (int, error) { return 0, ours.Wait(ctx) }).Wait(short)
				assert.ErrorIs(t, err, context.DeadlineExceeded)
				return nil
			})
			return ours.Wait(ctx)
		}))
		<-over
	})
}

// TestGuestThatWaitsForAFunctionIsNotWaitedForByIt: neither would end.
func TestGuestThatWaitsForAFunctionIsNotWaitedForByIt(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) {
			short, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			assert.ErrorIs(t, guestOf(ctx).Wait(short), guest.ErrWouldDeadlock)
		})
	}))
}
