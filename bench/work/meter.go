package work

import (
	"sync"
	"time"
)

// A Meter measures the times of an operation that is repeated under overload. It keeps at most
// one time per millisecond. Any goroutine.
type Meter struct {
	patience time.Duration
	due      time.Duration // the intended time; only the excess counts
	settled  chan struct{} // closed when the last time has been taken

	mu       sync.Mutex
	from     time.Time // when the load was complete
	began    time.Time // of the current operation; zero if there is none
	kept     time.Time // when the last time was taken
	took     []time.Duration
	stopping bool
	ended    bool
}

func newMeter(patience time.Duration) *Meter {
	return &Meter{patience: patience, settled: make(chan struct{})}
}

// Begin reports that the operation begins now. It returns false if it should not.
func (m *Meter) Begin() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended {
		return false
	}
	m.began = time.Now()
	return true
}

// End reports that the operation has ended now.
func (m *Meter) End() {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	took, early := max(0, now.Sub(m.began)-m.due), m.from.IsZero() || m.began.Before(m.from)
	m.began = time.Time{}
	// An operation that began while few posts waited does not count, unless it lasts until the
	// end.
	if m.ended || early && !m.stopping {
		return
	}
	if now.Sub(m.kept) >= time.Millisecond {
		m.took, m.kept = append(m.took, min(took, m.patience)), now
	}
	m.settle()
}

func (m *Meter) loaded() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.from = time.Now()
}

func (m *Meter) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopping = true
	m.settle()
}

// settle ends the measurement if it was requested, there is a time, and no operation is running.
// So it also detects a task that never begins. Under the lock.
func (m *Meter) settle() {
	if m.stopping && !m.ended && m.began.IsZero() && len(m.took) > 0 {
		m.ended = true
		close(m.settled)
	}
}

// times waits for the current operation, at most for Patience, and returns all times. After stop.
func (m *Meter) times() []time.Duration {
	m.mu.Lock()
	since := m.began
	if since.Before(m.from) {
		since = m.from
	}
	m.mu.Unlock()
	select {
	case <-m.settled:
	case <-time.After(m.patience - time.Since(since)):
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ended {
		m.ended = true
		m.took = append(m.took, m.patience)
	}
	return m.took
}
