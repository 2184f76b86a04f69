package looptest

import (
	"log"
	"log/slog"
	"testing"
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
