package flow

import (
	"context"
	"iter"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// Slice ranges over seq, and gives way by itself when the guest has used up its budget: so a
// task can fill a list with a million rows, and the window goes on drawing and answering.
//
//	for row, err := range flow.Slice(ctx, slices.Values(rows)) {
//		if err != nil {
//			return err // ctx is done; row is the one that was not dealt with
//		}
//
// A value is taken from seq before Slice gives way: what seq refers to may have changed by then.
// In a task Slice parks between two rounds; elsewhere it only looks at ctx. On a UI thread
// outside a task the error wraps guest.ErrWouldDeadlock. A pair with an error is the last one.
// What takes longer than a few milliseconds for one value belongs in guest.Background. In virtual
// time Slice does not give way while there is only computing, since the clock stands still.
//
// The idea is the time-slicing of the browsers' scheduler.yield and React's concurrent mode.
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
