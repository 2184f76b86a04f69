package flow

import (
	"context"
	"iter"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// Slice ranges over seq, and yields by itself when the guest has used up its budget. So a task
// can fill a list with a million rows while the window stays responsive.
//
//	for row, err := range flow.Slice(ctx, slices.Values(rows)) {
//		if err != nil {
//			return err // ctx is done; row, if one was taken, was not dealt with
//		}
//		…
//	}
//
// Slice takes a value from seq before it yields, so the data behind seq may have changed when
// the loop gets the value. In a task Slice parks between two rounds; elsewhere it only checks
// ctx. On a UI thread outside a task the error wraps guest.ErrWouldDeadlock. A pair with an
// error is the last one. If one value takes longer than a few milliseconds, use
// guest.Background. In virtual time, where the clock stands still while code computes, Slice
// yields once in some 10,000 values.
//
// The idea comes from the browsers' scheduler.yield and React's concurrent mode.
func Slice[T any](ctx context.Context, seq iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		task, err := mayWait(ctx, "flow.Slice")
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		for v := range seq {
			if task {
				err = bridge.Checkpoint(ctx, "flow.Slice")
			} else {
				err = done(ctx)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
