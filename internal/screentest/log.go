package screentest

import (
	"bytes"
	"log/slog"
	"sync"
)

// Log keeps what is logged. Any goroutine.
type Log struct {
	mu  sync.Mutex
	out bytes.Buffer
}

// Write is a logger's.
func (l *Log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(text)
}

// Text is all that was logged so far.
func (l *Log) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// Logger logs into l.
func (l *Log) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
