package guest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

// A siege is a crowd of tasks and functions in which everything waits and everything is
// cancelled, from everywhere and at any moment, the end included. No wait may return nil when
// its context is done, nor an error that is not that of its context.
type siege struct {
	t    *testing.T
	g    *guest.Guest
	pool *flow.Pool

	mu      sync.Mutex
	random  *rand.Rand
	cancels []func(cause error)
	moment  int
	told    map[context.Context]reason
}

func (s *siege) n(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.IntN(n)
}

// some returns a time that no other is equal to, and no sum of others.
func (s *siege) some() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moment++
	return time.Duration(s.random.IntN(1000))*time.Microsecond + time.Duration(s.moment)*time.Nanosecond
}

// round returns a time that many are equal to.
func (s *siege) round() time.Duration { return time.Duration(1+s.n(6)) * 100 * time.Microsecond }

func (s *siege) may(cancel func(cause error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancels = append(s.cancels, cancel)
}

var siegeCauses = []error{nil, errBoom, guest.ErrQuit, context.DeadlineExceeded, context.Canceled, errors.Join(errBoom, guest.ErrQuit)}

// strike cancels something.
func (s *siege) strike() {
	s.mu.Lock()
	if len(s.cancels) == 0 {
		s.mu.Unlock()
		return
	}
	i := s.random.IntN(len(s.cancels))
	cancel, cause := s.cancels[i], siegeCauses[s.random.IntN(len(siegeCauses))]
	s.mu.Unlock()
	cancel(cause)
}

// derive returns a context in which a wait may be cancelled.
func (s *siege) derive(ctx context.Context) context.Context {
	switch s.n(6) {
	case 0:
		ctx, cancel := context.WithTimeout(ctx, s.round())
		s.may(func(error) { cancel() })
		return ctx
	case 1:
		ctx, cancel := context.WithCancelCause(ctx)
		s.may(cancel)
		return ctx
	case 2:
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), s.round(), errBoom)
		s.may(func(error) { cancel() })
		return ctx
	case 3:
		return flow.WithExecutor(ctx, s.pool)
	}
	return ctx
}

// doneBefore returns the check of a function that must not run once ctx is done. What another
// goroutine cancels in this very moment may be done just after the guest has looked: so it counts
// what was done at the start, or at an earlier moment of the bubble's clock.
func (s *siege) doneBefore(ctx context.Context) (dead func() bool) {
	if ctx.Err() != nil {
		return func() bool { return true }
	}
	var mu sync.Mutex
	var at time.Time
	context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		at = time.Now()
	})
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		return !at.IsZero() && at.Before(time.Now())
	}
}

// checker returns the check of a wait under ctx that begins now. What is done already has to be
// told, with its cause; what is cancelled meanwhile may be so just after the wait has returned.
func (s *siege) checker(ctx context.Context) func(wait string, err error) {
	cause := context.Cause(ctx)
	s.tells(ctx)
	return func(wait string, err error) {
		s.tells(ctx)
		if cause == nil && err != nil && slices.Contains([]string{"Sleep", "Yield", "Recv", "a clean-up"}, wait) {
			cause = context.Cause(ctx) // these fail for nothing else
		}
		switch {
		case cause == nil, errors.Is(err, guest.ErrHostGone), strings.Contains(err.Error(), "abandoned"), errors.Is(err, guest.ErrGoexit):
		case err == nil:
			s.t.Errorf("%s returned nil, and its context was done before", wait)
		case !errors.Is(err, ctx.Err()) || !errors.Is(err, cause):
			if !errors.Is(err, guest.ErrWouldDeadlock) {
				s.t.Errorf("%s returned %v; its context said %v, %v before", wait, err, ctx.Err(), cause)
			}
		}
	}
}

// tells reports an error if ctx says otherwise of its end than before.
func (s *siege) tells(ctx context.Context) {
	err := ctx.Err()
	if err == nil {
		return
	}
	now := reason{err, context.Cause(ctx)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, ok := s.told[ctx]; ok && before != now {
		s.t.Errorf("a context said %v, and then %v", before, now)
	}
	s.told[ctx] = now
}

func TestSiege(t *testing.T) {
	for seed := range uint64(siegeSeeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log journal
				s := &siege{t: t, random: rand.New(rand.NewPCG(seed, 7)), pool: flow.NewPool(1), told: make(map[context.Context]reason)}
				loop := headless.New()
				over := make(chan struct{})
				opts := &guest.Options{Logger: log.logger(), Grace: time.Second}
				if s.n(3) == 0 {
					opts.Executor = s.pool
				}
				until := 20 * s.some()
				how := s.n(3)
				runtime.LockOSThread()
				s.g, _ = guest.Start(loop, nil, opts)
				for range 3 {
					s.may(s.g.Go(func(ctx context.Context) error { return s.task(ctx, 0) }).Cancel)
				}
				runtime.UnlockOSThread()
				go func() {
					for {
						select {
						case <-over:
							return
						case <-time.After(s.round()):
							switch s.n(3) {
							case 0:
								for range 3 {
									go s.strike() // and at the same moment
								}
							case 1:
								loop.RunSyncSoonThreadsafe(s.strike)
							case 2:
								_ = s.g.Post(s.strike)
							}
						}
					}
				}()
				go func() {
					select {
					case <-over:
						return
					case <-time.After(until):
					}
					switch how {
					case 0:
						s.g.Cancel(nil)
					case 1:
						loop.Quit()
					case 2:
						_ = s.g.Post(func() { s.g.Cancel(errBoom) })
					}
				}()
				ended := make(chan guest.Report)
				go func() {
					defer looptest.Lock()()
					_ = loop.Mainloop(func() error { return nil })
					ended <- s.g.Finish()
				}()
				r := <-ended
				close(over)
				time.Sleep(time.Hour)
				if len(r.Leaked) > 0 || len(r.Abandoned) > 0 {
					t.Errorf("%v", r)
				}
				for _, bad := range []string{"itself panicked", "can't go from phase", "panic", "broke its contract"} {
					if strings.Contains(log.String(), bad) {
						t.Errorf("%s", log.String())
					}
				}
			})
		})
	}
}

const siegeSeeds = 100
