package flow

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/golodger/lodger/guest"
)

// A RetryPolicy says how often and when Retry tries again. A nil *RetryPolicy and the zero value
// mean the defaults.
type RetryPolicy struct {
	// Attempts is the maximum number of attempts, including the first. Zero means 5;
	// math.MaxInt means until ctx is done.
	Attempts int

	// Delay comes before the second attempt. It doubles before each further attempt, up to
	// MaxDelay, or up to Delay itself if that is longer. Zero means 100 ms and one minute. A
	// negative Delay means no delay.
	Delay, MaxDelay time.Duration

	// Exact keeps the delays as they are. Otherwise each delay is shortened at random, by up to
	// a half, so that many programs do not all return to a failed server at once.
	Exact bool

	// Rand is the source of the random part; nil means math/rand/v2's own source.
	Rand *rand.Rand

	// Final reports whether err makes another attempt useless, such as a wrong password. Nil
	// means: a panic, a runtime.Goexit, and guest.ErrWouldDeadlock, which are mistakes in the
	// program.
	Final func(err error) bool

	// OnRetry is called before each delay, with the number of the attempt that has failed, from
	// 1, and what comes next. Use it to log or show the failure. It must not wait.
	OnRetry func(attempt int, err error, delay time.Duration)
}

const (
	defaultAttempts = 5
	defaultDelay    = 100 * time.Millisecond
	defaultMaxDelay = time.Minute
)

// Retry calls fn until it succeeds, and returns its result. Between two attempts it sleeps. fn
// runs where the caller is, in a task for example, and gets ctx. In fn, call guest.Background
// for slow work, and give it a deadline (context.WithTimeout) if it may hang. In a task Retry
// parks; elsewhere it blocks the calling goroutine. On a UI thread outside a task the error
// wraps guest.ErrWouldDeadlock, and fn is not called.
//
// Retry gives up after RetryPolicy.Attempts, when the error is final, when ctx is done, and
// when the deadline of ctx comes before the next attempt. It then returns the result of the
// last attempt. When ctx is done during a delay, it returns the error of ctx. A panic in fn
// reaches the caller. Retry panics if Attempts is negative.
func Retry[T any](ctx context.Context, fn func(ctx context.Context) (T, error), policy *RetryPolicy) (T, error) {
	needFunc(fn == nil, "Retry")
	p := policy.checked()
	if _, err := mayWait(ctx, "flow.Retry"); err != nil {
		var zero T
		return zero, err
	}
	for attempt, delay := 1, p.Delay; ; attempt, delay = attempt+1, p.longer(delay) {
		v, err := fn(ctx)
		if err == nil || ctx.Err() != nil {
			return v, answered(ctx, err)
		}
		pause := p.jittered(delay)
		if attempt == p.Attempts || p.isFinal(err) || endsWithin(ctx, pause) {
			return v, err
		}
		if p.OnRetry != nil {
			p.OnRetry(attempt, err, pause)
		}
		if err := guest.Sleep(ctx, pause); err != nil {
			return v, err
		}
	}
}

// answered returns err, the error of a function that ran under ctx. If err only reports that ctx
// is done, it returns the error of ctx.
func answered(ctx context.Context, err error) error {
	if why := done(ctx); why != nil && (err == nil || err == ctx.Err()) {
		return why
	}
	return err
}

func endsWithin(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= d
}

// checked returns the policy with its defaults.
func (p *RetryPolicy) checked() RetryPolicy {
	var c RetryPolicy
	if p != nil {
		c = *p
	}
	switch {
	case c.Attempts < 0:
		panic(fmt.Sprintf("flow: Retry called with %d attempts; give zero for %d, or math.MaxInt for no limit", c.Attempts, defaultAttempts))
	case c.Attempts == 0:
		c.Attempts = defaultAttempts
	}
	if c.Delay == 0 {
		c.Delay = defaultDelay
	}
	if c.MaxDelay == 0 {
		c.MaxDelay = defaultMaxDelay
	}
	c.Delay = max(0, c.Delay)
	c.MaxDelay = max(c.Delay, c.MaxDelay)
	return c
}

// longer doubles d, up to MaxDelay.
func (p *RetryPolicy) longer(d time.Duration) time.Duration {
	if d > p.MaxDelay/2 {
		return p.MaxDelay
	}
	return 2 * d
}

// jittered shortens d by up to a half.
func (p *RetryPolicy) jittered(d time.Duration) time.Duration {
	switch half := int64(d / 2); {
	case p.Exact || half == 0:
		return d
	case p.Rand != nil:
		return d - time.Duration(p.Rand.Int64N(half+1))
	default:
		return d - time.Duration(rand.Int64N(half+1))
	}
}

func (p *RetryPolicy) isFinal(err error) bool {
	if p.Final != nil {
		return p.Final(err)
	}
	var panicked *guest.PanicError
	return errors.As(err, &panicked) || errors.Is(err, guest.ErrGoexit) || errors.Is(err, guest.ErrWouldDeadlock)
}
