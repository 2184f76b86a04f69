package flow_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

const frame = 16 * time.Millisecond

func TestMailboxDeliversAtMostOneBatchAFrame(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			var m flow.Mailbox[int]
			var at []time.Duration
			var got []int
			start := time.Now()
			w.start(caller, func(ctx context.Context) {
				for batch, err := range m.Batches(ctx) {
					if !assert.NoError(t, err) {
						return
					}
					at = append(at, time.Since(start))
					got = append(got, len(batch))
				}
				at = append(at, time.Since(start))
			})
			synctest.Wait()
			for range 100 { // for 50 ms
				require.True(t, m.Put(1))
				time.Sleep(time.Millisecond / 2)
			}
			time.Sleep(time.Second)
			m.Put(1)
			m.Put(1)
			m.Close()
			time.Sleep(time.Second)
			synctest.Wait()
			require.Equal(t, []time.Duration{0, frame, 2 * frame, 3 * frame, 4 * frame, 1050 * time.Millisecond}, at[:6])
			require.LessOrEqual(t, got[1]+got[2]+got[3], 99)
			require.GreaterOrEqual(t, got[1], 31)
			sum := 0
			for _, n := range got {
				sum += n
			}
			require.Equal(t, 102, sum)
			require.Zero(t, m.Dropped())
			require.False(t, m.Put(1), "closed")
		})
	}
}

func TestMailboxDropsTheOldestAndCounts(t *testing.T) {
	inBubble(t, func(w *world) {
		m := flow.NewMailbox[int](&flow.MailboxOptions{Limit: 5})
		for i := range 12 {
			m.Put(i)
		}
		m.Close()
		m.Close()
		require.EqualValues(t, 7, m.Dropped())
		var got []int
		w.start(aTask, func(ctx context.Context) {
			for batch, err := range m.Batches(ctx) {
				assert.NoError(t, err)
				got = append(got, batch...)
			}
		})
		synctest.Wait()
		require.Equal(t, []int{7, 8, 9, 10, 11}, got)
	})
}

func TestMailboxServesThoseWhoWaitForRoomInOrder(t *testing.T) {
	inBubble(t, func(w *world) {
		m := flow.NewMailbox[int](&flow.MailboxOptions{Limit: 2})
		var sent, got ledger
		var cancels []func()
		for i := range 6 {
			sent.add("waits")
			cancels = append(cancels, w.start(i, func(ctx context.Context) {
				ok, err := m.Send(ctx, i)
				assert.Equal(t, ok, err == nil)
				sent.set(i, fmt.Sprint(ok))
			}))
			synctest.Wait()
		}
		require.Equal(t, "[true true waits waits waits waits]", sent.String())
		cancels[3]()
		synctest.Wait()
		m.Close()
		ok, err := m.Send(context.Background(), 9)
		require.ErrorIs(t, err, flow.ErrClosed)
		require.False(t, ok)
		w.start(aTask, func(ctx context.Context) {
			for batch, err := range m.Batches(ctx) {
				assert.NoError(t, err)
				got.add(fmt.Sprint(batch))
			}
		})
		synctest.Wait()
		require.Equal(t, "[true true true false true waits]", sent.String())
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, "[true true true false true true]", sent.String())
		require.Equal(t, "[[0 1] [2 4] [5]]", got.String())
		require.Zero(t, m.Dropped())
	})
}

// What was accepted while the sender was cancelled is said to be sent, and comes.
func TestMailboxSendTellsWhatWasSentBesideACancellation(t *testing.T) {
	inBubble(t, func(w *world) {
		m := flow.NewMailbox[int](&flow.MailboxOptions{Limit: 1})
		m.Put(0)
		boom := errors.New("boom")
		var sent bool
		var why error
		task := w.g.Go(func(ctx context.Context) error {
			sent, why = m.Send(ctx, 1)
			return why
		})
		synctest.Wait()
		w.g.Go(func(ctx context.Context) error {
			for batch := range m.Batches(ctx) {
				assert.Equal(t, []int{0}, batch)
				task.Cancel(boom) // which has got room, and has not run yet
				break
			}
			return nil
		})
		synctest.Wait()
		require.ErrorIs(t, why, boom)
		require.True(t, sent)
		for batch := range m.Batches(context.Background()) {
			require.Equal(t, []int{1}, batch)
			break
		}
	})
}

func TestMailboxKeepsWhatACancelledLoopHasNotTaken(t *testing.T) {
	inBubble(t, func(w *world) {
		var m flow.Mailbox[int]
		var got []int
		var last error
		loop := func(ctx context.Context) {
			for batch, err := range m.Batches(ctx) {
				got = append(got, batch...)
				last = err
			}
		}
		cancel := w.start(aTask, loop)
		synctest.Wait()
		m.Put(1)
		synctest.Wait()
		m.Put(2) // within the frame
		cancel()
		synctest.Wait()
		require.ErrorIs(t, last, context.Canceled)
		require.Equal(t, []int{1}, got)
		w.start(aGoroutine, loop)
		m.Close()
		synctest.Wait()
		require.Equal(t, []int{1, 2}, got)
	})
}

func TestMailboxRefusesNegativeOptions(t *testing.T) {
	require.Panics(t, func() { flow.NewMailbox[int](&flow.MailboxOptions{Limit: -1}) })
	require.Panics(t, func() { flow.NewMailbox[int](&flow.MailboxOptions{Frame: -1}) })
}

// Tasks and goroutines send, and give up at any moment, to two loops that do so, too: nothing
// is lost, nothing comes twice, and each sender's values keep their order.
func TestMailboxLosesNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		const senders, rounds = 6, 100
		m := flow.NewMailbox[[2]int](&flow.MailboxOptions{Limit: 3, Frame: 1})
		var sending, taking sync.WaitGroup
		for i := range senders {
			sending.Add(1)
			w.start(i, func(ctx context.Context) {
				defer sending.Done()
				for n := range rounds {
					for sent := false; !sent; {
						derived, cancel := context.WithCancel(ctx)
						if rand.IntN(2) == 0 {
							go soon(cancel)
						}
						sent, _ = m.Send(derived, [2]int{i, n})
						cancel()
					}
				}
			})
		}
		var mu sync.Mutex
		var next [senders]int
		taking.Add(1)
		w.start(aTask, func(ctx context.Context) {
			defer taking.Done()
			for over := false; !over; {
				over = true
				derived, cancel := context.WithCancel(ctx)
				go soon(cancel)
				for batch, err := range m.Batches(derived) {
					over = over && err == nil
					mu.Lock()
					for _, v := range batch {
						assert.Equal(t, next[v[0]], v[1])
						next[v[0]]++
					}
					mu.Unlock()
				}
				cancel()
				_ = guest.Yield(ctx)
			}
		})
		sending.Wait()
		m.Close()
		taking.Wait()
		for _, n := range next {
			require.Equal(t, rounds, n)
		}
	})
}

func TestMailboxLosesNothingButWhatItCounts(t *testing.T) {
	inWorld(t, func(w *world) {
		const putters, rounds = 4, 2000
		m := flow.NewMailbox[[2]int](&flow.MailboxOptions{Limit: 50, Frame: time.Microsecond})
		var putting, taking sync.WaitGroup
		for i := range putters {
			putting.Go(func() {
				for n := range rounds {
					m.Put([2]int{i, n})
				}
			})
		}
		got := 0
		last := [putters]int{-1, -1, -1, -1}
		taking.Add(1)
		w.start(aTask, func(ctx context.Context) {
			defer taking.Done()
			for batch, err := range m.Batches(ctx) {
				assert.NoError(t, err)
				assert.LessOrEqual(t, len(batch), 50)
				got += len(batch)
				for _, v := range batch {
					assert.Greater(t, v[1], last[v[0]])
					last[v[0]] = v[1]
				}
			}
		})
		putting.Wait()
		m.Put([2]int{0, rounds})
		m.Close()
		taking.Wait()
		require.EqualValues(t, putters*rounds+1, int64(got)+m.Dropped())
		require.Equal(t, rounds, last[0], "the last is always delivered")
	})
}
