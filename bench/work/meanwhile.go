package work

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

// The operations of Lodger and the peers under overload. Between two operations there is a pause
// of a millisecond, so that the next one starts at another moment of another turn.
const pause = time.Millisecond

// oursMeanwhile uses tasks, except for the click: that is a function that goes to the host
// directly, not through the guest, like the toolkit's events.
func oursMeanwhile(ctx context.Context, g *guest.Guest, h host.Host) map[string]func(m *Meter) {
	by := func(do func(ctx context.Context, m *Meter)) func(m *Meter) {
		return func(m *Meter) {
			_, err := guest.CallOnMain(ctx, func(context.Context) (any, error) {
				g.Go(func(ctx context.Context) error {
					for m.Begin() {
						do(ctx, m)
						if err := guest.Sleep(ctx, pause); err != nil {
							return err
						}
					}
					return nil
				})
				return nil, nil
			})
			if err != nil {
				panic(err)
			}
		}
	}
	return map[string]func(m *Meter){
		"yield":  by(func(ctx context.Context, m *Meter) { _ = guest.Yield(ctx); m.End() }),
		"sleep":  by(func(ctx context.Context, m *Meter) { _ = guest.Sleep(ctx, 0); m.End() }),
		"late":   by(func(ctx context.Context, m *Meter) { _ = guest.Sleep(ctx, pause); m.End() }),
		"cancel": by(oursCancelled),
		"child": by(func(ctx context.Context, m *Meter) {
			_ = guest.Supervise(ctx, func(ctx context.Context) error {
				guest.Go(ctx, guest.Park).Cancel(nil)
				return nil
			})
			m.End()
		}),
		"click": Paused(func(fn func()) { h.RunSyncSoonThreadsafe(fn) }),
	}
}

// oursCancelled measures the time from a Cancel on another goroutine until the task continues.
func oursCancelled(ctx context.Context, m *Meter) {
	_ = guest.Supervise(ctx, func(ctx context.Context) error {
		var task *guest.Task
		task = guest.Go(ctx, func(ctx context.Context) error {
			go func() { m.Begin(); task.Cancel(nil) }()
			_ = guest.Park(ctx)
			m.End()
			return nil
		})
		return nil
	})
}

// PostsMeanwhile is for contenders that can only post. A task is a function that posts its next
// step. A child is a posted function that finds that it is cancelled, and calls the next step.
// With a bounded queue, goroutines post the steps.
func PostsMeanwhile(post func(fn func()), bounded bool) map[string]func(m *Meter) {
	steps := func(m *Meter) {
		if bounded {
			Paused(post)(m)
		} else {
			stepping(m, post)
		}
	}
	return map[string]func(m *Meter){
		"yield": steps,
		"child": steps,
		"click": Paused(post),
		"sleep": Paused(func(fn func()) { time.AfterFunc(0, func() { post(fn) }) }),
		"late":  Paused(func(fn func()) { time.AfterFunc(pause, func() { post(fn) }) }),
		"cancel": Paused(func(fn func()) {
			ctx, cancel := context.WithCancel(context.Background())
			context.AfterFunc(ctx, func() { post(fn) })
			cancel()
		}),
	}
}

// Paused requests a function on the UI thread from a goroutine, waits for it, and pauses, again
// and again.
func Paused(ask func(fn func())) func(m *Meter) {
	return func(m *Meter) {
		done := make(chan struct{}, 1)
		answer := func() { m.End(); done <- struct{}{} }
		go func() {
			for m.Begin() {
				ask(answer)
				<-done
				time.Sleep(pause)
			}
		}()
	}
}

// stepping posts each step from the previous one. It can't pause, because that would need one
// more step, which might not run in time.
func stepping(m *Meter, post func(fn func())) {
	var step func()
	step = func() {
		m.End()
		if m.Begin() {
			post(step)
		}
	}
	if m.Begin() {
		post(step)
	}
}
