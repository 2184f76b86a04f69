package waiterr

import (
	"bufio"
	"context"
	"time"

	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

type queue struct{ n int }

func (q *queue) pop() { q.n-- }

// These loops end some time, but do not wait any more.
func conditions(ctx context.Context, s *bufio.Scanner, lines *flow.Mailbox[string], q *queue, more chan bool) {
	for s.Scan() {
		lines.Send(ctx, s.Text()) // want `when the context is done, Send returns at once, and this loop goes on without the wait; return its error`
	}
	for q.n > 0 {
		q.pop()
		guest.Yield(ctx) // want `this loop goes on without the wait`
	}
	for <-more {
		guest.Yield(ctx) // want `this loop goes on without the wait`
	}
	for on, n := true, 3; on && float64(n) > 2; {
		guest.Yield(ctx) // want `this loop never ends`
	}
}

// Near misses: the condition ends the loop when the context is done, or may do so.
func heeded(ctx context.Context, s *bufio.Scanner, lines *flow.Mailbox[string], next func(context.Context) bool, b *widget.Button) {
	for guest.Sleep(ctx, time.Second) == nil {
		lines.Send(ctx, "x")
	}
	for next(ctx) {
		lines.Send(ctx, "x")
	}
	for s.Scan() && ctx.Err() == nil {
		lines.Send(ctx, s.Text())
	}
	for s.Scan() {
		if _, err := lines.Send(ctx, s.Text()); err != nil {
			return
		}
	}
	for range fynehost.Taps(ctx, &b.OnTapped) {
		lines.Send(ctx, "x")
	}
}
