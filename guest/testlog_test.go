package guest

import (
	"bytes"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// A logbook keeps what is logged, a line for each record.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logbook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

func (b *logbook) lines() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(strings.Split(b.buf.String(), "\n"), func(s string) bool { return s == "" })
}

// count returns how many lines have what in them.
func (b *logbook) count(what string) (n int) {
	for _, line := range b.lines() {
		if strings.Contains(line, what) {
			n++
		}
	}
	return n
}

// mute is a logger for tests in which the log is not the point.
func mute() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
