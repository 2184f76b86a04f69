// Package ordeal puts a guest through what real main loops do to it, for the tests of all
// adapters. A busy program runs on the loop. The loop is killed at one of its steps, or it
// loses, repeats and delays what it is asked for. Afterwards everything must have unwound, no
// goroutine may wait forever, and nothing that was accepted may be lost.
package ordeal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/host"
)

// A Loop is a host that can be put to the test.
type Loop interface {
	host.Mainloop
	host.Threader
}

// Options sets what may differ. It may be nil.
type Options struct {
	Deadly int    // the step at which Kill is called; 0: never
	Kill   func() // ends the loop at once. Any goroutine
	Work   func() // what a task does with the toolkit in each step; may be nil
}

const (
	tick  = 2 * time.Millisecond
	grace = time.Second
)

// Run plays the program on h, with guest.Run, and returns how many steps it had and what was
// wrong. Waits.
func Run(h Loop, opts *Options) (steps int, err error) {
	if opts == nil {
		opts = &Options{}
	}
	p := &program{h: h, opts: opts}
	_, end := guest.Run(h, p.task(p.main), &guest.Options{Grace: grace, Logger: slog.New(slog.DiscardHandler)})
	if opts.Deadly == 0 && end != nil {
		p.fault("the loop was not killed, but the run ended with %w", end)
	}
	p.judge()
	return int(p.steps.Load()), errors.Join(p.faults...)
}

// A program counts all that it does.
type program struct {
	h    Loop
	opts *Options
	g    *guest.Guest

	steps, accepted, ran, waiting atomic.Int64
	begun, undone                 int // UI thread only; the race detector checks that
	waiters                       sync.WaitGroup

	mu     sync.Mutex
	faults []error
}

func (p *program) fault(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, fmt.Errorf(format, args...))
}

// step counts a step, and kills the loop at the deadly one. Any goroutine.
func (p *program) step() {
	if p.steps.Add(1) == int64(p.opts.Deadly) {
		p.opts.Kill()
	}
}

// work is a step on the UI thread.
func (p *program) work() {
	if !p.h.OnThread() {
		p.fault("a step on a wrong thread")
	}
	if p.opts.Work != nil {
		p.opts.Work()
	}
	p.step()
}

// task returns fn with two counts: that it begins, and, in a deferred call, that it has
// unwound.
func (p *program) task(fn func(ctx context.Context) error) func(ctx context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		p.begun++
		defer func() {
			p.undone++
			p.work()
		}()
		p.work()
		return 0, fn(ctx)
	}
}

func (p *program) spawn(ctx context.Context, fn func(ctx context.Context) error) *guest.Future[int] {
	return guest.Async(ctx, p.task(fn))
}

// repeat waits and works n times.
func (p *program) repeat(n int, wait func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		for range n {
			if err := wait(ctx); err != nil {
				return err
			}
			p.work()
		}
		return nil
	}
}

func sleep(ctx context.Context) error { return guest.Sleep(ctx, tick) }

// main starts a task for each way to wait, and a goroutine for each way to wait for them.
func (p *program) main(ctx context.Context) error {
	p.g, _ = guest.FromContext(ctx)
	p.spawn(ctx, p.repeat(10, guest.Yield))
	p.spawn(ctx, p.repeat(3, func(ctx context.Context) error { return guest.Modal(ctx, p.work) }))
	p.spawn(ctx, p.receive)
	p.spawn(ctx, p.repeat(3, p.background))
	p.spawn(ctx, func(ctx context.Context) error { // clean-up that takes some time
		defer func() { _ = p.repeat(3, sleep)(context.WithoutCancel(ctx)) }()
		return guest.Sleep(ctx, 5*tick)
	})
	sleeper := p.spawn(ctx, p.repeat(10, sleep))
	joiner := p.spawn(ctx, func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			for range 3 {
				p.spawn(ctx, p.repeat(2, sleep))
			}
			_, err := sleeper.Wait(ctx)
			return err
		})
	})
	crew := p.g.Go(func(ctx context.Context) error {
		_, err := p.task(guest.Park)(ctx)
		return err
	})

	outside := context.Background()
	p.wait(func() error { _, err := sleeper.Wait(outside); return err })
	p.wait(func() error { _, err := joiner.Wait(outside); return err })
	p.wait(func() error { return crew.Wait(outside) })
	p.wait(func() error { return p.g.Wait(outside) })
	p.wait(func() error { <-ctx.Done(); return nil })
	p.wait(p.call(context.WithoutCancel(ctx)))
	p.wait(p.post)
	return guest.Sleep(ctx, 25*tick)
}

// receive takes values from a channel.
func (p *program) receive(ctx context.Context) error {
	values := make(chan int)
	go func() {
		defer close(values)
		for i := range 5 {
			select {
			case values <- i:
			case <-ctx.Done():
				return
			}
			time.Sleep(tick)
		}
	}()
	for range flow.Each(ctx, values) {
		p.work()
	}
	return ctx.Err()
}

// background works on another goroutine, and comes back.
func (p *program) background(ctx context.Context) error {
	_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
		p.step()
		time.Sleep(tick)
		if err := guest.RunOnMain(ctx, p.work); err != nil && err != guest.ErrFinished {
			p.fault("RunOnMain: %w", err)
		}
		return guest.CallOnMain(ctx, p.task(sleep))
	})
	return err
}

// call makes calls into tasks from a goroutine until they are refused.
func (p *program) call(ctx context.Context) func() error {
	return func() error {
		for {
			if _, err := guest.CallOnMain(ctx, p.task(sleep)); err != nil {
				return err
			}
		}
	}
}

// post posts until a post is refused.
func (p *program) post() error {
	for {
		err := p.g.Post(func() {
			p.ran.Add(1)
			p.work()
		})
		if err != nil {
			return err
		}
		p.accepted.Add(1)
		time.Sleep(tick)
	}
}

// wait starts a goroutine that waits for something of the guest.
func (p *program) wait(fn func() error) {
	p.waiting.Add(1)
	p.waiters.Go(func() {
		defer p.waiting.Add(-1)
		err := fn()
		for _, fine := range []error{nil, guest.ErrHostGone, guest.ErrFinished, context.Canceled} {
			if errors.Is(err, fine) {
				return
			}
		}
		p.fault("a waiting goroutine got %w", err)
	})
}

// judge checks, after the run, for everything that must not have happened.
func (p *program) judge() {
	released := make(chan struct{})
	go func() { p.waiters.Wait(); close(released) }()
	select {
	case <-released:
	case <-time.After(10 * time.Second):
		p.fault("%d goroutines wait forever", p.waiting.Load())
	}
	if p.begun != p.undone {
		p.fault("%d tasks began, and the deferred calls of %d ran", p.begun, p.undone)
	}
	if accepted, ran := p.accepted.Load(), p.ran.Load(); accepted != ran {
		p.fault("%d posts were accepted, and %d ran", accepted, ran)
	}
	if p.g == nil {
		return // killed before the guest began
	}
	if r := p.g.Finish(); r.Dropped > 0 || len(r.Leaked) > 0 || len(r.Abandoned) > 0 {
		p.fault("the report says %v", r)
	}
}
