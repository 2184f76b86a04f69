package flow

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A Mailbox collects values from any goroutine for a loop that takes them in batches, at most
// one batch in each frame. Use it for the lines of a live log, for example: a hundred thousand
// may come in a second, but a window draws only sixty times. A Mailbox keeps a limited number
// of values, and holds no goroutine. NewMailbox makes one; the zero Mailbox is NewMailbox(nil).
type Mailbox[T any] struct {
	opts MailboxOptions

	mu      sync.Mutex
	kept    []T
	oldest  int       // index of the oldest value, in a full mailbox that has dropped some
	line    list.List // of *sending that wait for room; first come, first served
	hint    int       // expected size of the next batch
	dropped int64
	closed  bool
	arrived signal // settled by the next value or the end; nil while no loop waits
}

// MailboxOptions adjust a Mailbox. A nil *MailboxOptions and the zero value mean the defaults.
type MailboxOptions struct {
	// Limit is how many values may wait for the loop. Zero means 10,000.
	Limit int

	// Frame is the minimum time between two batches. Zero means 16 ms, which suits a screen
	// that draws sixty times a second.
	Frame time.Duration
}

const (
	defaultLimit = 10_000
	defaultFrame = 16 * time.Millisecond
)

func (o *MailboxOptions) limit() int {
	if o.Limit == 0 {
		return defaultLimit
	}
	return o.Limit
}

func (o *MailboxOptions) frame() time.Duration {
	if o.Frame == 0 {
		return defaultFrame
	}
	return o.Frame
}

// ErrClosed: the mailbox is closed, and takes no more values.
var ErrClosed = errors.New("flow: the mailbox is closed, and takes no more values")

// NewMailbox returns an empty mailbox. It belongs to no guest. Any goroutine. It panics if an
// option is negative.
func NewMailbox[T any](opts *MailboxOptions) *Mailbox[T] {
	m := new(Mailbox[T])
	if opts != nil {
		m.opts = *opts
	}
	if m.opts.Limit < 0 || m.opts.Frame < 0 {
		panic(fmt.Sprintf("flow: NewMailbox called with a negative option (%+v); give zero for the default", m.opts))
	}
	return m
}

// Put puts v into the mailbox. A full mailbox drops its oldest value to make room, and counts
// it (Dropped). Any goroutine, any UI handler. Never waits. Put returns false if the mailbox is
// closed.
func (m *Mailbox[T]) Put(v T) bool {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return false
	}
	if len(m.kept) < m.opts.limit() {
		m.keep(v)
	} else {
		m.kept[m.oldest] = v
		m.oldest = (m.oldest + 1) % len(m.kept)
		m.dropped++
	}
	m.unlockAndRing()
	return true
}

// keep adds v to the waiting values. An empty mailbox holds no memory. A busy one allocates as
// much as the previous batch needed, and a little more.
func (m *Mailbox[T]) keep(v T) {
	if m.kept == nil {
		m.kept = make([]T, 0, m.hint+m.hint/8+1)
	}
	m.kept = append(m.kept, v)
}

// unlockAndRing unlocks, and wakes the waiting loops.
func (m *Mailbox[T]) unlockAndRing() {
	arrived := m.arrived
	m.arrived = nil
	m.mu.Unlock()
	ring(arrived)
}

// Send puts v into the mailbox. If the mailbox is full, it first waits for room, behind all
// that already wait. In a task it parks; elsewhere it blocks the calling goroutine. On a UI
// thread outside a task the error wraps guest.ErrWouldDeadlock; Put works there.
//
// sent says whether the mailbox has v. It may be true beside an error, if ctx was done at that
// moment. If the mailbox was closed before the call, the error is ErrClosed. Send drops
// nothing, but a Put to the same mailbox may drop what was sent. So if no value may be lost,
// use only Send.
func (m *Mailbox[T]) Send(ctx context.Context, v T) (sent bool, err error) {
	if _, err := mayWait(ctx, "flow.(*Mailbox).Send"); err != nil {
		return false, err
	}
	s, err := m.enter(v)
	switch {
	case err != nil:
		return false, err
	case s == nil:
		return true, done(ctx)
	}
	defer m.leave(s) // also if the task ends here
	err = await(ctx, s.room)
	return m.leave(s), err
}

// A sending is a value that waits for room.
type sending[T any] struct {
	value T
	place *list.Element
	over  bool   // it no longer waits
	sent  bool   // the mailbox has it
	room  signal // settled when the wait is over
}

// enter puts v into the mailbox, or returns a sending that waits for room.
func (m *Mailbox[T]) enter(v T) (*sending[T], error) {
	m.mu.Lock()
	switch {
	case m.closed:
		m.mu.Unlock()
		return nil, ErrClosed
	case m.line.Len() == 0 && len(m.kept) < m.opts.limit():
		m.keep(v)
		m.unlockAndRing()
		return nil, nil
	}
	defer m.mu.Unlock()
	s := &sending[T]{value: v, room: newSignal()}
	s.place = m.line.PushBack(s)
	return s, nil
}

// leave ends the wait of s, and reports whether the mailbox has its value.
func (m *Mailbox[T]) leave(s *sending[T]) (sent bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !s.over {
		s.over = true
		m.line.Remove(s.place)
	}
	return s.sent
}

// Close closes the mailbox to further values. Values in the mailbox, and values that wait for
// room, are still delivered; then the loop ends. Any goroutine, any UI handler, any number of
// times. Never waits.
func (m *Mailbox[T]) Close() {
	m.mu.Lock()
	m.closed = true
	m.unlockAndRing()
}

// Dropped returns how many values have been dropped so far. Any goroutine. Never waits.
func (m *Mailbox[T]) Dropped() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dropped
}
