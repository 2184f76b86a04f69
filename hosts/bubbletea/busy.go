package teahost

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// Busy runs work off the UI thread, and meanwhile shows a bar. report sets the bar (0 to 1) and
// a text; it may be called on any goroutine. Esc cancels the context of work; then Busy returns
// an error that matches ErrEscaped when work has returned. In a task. Waits.
func Busy[T any](ctx context.Context, ui *UI, title string,
	work func(ctx context.Context, report func(done float64, text string)) (T, error)) (v T, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b := &busy{title: title, stop: func() { cancel(ErrEscaped) }}
	hide := ui.show(b)
	defer hide()
	type step struct {
		done float64
		text string
	}
	return guest.Background(ctx, func(ctx context.Context) (T, error) {
		progress := flow.NewProgress(ctx, func(s step) { b.done, b.text = s.done, s.text })
		return work(ctx, func(done float64, text string) { progress.Report(step{done, text}) })
	})
}

type busy struct {
	title, text string
	done        float64
	stop        func()
	stopping    bool
}

func (b *busy) view() string {
	hint := "Esc stops it"
	if b.stopping {
		hint = "stopping…"
	}
	return fmt.Sprintf("%s\n%s %3.0f%%  %s\n%s", b.title, Bar(b.done, 40), 100*b.done, b.text, hint)
}

// Bar returns a bar with a width in columns; done is from 0 to 1. Any goroutine. Never waits.
func Bar(done float64, width int) string {
	full := int(max(0, min(1, done)) * float64(width))
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

func (b *busy) paste(string) {}

func (b *busy) key(k tea.KeyPressMsg) {
	if k.String() == "esc" {
		b.stopping = true
		b.stop()
	}
}
