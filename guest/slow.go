package guest

import (
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/golodger/lodger/guest/internal/held"
	"github.com/golodger/lodger/guest/internal/sched"
)

// Slow reports that something holds the UI thread, once for each line of the program. Calls into
// a toolkit may take longer than the program's own code, unless they can never end: making a
// window takes a while.
func (c *client) Slow(by sched.Held, d time.Duration, long bool) {
	defer func() { _ = recover() }() // the logger's
	g, dump := (*Guest)(c), held.Now()
	h, what := dump.Task(), "guest: a task or a posted function has held the UI thread for too long; the window can't be "+
		"drawn meanwhile. "
	if by == sched.ByHost {
		h, what = dump.Handler(), "guest: the UI thread has been held for too long outside the guest, so tasks wait; the window "+
			"can't be drawn meanwhile. In a handler start a task with Go. "
	} else if h.Inside && !h.WaitsForItself() && !long {
		return
	}
	if !h.Known() {
		return
	}
	// The log comes first: an observer may block, and must not hide it.
	defer g.tell(slowEvent(h, d))
	g.once("slow at "+h.At, func() {
		g.opts.logger().Warn(what+h.Remedy, append([]any{"over", d}, heldAttrs(h)...)...)
	})
}

// Stalled reports that a turn does not end. A nested loop has been reported already.
func (c *client) Stalled() {
	defer func() { _ = recover() }() // the logger's
	dump := held.Now()
	h := dump.Task()
	attrs := heldAttrs(h)
	if h.Remedy == "" {
		h.Remedy = "Move work to Background, hold no lock for long, and never call a function that waits for the UI thread itself"
	}
	if list := titles(dump.Callers()); len(list) > 0 {
		attrs = append(attrs, "held up", strings.Join(list, "; "))
	}
	defer (*Guest)(c).tell(slowEvent(h, stalledAfter)) // after the log, as in Slow
	(*Guest)(c).opts.logger().Error("guest: the UI thread has been held for 5s; the window is frozen, and the code that holds it "+
		"can't be cancelled. "+h.Remedy, attrs...)
}

// stalledAfter is when Stalled is called.
const stalledAfter = 5 * time.Second

// heldAttrs describes what holds the thread.
func heldAttrs(h held.Holder) []any {
	attrs := []any{"in", h.In, "at", h.At, "does", h.Does}
	if h.Task != "" {
		attrs = append(attrs, taskGroup(h.Name, h.Task, ""))
	}
	if len(h.Why) > 0 {
		attrs = append(attrs, "why", strings.Join(h.Why, "; "))
	}
	return append(attrs, "stack", h.Line())
}

// titles names the goroutines that the thread holds up.
func titles(list []held.Holder) (names []string) {
	for _, h := range list {
		if h.Known() {
			names = append(names, h.Title())
		}
	}
	const most = 5
	if more := len(names) - most; more > 0 {
		names = append(names[:most], strconv.Itoa(more)+" more")
	}
	return names
}

// taskGroup is how all logs name a task or a function of Background: by its given name, its
// function and its place. Empty parts are left out.
func taskGroup(name, function, at string) slog.Attr {
	var attrs []any
	for _, a := range []slog.Attr{slog.String("name", name), slog.String("func", function), slog.String("at", at)} {
		if a.Value.String() != "" {
			attrs = append(attrs, a)
		}
	}
	return slog.Group("task", attrs...)
}

// log names the task in logs.
func (t *Task) log() slog.Attr {
	function, at := funcPlace(t.pc())
	return taskGroup(t.name(), function, at)
}

// logFunc names the task or background function with this function in logs.
func logFunc(pc uintptr) slog.Attr {
	function, at := funcPlace(pc)
	return taskGroup("", function, at)
}
