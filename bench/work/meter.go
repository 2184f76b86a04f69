package work

import (
	"sync"
	"time"
)

// A Meter takes the times of something that is done again and again under overload. It keeps at
// most one time in each millisecond. Any goroutine.
type Meter struct {
	patience time.Duration
	due      time.Duration // it should take so long; only what is beyond counts
	settled  chan struct{} // closed when the last time has been taken

	mu       sync.Mutex
	from     time.Time // when the load was there
	began    time.Time // what is going on; zero when nothing is
	kept     time.Time // when the last time was taken
	took     []time.Duration
	stopping bool
	ended    bool
}

func newMeter(patience time.Duration) *Meter {
	return &Meter{patience: patience, settled: make(chan struct{})}
}

// Begin says that it begins now; false: it should not.
func (m *Meter) Begin() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended {
		return false
	}
	m.began = time.Now()
	return true
}

// End says that it has ended now.
func (m *Meter) End() {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	took, early := max(0, now.Sub(m.began)-m.due), m.from.IsZero() || m.began.Before(m.from)
	m.began = time.Time{}
	// What began while few posts waited says nothing of the many, unless it lasts to the end.
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

// settle ends it when it was asked to, has a time, and nothing is going on. So a task that is
// never resumed, and does not even begin, is found out, too. Under the lock.
func (m *Meter) settle() {
	if m.stopping && !m.ended && m.began.IsZero() && len(m.took) > 0 {
		m.ended = true
		close(m.settled)
	}
}

// times waits for what is going on, with patience, and returns all times. After stop.
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
