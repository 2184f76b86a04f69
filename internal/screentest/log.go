package screentest

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

// Log keeps what is logged. Any goroutine.
type Log struct {
	mu   sync.Mutex
	out  bytes.Buffer
	news chan struct{} // closed with the next line, if somebody waits for it
}

// Write is a logger's.
func (l *Log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.news != nil {
		close(l.news)
		l.news = nil
	}
	return l.out.Write(text)
}

// Wait waits until a text has been logged.
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

// Text is all that was logged so far.
func (l *Log) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// Logger logs into l.
func (l *Log) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
