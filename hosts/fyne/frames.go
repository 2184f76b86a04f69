package fynehost

import (
	"context"
	"iter"
	"time"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/events"
)

// frameTime is that of Fyne's loop: it ticks sixty times a second.
const frameTime = time.Second / 60

// Frames ranges over the frames that Fyne draws, until ctx is done: a round before each, with the
// time since the round before, and 0 in the first. In a task. Waits in between, and other tasks go
// on. It is for animations and games.
//
//	for dt, err := range fynehost.Frames(ctx) {
//		if err != nil {
//			return err // ctx is done
//		}
//		ball.Move(ball.Position().AddXY(speed*float32(dt.Seconds()), 0))
//	}
//
// A pair with an error is the last one. Frames that come while the loop's body waits are left
// out; the time tells how long it was. It uses Fyne's animations, which are stopped with the loop.
// Where a test drives the app, as with package fynetest, a frame is a sixtieth of a second.
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

// newFrames returns what waits for the next frame, and what ends that.
func newFrames() (next func(ctx context.Context) error, stop func()) {
	if currentLoop().thread != nil { // a test's driver, which draws no frames
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
