package console

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

const (
	// pace is the shortest time between two snapshots, for all pages together.
	pace = 250 * time.Millisecond
	// share limits how much of the time a look may use, on the UI thread and on other
	// processors. After a look that took 1 ms, there is none for 20 ms.
	share = 20
	// lull is the longest break after a look that took long off the UI thread, where it may only
	// have waited.
	lull = 2 * time.Second
	// patience is how long a page waits for the UI thread before it gets what holds the thread.
	patience = time.Second
	// stale is the maximum age of the stacks while the UI thread is held. Taking stacks stops
	// the world.
	stale = 2 * time.Second
	// memory is how long the viewer keeps the last snapshot while no page asks.
	memory = time.Minute
)

// A viewer looks at the guest when a page asks. All pages share its looks, and only one look
// goes on at a time. So requests do not pile up while the UI thread is held.
type viewer struct {
	ctx     context.Context // until the console ends
	g       *guest.Guest
	running sync.WaitGroup
	record  record

	mu     sync.Mutex
	latest *look // it may still go on
	past   past
	stacks string // of the goroutines that hold the thread
	taken  time.Time
	forget *time.Timer
}

// A look is one snapshot, and the data that pages get from it.
type look struct {
	done  chan struct{}
	begun time.Time
	ended time.Time
	every time.Duration // until the next look

	err  error
	shot *inspect.Snapshot
	json []byte
}

func newViewer(ctx context.Context, g *guest.Guest) *viewer {
	return &viewer{ctx: ctx, g: g, record: record{g: g}}
}

// wait waits until no look goes on. The viewer's context is done.
func (v *viewer) wait() {
	v.running.Wait()
	v.record.end()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.forget != nil {
		v.forget.Stop()
	}
	v.latest, v.past = nil, past{}
}

// look returns the latest look if it is young enough, or else a new one.
func (v *viewer) look() *look {
	v.mu.Lock()
	defer v.mu.Unlock()
	if l := v.latest; l != nil && (l.ended.IsZero() || time.Since(l.ended) < l.every*9/10) {
		return l
	}
	if v.forget == nil {
		v.forget = time.AfterFunc(memory, v.forgetAll)
	}
	v.forget.Reset(memory)
	l := &look{done: make(chan struct{}), begun: time.Now()}
	v.latest = l
	v.running.Go(func() { v.take(l) })
	return l
}

// forgetAll drops the last snapshot.
func (v *viewer) forgetAll() {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.ctx.Err() != nil || v.latest == nil: // wait drops it
	case v.latest.ended.IsZero(): // the thread is held; the snapshot comes later
		v.forget.Reset(memory)
	default:
		v.latest, v.past.shot, v.stacks = nil, nil, ""
		v.record.forget()
	}
}

// take fills in a look. Only one look goes on at a time, so nothing else uses past.
func (v *viewer) take(l *look) {
	v.mu.Lock()
	p := v.past
	v.mu.Unlock()
	l.shot, l.err = p.shot.Next(v.ctx, v.g)
	if l.err == nil {
		p.learn(l.shot, time.Now())
		f := p.frame(l.shot, v.g.Stats(), &v.record)
		l.every = max(pace, share*l.shot.Took, min(share*time.Since(l.begun), lull))
		f.Every = l.every.Milliseconds()
		l.json = f.encode()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.past = p
	l.every = max(l.every, pace)
	l.ended = time.Now()
	close(l.done)
}

// pause is how long an open page may wait before its next question.
func (v *viewer) pause() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.latest == nil || v.latest.ended.IsZero() {
		return 0
	}
	return v.latest.every
}

// await waits for a look, but no longer than a page's patience.
func (v *viewer) await(ctx context.Context) (*look, error) {
	l := v.look()
	select {
	case <-l.done: // it may have begun long ago, when the thread was held
		return l, l.err
	default:
	}
	patient := time.NewTimer(max(0, patience-time.Since(l.begun)))
	defer patient.Stop()
	select {
	case <-l.done:
		return l, l.err
	case <-patient.C:
		return l, errHeld
	case <-ctx.Done():
		return l, ctx.Err()
	case <-v.ctx.Done():
		return l, guest.ErrFinished
	}
}

var errHeld = errors.New("console: the UI thread is held")

// state returns what a page asks for repeatedly, as JSON.
func (v *viewer) state(ctx context.Context) []byte {
	v.record.asked(v.pause())
	l, err := v.await(ctx)
	switch {
	case err == nil:
		return l.json
	case errors.Is(err, errHeld):
		return v.held(l).encode()
	}
	return frame{State: v.g.State(), Stats: statsOf(v.g.Stats()), Over: true}.encode()
}

// dump returns the tree as text.
func (v *viewer) dump(ctx context.Context) string {
	l, err := v.await(ctx)
	switch {
	case err == nil:
		return l.shot.Full()
	case errors.Is(err, errHeld):
		return "guest: the UI thread does not run its tasks.\n\n" + v.holders()
	}
	return "guest " + v.g.State() + ": no tasks\n"
}

// held returns a frame that says that the UI thread does not answer, and why.
func (v *viewer) held(l *look) frame {
	b := newBuilder(frame{
		State:   v.g.State(),
		Stats:   statsOf(v.g.Stats()),
		Every:   pace.Milliseconds() * 2,
		Held:    v.holders(),
		HeldFor: max(time.Since(l.begun), v.record.heldFor()).Milliseconds(),
	})
	v.record.show(b)
	return b.f
}

// holders says what holds the threads that may be the UI thread, and lists their stacks.
func (v *viewer) holders() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.stacks == "" || time.Since(v.taken) > stale {
		v.stacks, v.taken = inspect.Held(), time.Now()
	}
	return v.stacks
}
