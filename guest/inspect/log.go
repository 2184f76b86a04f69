package inspect

import (
	"context"
	"log/slog"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// LogHandler returns a handler that passes records on to next. It adds the task in whose context
// the record was logged, in the same form as the guest's own logs: a group "task" with the
// attributes name, func and at. A function of Background or Submit logs as the task that it
// belongs to. Records with other contexts are passed on unchanged. Any goroutine. Never waits.
//
//	slog.SetDefault(slog.New(inspect.LogHandler(slog.NewTextHandler(os.Stderr, nil))))
//	slog.InfoContext(ctx, "saved")
//	// … msg=saved task.name=autosave task.func=main.save task.at=save.go:12
//
// If the logger has an open group (slog.Logger.WithGroup), the task is in that group.
func LogHandler(next slog.Handler) slog.Handler {
	if next == nil {
		panic("inspect: LogHandler called with a nil handler; pass the one that writes the records")
	}
	return logHandler{next}
}

type logHandler struct{ slog.Handler }

// Handle adds the task.
func (h logHandler) Handle(ctx context.Context, r slog.Record) error {
	if ctx != nil {
		if name, pc, ok := bridge.TaskOf(ctx); ok {
			r = r.Clone()
			r.AddAttrs(taskGroup(name, pc))
		}
	}
	return h.Handler.Handle(ctx, r)
}

func taskGroup(name string, pc uintptr) slog.Attr {
	var attrs []any
	if name != "" {
		attrs = append(attrs, slog.String("name", name))
	}
	fn, file, line := function(pc)
	attrs = append(attrs, slog.String("func", fn))
	if file != "" {
		attrs = append(attrs, slog.String("at", Place{fn, file, line}.String()))
	}
	return slog.Group("task", attrs...)
}

// WithAttrs returns a handler for records with these attributes.
func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup returns a handler for records in this group.
func (h logHandler) WithGroup(name string) slog.Handler { return logHandler{h.Handler.WithGroup(name)} }
