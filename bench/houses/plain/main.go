// Plain measures the contenders that need no toolkit.
package main

import (
	"context"
	"runtime"
	"time"

	faiface "github.com/faiface/mainthread"
	golangdesign "golang.design/x/mainthread"

	"github.com/golodger/lodger/bench/work"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

const (
	ours      = "Lodger, headless"
	channel   = "channel to a locked goroutine"
	design    = "golang.design/x/mainthread"
	faifaces  = "faiface/mainthread"
	inHandOff = 1024 // capacity of the channel, a usual value
)

func main() {
	plan := work.ReadPlan()
	if plan.Life {
		live(plan.Only)
		return
	}
	loop := headless.New()
	err := guest.RunTask(loop, func(ctx context.Context) error {
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			fns := make(chan func(), inHandOff)
			go handOff(fns)
			onLockedThread(golangdesign.Init)
			onLockedThread(faiface.Run)
			post := func(fn func()) { fns <- fn }
			plan.Run([]work.Contender{
				work.Ours(ctx, ours, loop),
				work.OursByPosts(ctx, ours),
				work.OursByTimers(ctx, ours),
				work.Callbacks(work.Contender{Name: channel, Post: post, Call: work.Calling(post)}, true),
				work.Callbacks(work.Contender{Name: design, Post: golangdesign.Go, Call: repeat(golangdesign.Call)}, true),
				work.Callbacks(work.Contender{Name: faifaces, Post: faiface.CallNonBlock, Call: repeat(faiface.Call)}, true),
				work.Coroutines(work.Calling(post)),
				work.Goroutines(),
			})
			return nil, nil
		})
		return err
	}, nil)
	if err != nil {
		panic(err)
	}
}

// handOff is the usual loop of programs that need a locked thread but have no toolkit.
func handOff(fns <-chan func()) {
	runtime.LockOSThread()
	for fn := range fns {
		fn()
	}
}

// onLockedThread starts the loop of a package that must be called by main and that calls back on
// another goroutine.
func onLockedThread(loop func(func())) {
	running := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		loop(func() { close(running); select {} })
	}()
	<-running
}

func repeat(call func(func())) func(n int, fn func()) {
	return func(n int, fn func()) {
		for range n {
			call(fn)
		}
	}
}

// live starts one loop and ends it.
func live(name string) {
	var started, quit time.Time
	begin := time.Now()
	first := func() { started = time.Now(); quit = started }
	switch name {
	case ours:
		_, _ = headless.Run(func(context.Context) (any, error) { first(); return nil, nil }, nil)
	case channel:
		fns, ended := make(chan func()), make(chan struct{})
		go func() { handOff(fns); close(ended) }()
		fns <- first
		close(fns)
		<-ended
	case design:
		golangdesign.Init(func() { golangdesign.Call(first) })
	case faifaces:
		faiface.Run(func() { faiface.Call(first) })
	}
	work.Lives(name, begin, started, quit)
}
