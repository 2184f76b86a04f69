package guest_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A storm is a crowd of tasks that do everything at random, in scopes that open more scopes.
// Every function that began must end, and all its deferred calls must run, whatever is
// cancelled meanwhile.
type storm struct {
	began, ended int // UI thread only
	tasks        []*guest.Task
	sunk         chan int
}

func (s *storm) scope(ctx context.Context, random *rand.Rand, depth int) error {
	return guest.Scope(ctx, func(ctx context.Context) error {
		for range 1 + random.IntN(4) {
			own := rand.New(rand.NewPCG(random.Uint64(), 0))
			s.tasks = append(s.tasks, guest.Go(ctx, func(ctx context.Context) error { return s.task(ctx, own, depth) }))
		}
		return guest.Join(ctx)
	})
}

func (s *storm) task(ctx context.Context, random *rand.Rand, depth int) (err error) {
	s.began++
	defer func() { s.ended++ }()
	some := time.Duration(random.IntN(1000)) * time.Microsecond
	for range 1 + random.IntN(6) {
		switch random.IntN(9) {
		case 0:
			err = guest.Sleep(ctx, some)
		case 1:
			err = guest.Yield(ctx)
		case 2:
			short, cancel := context.WithTimeout(ctx, some)
			_ = guest.Park(short)
			cancel()
		case 3:
			short, cancel := context.WithTimeout(ctx, some)
			_, _, _ = flow.Recv(short, s.sunk)
			cancel()
		case 4:
			_, err = guest.Background(ctx, func(ctx context.Context) (int, error) {
				select {
				case <-time.After(some):
				case <-ctx.Done():
				}
				return 0, guest.RunOnMain(ctx, func() {})
			})
		case 5:
			if depth < 3 {
				err = s.scope(ctx, random, depth+1)
			}
		case 6:
			f := guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, guest.Sleep(ctx, some) })
			_, err = f.Wait(ctx)
		case 7:
			if other := s.tasks[random.IntN(len(s.tasks))]; other.Err() == nil {
				short, cancel := context.WithTimeout(ctx, some)
				_ = other.Wait(short)
				cancel()
			}
		case 8:
			// a clean-up that waits
			defer func() { _ = guest.Sleep(context.WithoutCancel(ctx), some) }()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// run lets scopes of tasks run, and cancels a share of them at random moments.
func (s *storm) run(ctx context.Context, random *rand.Rand, scopes int) error {
	return guest.Supervise(ctx, func(ctx context.Context) error {
		for range scopes {
			own := rand.New(rand.NewPCG(random.Uint64(), 0))
			s.tasks = append(s.tasks, guest.Go(ctx, func(ctx context.Context) error { return s.scope(ctx, own, 0) }))
			if random.IntN(2) == 0 {
				victim := s.tasks[random.IntN(len(s.tasks))]
				after := time.Duration(random.IntN(2000)) * time.Microsecond
				time.AfterFunc(after, func() { victim.Cancel(errBoom) }) // from another goroutine
			}
			if random.IntN(20) == 0 {
				if err := guest.Sleep(ctx, time.Duration(random.IntN(500))*time.Microsecond); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (s *storm) calm(t *testing.T) {
	require.Equal(t, s.began, s.ended)
	for _, task := range s.tasks {
		select {
		case <-task.Done():
		default:
			t.Fatal("a task has not ended")
		}
	}
}

func TestThousandScopesInAStormOfCancellations(t *testing.T) {
	random := guest.Seeded(t)
	synctest.Test(t, func(t *testing.T) {
		s := &storm{sunk: make(chan int)}
		require.NoError(t, really(quiet(), func(ctx context.Context) error { return s.run(ctx, random, 1000) }))
		s.calm(t)
	})
}

func TestGuestIsCancelledInAStorm(t *testing.T) {
	random := guest.Seeded(t)
	for range 5 {
		synctest.Test(t, func(t *testing.T) {
			s := &storm{sunk: make(chan int)}
			after := time.Duration(random.IntN(5000)) * time.Microsecond
			err := really(quiet(), func(ctx context.Context) error {
				g := guestOf(ctx)
				time.AfterFunc(after, func() { g.Cancel(nil) })
				return s.run(ctx, random, 200)
			})
			if err != nil {
				require.ErrorIs(t, err, guest.ErrQuit)
			}
			s.calm(t)
		})
	}
}

// Profiles and traces stop the world and walk all stacks, coroutines' among them, also those
// that are just being switched.
func TestStormMayBeProfiledAndTraced(t *testing.T) {
	random := guest.Seeded(t)
	s := &storm{sunk: make(chan int)}
	var over atomic.Bool
	var wg sync.WaitGroup
	profiles := 0
	wg.Go(func() {
		var out bytes.Buffer
		all := make([]byte, 1<<20)
		for !over.Load() {
			out.Reset()
			if trace.Start(&out) == nil {
				time.Sleep(2 * time.Millisecond)
				trace.Stop()
			}
			_ = pprof.Lookup("goroutine").WriteTo(&out, profiles%3)
			runtime.Stack(all, true)
			runtime.GC()
			profiles++
		}
	})
	err := really(quiet(), func(ctx context.Context) error {
		for range 10 {
			if err := s.run(ctx, random, 100); err != nil {
				return err
			}
		}
		return nil
	})
	over.Store(true)
	wg.Wait()
	require.NoError(t, err)
	s.calm(t)
	require.NotZero(t, profiles)
}
