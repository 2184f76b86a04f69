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
	// Attempts is how many there are at the most, the first one included. Zero means 5;
	// math.MaxInt means until ctx is done.
	Attempts int

	// Delay comes before the second attempt, and is doubled before each further one, up to
	// MaxDelay, or itself if that is longer. Zero means 100 ms and one minute; a negative Delay
	// is none.
	Delay, MaxDelay time.Duration

	// Exact keeps the delays as they are. Otherwise each is shortened at random, by up to a
	// half, so that many programs which have lost a server do not all come back at once.
	Exact bool

	// Rand is where the random part comes from; nil means math/rand/v2's own source.
	Rand *rand.Rand

	// Final reports whether err is not worth another attempt: a wrong password, say. Nil means:
	// a panic, a runtime.Goexit, and guest.ErrWouldDeadlock, which are mistakes in the program.
	Final func(err error) bool

	// OnRetry is called before each delay, with the number of the attempt that has failed, from
	// 1, and what comes next: to log it, or to show it. It must not wait.
	OnRetry func(attempt int, err error, delay time.Duration)
}

const (
	defaultAttempts = 5
	defaultDelay    = 100 * time.Millisecond
	defaultMaxDelay = time.Minute
)

// Retry calls fn until it succeeds, and returns its result; between two attempts it sleeps. fn
// runs where the caller is, in a task for example, and gets ctx; what takes long in it goes
// through guest.Background, and what may hang gets a deadline there (context.WithTimeout). In a
// task Retry parks; elsewhere it blocks the calling goroutine. On a UI thread outside a task the
// error wraps guest.ErrWouldDeadlock, and fn is not called.
//
// Retry returns what the last attempt has returned: after RetryPolicy.Attempts, when the error is
// final, when ctx is done, and also when ctx has a deadline before the next attempt. When ctx is
// done during a delay, the error is its own. A panic in fn is the caller's. Retry panics if
// Attempts is negative.
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

// answered returns err of a function that ran under ctx, or the error of ctx if it says no more
// than that.
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

// jittered takes off up to a half of d.
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
