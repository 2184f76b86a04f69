package guesttest

import (
	"bytes"
	"log/slog"
	"sync"
	"testing"
)

// A testLog writes the guest's log into the test's log until the test ends: a line after the end
// would be a panic.
type testLog struct {
	mu sync.Mutex
	t  *testing.T // nil after the end
}

func (l *testLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.t != nil {
		l.t.Logf("%s", bytes.TrimRight(line, "\n"))
	}
	return len(line), nil
}

func (l *testLog) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && len(groups) == 0 {
			return slog.Attr{} // times in a bubble are of no interest
		}
		return a
	}}))
}

func (l *testLog) close() {
	l.mu.Lock()
	l.t = nil
	l.mu.Unlock()
}
