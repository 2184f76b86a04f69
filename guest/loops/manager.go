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

// A Manager owns a loop: it starts and stops it. You may call its methods on any goroutine.
type Manager struct {
	id   string
	opts *Options

	// Guarded by the registry's lock until started is true, and fixed from then on.
	started bool
	nth     uint64 // in the process, by the time of the start
	scope   *scope
	ctx     context.Context // the loop ends when it is done
	host    *headless.Loop
	guest   *guest.Guest

	ended *guest.Future[guest.Report]
}

// New returns a manager for a loop that has not started. An empty id makes a loop without a
// name. Never waits.
func New(id string, opts *Options) *Manager {
	return &Manager{id: id, opts: opts, ended: guest.NewFuture[guest.Report]()}
}

// made panics for a manager that does not come from New.
func (m *Manager) made(verb string) {
	if m == nil || m.ended == nil {
		panic("loops: " + verb + " called on a nil or zero Manager; make one with New or Create")
	}
}

// Start starts the loop on its own goroutine and thread, and registers its name in the scope of
// ctx. You can use the loop at once. A second call returns ErrStarted. If the name is taken in
// this scope, the error is an *ExistsError. The loop ends with the scope (see Scoped), not with
// ctx. If the scope has ended already, the error is ErrScopeEnded. Never waits.
func (m *Manager) Start(ctx context.Context) error {
	m.made("Start")
	s := scopeOf(ctx)
	registry.Lock()
	defer registry.Unlock()
	return m.start(s, ctx)
}

// start is Start in scope s. The loop's parent is the guest of ctx. The registry's lock is held.
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

// run runs the loop on its own goroutine. The goroutine ends while it is locked to its thread,
// so the thread ends, too. Otherwise the runtime would keep one thread for each loop that ever
// ran beside others.
func (m *Manager) run() {
	if runtime.GOARCH != "wasm" { // one thread, and one lock count, for all goroutines there
		runtime.LockOSThread()
	}
	defer func() {
		report := m.guest.Finish()
		if over := m.ctx.Err(); over != nil && errors.Is(report.Err, over) {
			report.Err = nil // ending with its scope is no failure
		}
		delist(m)
		m.ended.Resolve(report)
	}()
	_ = m.host.Mainloop(func() error { return nil })
}

// Stop ends the loop. It cancels all tasks with the cause guest.ErrQuit, and waits until they
// have unwound and the loop has ended, or until ctx is done. The error is that of the loop, or
// that of ctx; nil means that the loop ended well. You may call Stop any number of times.
//
// Stop cannot wait for its own loop. So in a task of the loop, on its thread, or with the
// context of one of its tasks, Stop only asks the loop to end and returns nil. In a task of
// another guest it parks the task. On a UI thread outside a task it asks the loop to end, and
// returns an error that wraps guest.ErrWouldDeadlock.
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

// Report says how the loop ended. It is the zero Report until the loop has ended. A loop that
// ended because its scope ended has no error.
func (m *Manager) Report() guest.Report {
	m.made("Report")
	report, _, _ := m.ended.Result()
	return report
}

// Loop returns a handle that submits work of the loop's own kind.
func (m *Manager) Loop() *Loop { m.made("Loop"); return &Loop{m, m.opts.kind()} }
