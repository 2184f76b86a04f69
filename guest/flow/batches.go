package flow

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/golodger/lodger/guest"
)

// Batches ranges over the values that arrive, in batches of all that are there, until the
// mailbox is closed and empty, or ctx is done. In a task it parks; elsewhere it blocks the
// calling goroutine. On a UI thread outside a task the error wraps guest.ErrWouldDeadlock.
//
//	for lines, err := range log.Batches(ctx) {
//		if err != nil {
//			return err // ctx is done; lines are the last ones, if some were taken just then
//		}
//
// A batch has at least one value, the oldest first, and belongs to the loop. The first batch
// comes at once, the next one no earlier than MailboxOptions.Frame after it. A pair with an
// error is the last one. Values that were not taken stay in the mailbox, also when you break
// out of the loop. Several loops share the values: each value goes to one loop.
func (m *Mailbox[T]) Batches(ctx context.Context) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		var next time.Time
		for {
			batch, err := m.batch(ctx, next)
			if err == nil && batch == nil {
				return
			}
			next = time.Now().Add(m.opts.frame())
			if !yield(batch, err) || err != nil {
				return
			}
		}
	}
}

// batch waits for values, and then until their time has come. It returns none when the mailbox
// has ended.
func (m *Mailbox[T]) batch(ctx context.Context, next time.Time) ([]T, error) {
	_, err := mayWait(ctx, "flow.(*Mailbox).Batches")
	for err == nil {
		arrived, over := m.awaited()
		switch early := time.Until(next); {
		case over:
			return nil, done(ctx)
		case arrived != nil:
			err = await(ctx, arrived)
		case early > 0:
			err = guest.Sleep(ctx, early)
		default:
			if batch := m.take(); batch != nil { // otherwise another loop has taken them
				return batch, done(ctx)
			}
		}
	}
	return nil, err
}

// awaited returns the signal to wait for if the mailbox is empty, or that no more values come.
func (m *Mailbox[T]) awaited() (arrived signal, over bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) > 0 || m.closed {
		return nil, len(m.kept) == 0
	}
	if m.arrived == nil {
		m.arrived = newSignal()
	}
	return m.arrived, false
}

// take empties the mailbox, and then fills it with values that wait for room.
func (m *Mailbox[T]) take() []T {
	m.mu.Lock()
	batch, oldest := m.kept, m.oldest
	m.kept, m.oldest, m.hint = nil, 0, len(batch)
	var moved []*sending[T]
	for e := m.line.Front(); e != nil && len(m.kept) < m.opts.limit(); e = m.line.Front() {
		s := e.Value.(*sending[T])
		m.line.Remove(e)
		s.over, s.sent = true, true
		m.keep(s.value)
		moved = append(moved, s)
	}
	m.mu.Unlock()
	for _, s := range moved {
		ring(s.room)
	}
	if oldest > 0 {
		batch = slices.Concat(batch[oldest:], batch[:oldest])
	}
	return batch
}
