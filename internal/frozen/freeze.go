package frozen

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

// A Toolkit holds what the stories need from a toolkit.
type Toolkit struct {
	// Run shows a window and runs main in the toolkit's loop.
	Run func(main func(ctx context.Context) error, opts *guest.Options) error
	// Click makes the toolkit call a handler, as a user's click does. UI thread only.
	Click func(handler func())
	// Itself waits for the UI thread on the UI thread; nil where the toolkit has no such call.
	Itself func()
}

// A freeze holds the UI thread of g, some time after it was started in a task.
type freeze func(ctx context.Context, g *guest.Guest, kit Toolkit) error

var freezes = map[string]freeze{
	"a lock across a wait":      lockAcrossWait,
	"CallOnMain under a lock":   callUnderLock,
	"a task that computes":      func(ctx context.Context, _ *guest.Guest, _ Toolkit) error { return start(ctx, computing) },
	"a handler that computes":   func(_ context.Context, _ *guest.Guest, kit Toolkit) error { kit.Click(layOut); return nil },
	"a handler that receives":   func(_ context.Context, _ *guest.Guest, kit Toolkit) error { kit.Click(receives); return nil },
	"a task that waits for it":  func(ctx context.Context, _ *guest.Guest, kit Toolkit) error { return start(ctx, waits(kit)) },
	"a handler's lock, as well": lockInHandler,
}

// start starts a task that freezes.
func start(ctx context.Context, fn func(ctx context.Context) error) error {
	guest.Go(inspect.Named(ctx, "refresh"), fn)
	return nil
}

// A store is a value with a lock, as in many programs.
type store struct {
	mu sync.Mutex
	n  int
}

func (s *store) save(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	// lodgervet:ignore uiblock the freeze that the test is about
	return guest.Sleep(ctx, time.Hour)
}

//go:noinline
func (s *store) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *store) publish(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { s.n++; return s.n, nil })
	return err
}

func lockAcrossWait(ctx context.Context, _ *guest.Guest, _ Toolkit) error {
	s := new(store)
	guest.Go(inspect.Named(ctx, "autosave"), s.save)
	if err := guest.Yield(ctx); err != nil {
		return err
	}
	return start(ctx, func(context.Context) error { s.count(); return nil })
}

func lockInHandler(ctx context.Context, _ *guest.Guest, kit Toolkit) error {
	s := new(store)
	guest.Go(inspect.Named(ctx, "autosave"), s.save)
	if err := guest.Yield(ctx); err != nil {
		return err
	}
	kit.Click(func() { s.count() })
	return nil
}

// In callUnderLock work locks a mutex, and makes its call just when the UI thread wants the
// lock.
func callUnderLock(ctx context.Context, _ *guest.Guest, _ Toolkit) error {
	s, wanted := new(store), make(chan struct{})
	guest.Go(ctx, func(ctx context.Context) error {
		return guest.BackgroundFunc(inspect.Named(ctx, "publish"), func(ctx context.Context) error {
			<-wanted // on a busy machine the call may otherwise be over by then
			return s.publish(ctx)
		})
	})
	return start(ctx, func(context.Context) error {
		close(wanted)
		for s.mu.TryLock() { // until the work holds the lock
			s.mu.Unlock()
			runtime.Gosched()
		}
		s.count()
		return nil
	})
}

// busy is a long computation, all on one line, so that the log and the console name the same one.
//
//go:noinline
func busy(d time.Duration) {
	for begun := time.Now(); time.Since(begun) < d; runtime.Gosched() {
	}
}

const long = 2 * time.Second

func computing(context.Context) error { busy(long); return nil }

func layOut() { busy(long) }

func receives() { <-make(chan int) }

func waits(kit Toolkit) func(context.Context) error {
	return func(context.Context) error { kit.Itself(); return nil }
}
