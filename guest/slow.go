package guest

import (
	"log/slog"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/golodger/lodger/guest/internal/sched"
)

// Slow reports that the UI thread is held, once for each line of the program. What the program
// calls in a toolkit may take longer than its own code: to make a window takes a while.
func (c *client) Slow(by sched.Held, d time.Duration, long bool, where sched.Stacks) {
	defer func() { _ = recover() }() // the logger's
	g := (*Guest)(c)
	stack, what := where.Running(), "guest: a task, or a posted function, has held the UI thread for too long; the window can't be "+
		"drawn meanwhile. Move the work to Background, range with flow.Slice, or call Yield in it"
	function, at, inside := innermost(stack)
	if inside && !long {
		return
	}
	if by == sched.ByHost {
		stack, what = where.Locked(), "guest: the UI thread has been held for too long outside the guest, and its tasks wait; the window "+
			"can't be drawn meanwhile. In a handler start a task with Go, and move the work to Background"
		function, at = handler(stack)
	}
	if at == "" {
		return
	}
	g.once("slow at "+at, func() {
		g.opts.logger().Warn(what, "over", d, "in", function, "at", at, "stack", stack)
	})
}

// Stalled reports that a turn does not end. A nested loop has been reported already.
func (c *client) Stalled(where sched.Stacks) {
	defer func() { _ = recover() }() // the logger's
	function, at, _ := innermost(where.Running())
	attrs := []any{"in", function, "at", at, "stack", where.Running()}
	if calling := where.Calling(); calling != "" {
		attrs = append(attrs, slog.String("held up", callers(calling)))
	}
	(*Guest)(c).opts.logger().Error("guest: the UI thread has been held for 5s; the window is frozen, and what holds it "+
		"can't be cancelled. In a task, move work to Background, receive with flow.Recv, lock nothing for long, and never call what "+
		"waits for the UI thread itself (as fyne.DoAndWait does)", attrs...)
}

// callers lists the lines of the program in which goroutines wait for the UI thread.
func callers(stacks string) string {
	var lines []string
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		if _, at, _ := innermost(stack); at != "" {
			lines = append(lines, at)
		}
	}
	const most = 5
	if more := len(lines) - most; more > 0 {
		lines = append(lines[:most], strconv.Itoa(more)+" more")
	}
	return strings.Join(lines, ", ")
}

// innermost returns the innermost function of the program on a stack as the runtime prints it,
// and its file and line; "" if there is none. Where the program's own module is not on the stack,
// another one is taken for the program, but not Go's standard library, nor this one. inside says
// that it has called another module.
func innermost(stack string) (function, at string, inside bool) {
	calls(stack, func(c call) bool {
		switch {
		case c.program():
			inside = at != ""
			function, at = c.title()
			return false
		case at == "" && !c.std && !c.ours:
			function, at = c.title()
		}
		return true
	})
	return function, at, inside
}

// handler is innermost for what the host has called: code of the program's module inside the
// host's loop. A host that draws for long is not the program's affair.
func handler(stacks string) (function, at string) {
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		calls(stack, func(c call) bool {
			if c.program() && c.function != "main.main" {
				function, at = c.title()
			}
			// what follows one of these has called the loop
			return at == "" && !c.ours && c.function != "main.main"
		})
		if at != "" {
			break
		}
	}
	return function, at
}

// A call is a frame of a stack that the runtime has printed.
type call struct {
	function, file, line string
	std, ours            bool
}

// title is what to call it in a log.
func (c call) title() (function, at string) {
	return filepath.Base(c.function), filepath.Base(c.file) + ":" + c.line
}

// program reports whether it is of the program's own module.
func (c call) program() bool {
	return !c.std && !c.ours && (strings.HasPrefix(c.function, "main.") || module != "" && strings.HasPrefix(c.function, module))
}

// module is the path of the program's module.
var module = func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return info.Main.Path
}()

// calls visits the calls on a stack, the innermost first, until visit returns false.
func calls(stack string, visit func(call) bool) {
	lines := strings.Split(stack, "\n")
	for i := 1; i+1 < len(lines); i++ { // the first is the goroutine's
		name, place := lines[i], lines[i+1]
		if strings.HasPrefix(name, "\t") || strings.HasPrefix(name, "created by ") {
			continue
		}
		file, rest, ok := cutLast(strings.TrimSpace(place), ":")
		name, _, called := cutLast(name, "(")
		if !ok || !called {
			continue
		}
		line, _, _ := strings.Cut(rest, " ")
		c := call{function: name, file: file, line: line}
		c.std, c.ours = standard(name, file), ofLibrary(runtime.Frame{File: file})
		if !visit(c) {
			return
		}
	}
}

// standard reports whether a function is of Go's standard library.
func standard(function, file string) bool {
	if standardDir != "" {
		return strings.HasPrefix(file, standardDir)
	}
	// built with -trimpath: there the first part of its path has no dot, and it is not main's
	first, _, _ := strings.Cut(function, "/")
	pkg, _, _ := strings.Cut(first, ".")
	return !strings.Contains(first, ".") || pkg == first || pkg != "main" && !strings.Contains(function, "/")
}

// standardDir is where the standard library's files were when it was compiled; "" if its paths
// have been trimmed.
var standardDir = func() string {
	f := runtime.FuncForPC(reflect.ValueOf(strings.Fields).Pointer())
	file, _ := f.FileLine(f.Entry())
	dir, _ := strings.CutSuffix(file, "strings/strings.go")
	return dir
}()

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
