package looptest

import (
	"context"
	"log"
	"log/slog"
	"testing"
	"time"
)

// DefaultLog makes l the process's default logger for the length of the test. Afterwards package
// log writes where it did before, too: slog.SetDefault redirects it, and does not undo that when
// it gets the first logger back.
func DefaultLog(t testing.TB, l *slog.Logger) {
	before, out, flags := slog.Default(), log.Writer(), log.Flags()
	t.Cleanup(func() {
		slog.SetDefault(before)
		log.SetOutput(out)
		log.SetFlags(flags)
	})
	slog.SetDefault(l)
}

// A LogHandler is called for each record of a log, as a program's handler is.
type LogHandler func()

// Enabled implements slog.Handler.
func (h LogHandler) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (h LogHandler) Handle(context.Context, slog.Record) error { h(); return nil }

// WithAttrs implements slog.Handler.
func (h LogHandler) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup implements slog.Handler.
func (h LogHandler) WithGroup(string) slog.Handler { return h }

// Returns calls fn on a goroutine. It fails the test if fn has not returned after ten seconds of
// real time. Once the test has failed it does nothing.
func Returns(t testing.TB, fn func()) {
	t.Helper()
	if t.Failed() {
		return
	}
	done := make(chan struct{})
	go func() { fn(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("it hangs")
	}
}
