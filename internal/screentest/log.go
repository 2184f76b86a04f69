package screentest

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

// A Log keeps what is logged. Any goroutine.
type Log struct {
	mu   sync.Mutex
	out  bytes.Buffer
	news chan struct{} // closed with the next line, if a caller waits for it
}

// Write is part of io.Writer, for a logger.
func (l *Log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.news != nil {
		close(l.news)
		l.news = nil
	}
	return l.out.Write(text)
}

// Wait waits until text has been logged.
func (l *Log) Wait(ctx context.Context, text string) error {
	for {
		l.mu.Lock()
		if strings.Contains(l.out.String(), text) {
			l.mu.Unlock()
			return nil
		}
		if l.news == nil {
			l.news = make(chan struct{})
		}
		news := l.news
		l.mu.Unlock()
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Text returns all that was logged so far.
func (l *Log) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// Logger returns a logger that writes to l.
func (l *Log) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
