package flow

import (
	"context"
	"sync"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// A Progress reports the progress of some work from any goroutine to the UI thread. NewProgress
// makes one.
//
// The newest value wins. However often you call Report, at most one value is delivered in each
// turn of the loop, beside the last one at the end of the work, and the window draws between
// turns. Unless the work is cancelled, the last value is always delivered. No value comes after
// the result of the work that the Progress belongs to. The idea is quiv's progress callback.
type Progress[T any] struct {
	notify func()

	mu    sync.Mutex
	value T
	news  bool // since the last delivery
}

// NewProgress returns a Progress that calls fn on the UI thread of the guest of ctx (found as
// in guest.RunOnMain). Any goroutine. Never waits.
//
// The Progress belongs to the Background function that ctx was made for, or else to the task of
// ctx. Values reported before its end are delivered before its result: before Background
// returns, or before the code that waits for the task goes on. Reports after the end of ctx are
// dropped. When the scope of ctx is cancelled, because its task is cancelled or its window closes,
// fn is not called any more. fn runs outside any task and must not wait. A
// panic in fn does not reach the work: it goes to guest.Options.OnError, or the log. NewProgress
// panics if there is no guest.
func NewProgress[T any](ctx context.Context, fn func(v T)) *Progress[T] {
	if fn == nil {
		panic("flow: NewProgress called with a nil function; pass the function that shows the progress")
	}
	p := new(Progress[T])
	p.notify = notice(ctx, "NewProgress", func() {
		if v, news := p.take(); news {
			fn(v)
		}
	})
	return p
}

// Report reports the progress of the work. Any goroutine. Never waits.
func (p *Progress[T]) Report(v T) {
	p.mu.Lock()
	p.value, p.news = v, true
	p.mu.Unlock()
	p.notify()
}

// take returns the newest value, and whether it has not been delivered before.
func (p *Progress[T]) take() (v T, news bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	news, p.news = p.news, false
	return p.value, news
}

// notice asks package guest for a notice.
func notice(ctx context.Context, verb string, fn func()) (notify func()) {
	notify = bridge.NewNotice(ctx, fn)
	if notify == nil {
		panic("flow: " + verb + " called without a guest in the context or the process; start one with guest.Run or guest.Start")
	}
	return notify
}
