package work

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

// What ours and the peers do under overload. Between two times there is a pause of a millisecond,
// so that the next one meets another moment of another turn.
const pause = time.Millisecond

// oursMeanwhile is done by tasks, but for the click: that is a function which the host gets, past
// the guest, as it gets the toolkit's events.
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

// oursCancelled takes the time from a Cancel on another goroutine until the task goes on.
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

// PostsMeanwhile is what programs do that can only post. A task is a function there that posts
// its next step, and a child one that is posted, finds out that it is not wanted and calls what
// comes next. Behind a bounded queue goroutines post the steps.
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

// Paused asks, on a goroutine, for a function on the UI thread, waits for it, and pauses.
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

// stepping posts each step in the one before. It can't pause without one more step, for which
// there may be no time.
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
