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
	// share limits the UI thread's part, and that of the other processors: a look that has taken
	// 1 ms is followed by 20 ms without.
	share = 20
	// lull is the longest break that follows from what a look takes off the UI thread, where it
	// may have waited.
	lull = 2 * time.Second
	// patience is how long a page waits for the UI thread before it is told what holds that.
	patience = time.Second
	// stale is how old the stacks of a thread that is held may be: to take them stops the world.
	stale = 2 * time.Second
	// memory is how long the last snapshot is kept when no page asks.
	memory = time.Minute
)

// A viewer looks at the guest when a page asks. All pages share its looks, and there is one at a
// time: while the UI thread is held, requests do not pile up there.
type viewer struct {
	ctx     context.Context // until the console ends
	g       *guest.Guest
	running sync.WaitGroup
	record  record

	mu     sync.Mutex
	latest *look // may still go on
	past   past
	stacks string // of what holds the thread
	taken  time.Time
	forget *time.Timer
}

// A look is one snapshot, and what pages are told of it.
type look struct {
	done  chan struct{}
	begun time.Time
	ended time.Time
	every time.Duration // until the next

	err  error
	shot *inspect.Snapshot
	json []byte
}

func newViewer(ctx context.Context, g *guest.Guest) *viewer {
	return &viewer{ctx: ctx, g: g, record: record{g: g}}
}

// wait waits until nothing of the viewer goes on. Its context is done.
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

// look returns the latest look if that is young enough, or else a new one.
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

// forgetAll lets go of the last snapshot.
func (v *viewer) forgetAll() {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.ctx.Err() != nil || v.latest == nil: // wait does it
	case v.latest.ended.IsZero(): // the thread is held; it will bring a snapshot later
		v.forget.Reset(memory)
	default:
		v.latest, v.past.shot, v.stacks = nil, nil, ""
		v.record.forget()
	}
}

// take fills in a look. Only one goes on at a time, so past is its own.
func (v *viewer) take(l *look) {
	v.mu.Lock()
	p := v.past
	v.mu.Unlock()
	v.record.begin()
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

// pause is how long a page that is open may let pass until its next question.
func (v *viewer) pause() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.latest == nil || v.latest.ended.IsZero() {
		return 0
	}
	return v.latest.every
}

// await waits for a look, as long as it may take.
func (v *viewer) await(ctx context.Context) (*look, error) {
	l := v.look()
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

// state is what a page asks for again and again, as JSON.
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

// dump is the tree as text.
func (v *viewer) dump(ctx context.Context) string {
	l, err := v.await(ctx)
	switch {
	case err == nil:
		return l.shot.Full()
	case errors.Is(err, errHeld):
		return "guest: the UI thread does not come to its tasks.\n\n" + v.holders()
	}
	return "guest " + v.g.State() + ": no tasks\n"
}

// held says that the UI thread does not answer, and why.
func (v *viewer) held(l *look) frame {
	b := newBuilder(frame{
		State:   v.g.State(),
		Stats:   statsOf(v.g.Stats()),
		Every:   pace.Milliseconds() * 2,
		Held:    v.holders(),
		HeldFor: time.Since(l.begun).Milliseconds(),
	})
	v.record.show(b)
	return b.f
}

// holders says what holds the threads that may be the UI thread, and shows their stacks.
func (v *viewer) holders() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.stacks == "" || time.Since(v.taken) > stale {
		v.stacks, v.taken = inspect.Held(), time.Now()
	}
	return v.stacks
}
