package flow_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func TestSendWaitsForRoom(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			ch := make(chan int, 1)
			n := 0
			w.start(caller, func(ctx context.Context) {
				for i := range 3 {
					sent, err := flow.Send(ctx, ch, i)
					assert.True(t, sent)
					assert.NoError(t, err)
					n++
				}
			})
			synctest.Wait()
			require.Equal(t, 1, n)
			for i := range 3 {
				require.Equal(t, i, <-ch)
				synctest.Wait()
			}
			require.Equal(t, 3, n)
		})
	}
}

func TestSendToAClosedChannelPanicsInTheCaller(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			ch := make(chan int)
			var said any
			w.start(caller, func(ctx context.Context) {
				defer func() { said = recover() }()
				_, _ = flow.Send(ctx, ch, 1)
			})
			synctest.Wait()
			close(ch)
			synctest.Wait()
			require.ErrorContains(t, said.(error), "send on closed channel")
			w.start(caller, func(ctx context.Context) {
				defer func() { said = recover() }()
				_, _ = flow.Send(ctx, ch, 1)
			})
			synctest.Wait()
			require.ErrorContains(t, said.(error), "send on closed channel")
		})
	}
}

func TestSendToANilChannelWaitsForItsContext(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			var why error
			cancel := w.start(caller, func(ctx context.Context) {
				sent, err := flow.Send[int](ctx, nil, 1)
				assert.False(t, sent)
				why = err
			})
			synctest.Wait()
			cancel()
			synctest.Wait()
			require.ErrorIs(t, why, context.Canceled)
		})
	}
}

func TestSendTellsWhatWasSentBesideACancellation(t *testing.T) {
	inBubble(t, func(w *world) {
		boom := errors.New("boom")
		for range 100 {
			ch := make(chan int)
			task := w.g.Go(func(ctx context.Context) error {
				sent, err := flow.Send(ctx, ch, 7)
				assert.True(t, sent)
				assert.ErrorIs(t, err, boom)
				return nil
			})
			synctest.Wait()
			w.onUI(func() {
				assert.Equal(t, 7, <-ch)
				task.Cancel(boom)
			})
			synctest.Wait()
		}
	})
}

// Senders that give up at any moment: each value that is said to be sent arrives once, and no
// other does.
func TestSendLosesNothingAndSendsNothingTwice(t *testing.T) {
	for caller := range callers {
		inWorld(t, func(w *world) {
			const n = 100
			ch := make(chan int)
			w.start(caller, func(ctx context.Context) {
				defer close(ch)
				for i := range n {
					for sent := false; !sent; {
						derived, cancel := context.WithCancel(ctx)
						go soon(cancel)
						sent, _ = flow.Send(derived, ch, i)
						cancel()
						_ = guest.Yield(ctx)
					}
				}
			})
			next := 0
			for v := range ch {
				require.Equal(t, next, v)
				next++
			}
			require.Equal(t, n, next)
		})
	}
}

// A pool of one place: what the sender waits for needs it.
func TestSendLendsItsPlaceInAPool(t *testing.T) {
	inBubble(t, func(w *world) {
		ch := make(chan int)
		got := 0
		task := w.g.Go(func(ctx context.Context) error {
			ctx = flow.WithExecutor(ctx, flow.NewPool(1))
			guest.Submit(ctx, func(ctx context.Context) (int, error) {
				_, err := flow.Send(ctx, ch, 7)
				return 0, err
			})
			f := guest.Submit(ctx, func(context.Context) (int, error) { return <-ch, nil })
			var err error
			got, err = f.Wait(ctx)
			return err
		})
		synctest.Wait()
		require.Equal(t, 7, got)
		require.NoError(t, task.Err())
	})
}

const (
	chSend = iota
	chReceive
	chCancel
	chCodes
)

// FuzzSend does the same with a channel and with two lists.
func FuzzSend(f *testing.F) {
	f.Add([]byte{chSend, 0, chSend, 1, chSend, 2, chReceive, 0, chCancel, 1, chReceive, 0, chReceive, 0}, uint8(1))
	f.Add([]byte{chSend, 0, chCancel, 0, chReceive, 0, chSend, 2, chSend, 1, chReceive, 0, chReceive, 0}, uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, room uint8) {
		program := instructions(data, chCodes)
		inBubble(t, func(w *world) {
			ch := make(chan int, room%4)
			var got, want ledger
			var cancels []func()
			var kept, waiting []int // by number of the sender
			settle := func() {
				for len(waiting) > 0 && len(kept) < cap(ch) {
					kept = append(kept, waiting[0])
					want.set(waiting[0], "sent")
					waiting = waiting[1:]
				}
			}
			for _, in := range program {
				switch in.code {
				case chSend:
					i := got.add("waits")
					cancels = append(cancels, w.start(in.arg, func(ctx context.Context) {
						if sent, err := flow.Send(ctx, ch, i); sent && err == nil {
							got.set(i, "sent")
						} else if !sent && err != nil {
							got.set(i, "failed")
						}
					}))
					waiting = append(waiting, want.add("waits"))
				case chReceive:
					expected := -1
					switch {
					case len(kept) > 0:
						expected, kept = kept[0], kept[1:]
					case len(waiting) > 0:
						expected, waiting = waiting[0], waiting[1:]
						want.set(expected, "sent")
					}
					v := -1
					select {
					case v = <-ch:
					default:
					}
					require.Equal(t, expected, v)
				case chCancel:
					if len(cancels) > 0 {
						cancels[in.arg%len(cancels)]()
						for n, i := range waiting {
							if i == in.arg%len(cancels) {
								waiting = append(waiting[:n:n], waiting[n+1:]...)
								want.set(i, "failed")
							}
						}
					}
				}
				settle()
				synctest.Wait()
				if got.String() != want.String() {
					t.Fatalf("after %v of %v\n model: %s\n   got: %s", in, program, want.String(), got.String())
				}
			}
			for _, cancel := range cancels {
				cancel()
			}
		})
	})
}
