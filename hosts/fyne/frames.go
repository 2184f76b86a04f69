package fynehost

import (
	"context"
	"iter"
	"time"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/events"
)

// frameTime is the frame time of Fyne's loop, which ticks sixty times a second.
const frameTime = time.Second / 60

// Frames ranges over the frames that Fyne draws, until ctx is done. Before each frame there is
// one round. It gets the time since the round before; the first round gets 0. Use it for
// animations and games. In a task. Waits between the rounds, and other tasks go on.
//
//	for dt, err := range fynehost.Frames(ctx) {
//		if err != nil {
//			return err // ctx is done
//		}
//		ball.Move(ball.Position().AddXY(speed*float32(dt.Seconds()), 0))
//	}
//
// A pair with an error is the last one. Frames that come while the loop's body waits are
// skipped; the next dt includes their time. Frames uses Fyne's animations, which stop with the
// loop. If a test drives the app, as package fynetest does, a frame is a sixtieth of a second.
func Frames(ctx context.Context) iter.Seq2[time.Duration, error] {
	return func(yield func(time.Duration, error) bool) {
		needTask("Frames")
		next, stop := newFrames()
		defer stop()
		var last time.Time
		for {
			err := next(ctx)
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

// newFrames returns a function that waits for the next frame, and one that ends this.
func newFrames() (next func(ctx context.Context) error, stop func()) {
	if currentLoop().thread != nil { // a driver for tests, which draws no frames
		return func(ctx context.Context) error { return guest.Sleep(ctx, frameTime) }, func() {}
	}
	l := &events.Listener[struct{}]{Latest: true}
	ticks := &fyne.Animation{
		Duration:    time.Hour,
		RepeatCount: fyne.AnimationRepeatForever,
		Curve:       fyne.AnimationLinear,
		Tick:        func(float32) { l.Tell(struct{}{}) },
	}
	ticks.Start()
	return func(ctx context.Context) error { _, err := l.Next(ctx); return err }, ticks.Stop
}
