package guest_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

// A story numbers what is to happen: a step out of turn fails the test.
type story struct {
	t    *testing.T
	done atomic.Int32
}

func (s *story) step(n int32) {
	s.t.Helper()
	if done := s.done.Add(1); done != n {
		s.t.Errorf("step %d came as number %d", n, done)
	}
}

var errBoom = errors.New("boom")

// never is longer than any test lasts, in virtual time.
const never = 1000 * time.Hour

// quiet are options without a log.
func quiet() *guest.Options { return &guest.Options{Logger: slog.New(slog.DiscardHandler)} }

// virtually runs main headless and in virtual time, and returns its error.
func virtually(t *testing.T, opts *guest.Options, main func(ctx context.Context) error) (err error) {
	t.Helper()
	synctest.Test(t, func(*testing.T) { err = really(opts, main) })
	return err
}

// really runs main headless. On a busy machine anything may hold the thread long, so slow turns
// are not logged unless opts says after what time.
func really(opts *guest.Options, main func(ctx context.Context) error) error {
	var o guest.Options
	if opts != nil {
		o = *opts
	}
	if o.SlowTurn == 0 {
		o.SlowTurn = -1
	}
	_, err := headless.Run(func(ctx context.Context) (struct{}, error) { return struct{}{}, main(ctx) }, &o)
	return err
}

// park is a main function that waits for the end.
func park(ctx context.Context) error { return guest.Park(ctx) }

// fails is a task that fails at once.
func fails(context.Context) error { return errBoom }

// causes are the errors that OnError has heard of, without whose they are.
func causes(heard []error) []error {
	var all []error
	for _, err := range heard {
		var u *guest.UnobservedError
		if !errors.As(err, &u) {
			return heard
		}
		all = append(all, u.Err)
	}
	return all
}

// guestOf returns the guest of ctx.
func guestOf(ctx context.Context) *guest.Guest {
	g, ok := guest.FromContext(ctx)
	if !ok {
		panic("no guest in the context")
	}
	return g
}

// inBackground calls fn in a goroutine of its own and waits for it, in a task.
func inBackground(ctx context.Context, fn func(ctx context.Context)) error {
	_, err := guest.Background(ctx, func(ctx context.Context) (struct{}, error) {
		fn(ctx)
		return struct{}{}, nil
	})
	return err
}

// panicOf returns what fn panics with, as text.
func panicOf(fn func()) (text string) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case string:
			text = v
		case error:
			text = v.Error()
		default:
			text = "something else"
		}
	}()
	fn()
	return ""
}

// A journal is a log that may be read.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

func (j *journal) logger() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

func TestOnePageProgram(t *testing.T) {

	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		f := guest.Async(ctx, func(ctx context.Context) (int, error) {
			if err := guest.Sleep(ctx, time.Hour); err != nil {
				return 0, err
			}
			return guest.Background(ctx, func(context.Context) (int, error) { return 42, nil })
		})
		short, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := guest.Sleep(short, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			return errors.New("no timeout")
		}
		ch := make(chan int)
		go func() {
			defer close(ch)
			for i := range 3 {
				ch <- i
			}
		}()
		sum := 0
		for v := range flow.Each(ctx, ch) {
			sum += v
		}
		v, err := f.Wait(ctx)
		require.Equal(t, 45, v+sum)
		require.Equal(t, time.Hour, time.Since(began))
		return err
	}))
}
