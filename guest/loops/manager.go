package loops

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/hosts/headless"
)

// A Manager owns a loop: it starts and stops it. The methods may be called on any goroutine.
type Manager struct {
	id   string
	opts *Options

	// Guarded by the registry's lock until started is true, and fixed from then on.
	started bool
	nth     uint64 // in the process
	scope   *scope
	ctx     context.Context // that it ends with
	host    *headless.Loop
	guest   *guest.Guest

	ended *guest.Future[guest.Report]
}

// New returns a manager of a loop that has not started. An empty id means a loop without a
// name. Never waits.
func New(id string, opts *Options) *Manager {
	return &Manager{id: id, opts: opts, ended: guest.NewFuture[guest.Report]()}
}

// made refuses a manager that New has not made.
func (m *Manager) made(verb string) {
	if m == nil || m.ended == nil {
		panic("loops: " + verb + " called on a nil or zero Manager; make one with New or Create")
	}
}

// Start starts the loop, on a goroutine and thread of its own, and makes its name known in the
// scope of ctx. Never waits: the loop may be used at once. The second time, it gives
// ErrStarted; if the name is taken in this scope, an *ExistsError. The loop ends with the scope
// (see Scoped), not with ctx; if that is over already, the error is ErrScopeEnded.
func (m *Manager) Start(ctx context.Context) error {
	m.made("Start")
	s := scopeOf(ctx)
	registry.Lock()
	defer registry.Unlock()
	return m.start(s, ctx)
}

// start is Start in s, for the guest of ctx. The registry's lock is held.
func (m *Manager) start(s *scope, ctx context.Context) error {
	if m.started {
		return ErrStarted
	}
	if s.loops[m.id] != nil {
		return &ExistsError{m.id}
	}
	parent, _ := guest.FromContext(ctx)
	opts := m.opts.guest(s.ctx, m.id, parent)
	if opts.Context.Err() != nil {
		return fmt.Errorf("%w (%w)", ErrScopeEnded, context.Cause(opts.Context))
	}
	h := headless.New()
	g, err := guest.Start(h, nil, opts)
	if err != nil {
		return err
	}
	m.started, m.scope, m.ctx, m.host, m.guest = true, s, opts.Context, h, g
	enlist(m)
	go m.run()
	return nil
}

// run runs the loop on its own goroutine. That ends locked to its thread, and so the thread
// ends with it: otherwise the runtime would keep one for each loop that ever ran beside others.
func (m *Manager) run() {
	if runtime.GOARCH != "wasm" { // one thread, and one lock count, for all goroutines there
		runtime.LockOSThread()
	}
	defer func() {
		report := m.guest.Finish()
		if over := m.ctx.Err(); over != nil && errors.Is(report.Err, over) {
			report.Err = nil // to end with its scope is no failure
		}
		delist(m)
		m.ended.Resolve(report)
	}()
	_ = m.host.Mainloop(func() error { return nil })
}

// Stop ends the loop: it cancels all tasks with the cause guest.ErrQuit, and waits until they
// have unwound and the loop has ended, or ctx is done. The error is the loop's own, nil if it
// went well, or ctx's. It may be called any number of times.
//
// Inside the loop, in its tasks and with their contexts, Stop only asks, and returns nil: it
// would wait for itself. In a task of another guest it parks; on a UI thread outside a task it
// asks, and the error wraps guest.ErrWouldDeadlock.
func (m *Manager) Stop(ctx context.Context) error {
	m.made("Stop")
	registry.Lock()
	started := m.started
	registry.Unlock()
	if !started {
		return ErrNotStarted
	}
	m.guest.Cancel(guest.ErrQuit)
	if g, _ := guest.FromContext(ctx); !m.isOver() && (g == m.guest || m.onItsThread()) {
		return nil
	}
	report, err := m.ended.Wait(ctx)
	if err != nil {
		return err
	}
	return report.Err
}

// onItsThread reports whether the caller is on the loop's thread.
func (m *Manager) onItsThread() bool {
	for _, p := range place.Live() {
		if p.Owner() == any(m.guest) {
			return p.OnThread()
		}
	}
	return false
}

func (m *Manager) isOver() bool {
	select {
	case <-m.ended.Done():
		return true
	default:
		return false
	}
}

// Report says how the loop has ended; the zero Report while it has not. A loop that ended
// because its scope did has no error.
func (m *Manager) Report() guest.Report {
	m.made("Report")
	if !m.isOver() {
		return guest.Report{}
	}
	report, _ := m.ended.Wait(context.Background())
	return report
}

// Loop returns the handle that submits to the loop, of the loop's own kind.
func (m *Manager) Loop() *Loop { m.made("Loop"); return &Loop{m, m.opts.kind()} }
