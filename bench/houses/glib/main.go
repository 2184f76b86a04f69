// Glib measures the contenders in GLib's main loop, without GTK and without a screen. It also
// measures the limits of the system.
package main

import (
	"context"
	"runtime"
	"time"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/bench/work"
	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

const (
	ours = "Lodger on GLib"
	bare = "glib.IdleAdd"
)

var noLoop = map[string]string{"call-loaded": "there is no loop to be loaded"}

func main() {
	runtime.LockOSThread()
	plan := work.ReadPlan()
	if plan.Life {
		live(plan.Only)
		return
	}
	h, err := gtkhost.New()
	if err != nil {
		panic(err)
	}
	err = guest.RunTask(h, func(ctx context.Context) error {
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			post := func(fn func()) { glib.IdleAdd(fn) }
			idle := work.Callbacks(work.Contender{Name: bare, Post: post, Call: work.Calling(post), Sleep: timeouts}, false)
			idle.Why["sleep-1000000"] = "GLib looks at every source in each turn: it would take hours"
			// GLib's own timers and events, at their priority
			idle.Meanwhile["sleep"] = work.Paused(func(fn func()) { glib.TimeoutAdd(0, fn) })
			idle.Meanwhile["late"] = work.Paused(func(fn func()) { glib.TimeoutAdd(1, fn) })
			idle.Meanwhile["click"] = work.Paused(func(fn func()) { glib.IdleAddPriority(glib.PRIORITY_DEFAULT, fn) })
			plan.Run([]work.Contender{
				work.Ours(ctx, ours, h),
				work.OursByPosts(ctx, ours),
				work.OursByTimers(ctx, ours),
				idle,
				work.Coroutines(work.Calling(post)),
				work.Goroutines(),
				{Name: "GSource in C, bare", Turn: dispatches},
				{Name: "two threads in C, eventfd", Call: eventfdTrips, Why: noLoop},
				{Name: "two threads in C, futex", Call: futexTrips, Why: noLoop},
			})
			return nil, nil
		})
		return err
	}, nil)
	if err != nil {
		panic(err)
	}
}

// timeouts sleeps as GLib programs do: with one source for each sleeper.
func timeouts(n int, d func(i int) time.Duration) {
	done := make(chan struct{})
	left := n
	glib.IdleAdd(func() {
		for i := range n {
			glib.TimeoutAdd(uint(d(i).Milliseconds()), func() {
				if left--; left == 0 {
					close(done)
				}
			})
		}
	})
	<-done
}

// live starts one loop and ends it.
func live(name string) {
	var started, quit time.Time
	begin := time.Now()
	first := func() { started = time.Now(); quit = started }
	if name == ours {
		_ = gtkhost.Run(func(context.Context) error { first(); return nil }, nil)
	} else {
		loop := glib.MainLoopNew(nil, false)
		glib.IdleAdd(func() { first(); loop.Quit() })
		loop.Run()
	}
	work.Lives(name, begin, started, quit)
}
