package guest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

type scriptLoop = looptest.Loop

// nameless: threads can't be told apart here, so a wrong one is not noticed.
var nameless = host.CurrentThread() == 0

// needThreads skips the test where they can't.
func needThreads(t *testing.T) {
	t.Helper()
	if nameless {
		t.Skip("threads can't be told apart here")
	}
}

// embedded runs the loop as a program does that has its own: Start, the loop, Finish.
func embedded(l *scriptLoop, g *Guest) Report {
	defer looptest.Lock()()
	_ = l.Mainloop(nil)
	return g.Finish()
}

// elsewhere calls fn on another goroutine than the caller's, and waits for it.
func elsewhere(fn func()) {
	var wg sync.WaitGroup
	wg.Go(fn)
	wg.Wait()
}

// chapters fails the test when a step is made out of turn.
type chapters struct {
	t  *testing.T
	at atomic.Int32
}

func (c *chapters) step(n int32) {
	c.t.Helper()
	if at := c.at.Add(1); at != n {
		c.t.Errorf("step %d came as number %d", n, at)
	}
}

// receive is flow.Recv for the tests inside the package: it waits for a future that a goroutine
// settles.
func receive[T any](ctx context.Context, ch <-chan T) (v T, ok bool, err error) {
	type received struct {
		v  T
		ok bool
	}
	f, stop := NewFuture[received](), make(chan struct{})
	giveUp := sync.OnceFunc(func() { close(stop) })
	defer giveUp()
	go func() {
		select {
		case v, ok := <-ch:
			f.Resolve(received{v, ok})
		case <-stop:
			f.Resolve(received{})
		}
	}()
	got, err := f.Wait(ctx)
	return got.v, got.ok, err
}
