//go:build js

package browserhost

import (
	"context"
	"iter"
	"syscall/js"
	"time"

	"github.com/golodger/lodger/guest"
)

// frameTime is the time of a frame where there are no frames.
const frameTime = time.Second / 60

// Frame waits until the page is about to be drawn. A hidden page is not drawn. The error is that
// of ctx. In a task. Waits.
func Frame(ctx context.Context) error {
	request := js.Global().Get("requestAnimationFrame")
	if request.Type() != js.TypeFunction { // in Node
		return guest.Sleep(ctx, frameTime)
	}
	due := guest.NewFuture[struct{}]()
	draw := js.FuncOf(func(js.Value, []js.Value) any { due.Resolve(struct{}{}); return nil })
	defer draw.Release()
	number := request.Invoke(draw)
	_, err := due.Wait(ctx)
	if err != nil {
		js.Global().Call("cancelAnimationFrame", number)
	}
	return err
}

// Frames ranges over the frames that the page draws, until ctx is done. Each round gets the time
// since the round before; the first round gets 0. Use it for animations and games. In a task.
// Waits between the rounds, and other tasks go on.
//
//	for dt, err := range browserhost.Frames(ctx) {
//		if err != nil {
//			return err // ctx is done
//		}
//		x += speed * dt.Seconds()
//	}
//
// A pair with an error is the last one. Frames that come while the loop's body waits are
// skipped; the next dt includes their time.
func Frames(ctx context.Context) iter.Seq2[time.Duration, error] {
	return func(yield func(time.Duration, error) bool) {
		var last time.Time
		for {
			err := Frame(ctx)
			now, since := time.Now(), time.Duration(0)
			if err == nil && !last.IsZero() {
				since = now.Sub(last)
			}
			last = now
			if !yield(since, err) || err != nil {
				return
			}
		}
	}
}
