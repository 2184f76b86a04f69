package inspect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
)

// patience is how long Dump waits for the UI thread before it says what holds that.
const patience = time.Second

// Dump writes what the tasks of g do, as a tree. It waits as [Tasks] does, for a second at the
// most: when the UI thread is held by something for longer, it writes where that stands instead.
// The error is that of ctx, or w's.
func Dump(ctx context.Context, w io.Writer, g *guest.Guest) error {
	short, cancel := context.WithTimeoutCause(ctx, patience, errHeld)
	defer cancel()
	s, err := Tasks(short, g)
	switch {
	case err == nil:
		_, err = io.WriteString(w, s.String())
	case errors.Is(err, guest.ErrFinished):
		_, err = fmt.Fprintf(w, "guest %s: no tasks\n", g.State())
	case errors.Is(err, errHeld):
		_, err = fmt.Fprintf(w, "guest: the UI thread has not come to its tasks for %v. It stands here:\n\n%s\n", patience, Held())
	}
	return err
}

var errHeld = errors.New("inspect: the UI thread is held")

// OnSignal has [Dump] written to w whenever the process gets one of the signals,
// until stop is called or g has ended. It holds a goroutine. Any goroutine. Never waits.
func OnSignal(g *guest.Guest, w io.Writer, sig ...os.Signal) (stop func()) {
	if len(sig) == 0 {
		panic("inspect: OnSignal called without a signal; name those that are to ask for a dump")
	}
	ctx, cancel := context.WithCancel(context.Background())
	got := make(chan os.Signal, 1)
	signal.Notify(got, sig...)
	go func() {
		defer signal.Stop(got)
		for {
			select {
			case <-got:
				_ = Dump(ctx, w, g)
			case <-g.Done():
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	return cancel
}

// String is the tree of the tasks, a line for each, and one for what it waits for.
func (s *Snapshot) String() string {
	var b bytes.Buffer
	n := 0
	s.each(func(*Task) { n++ })
	name := "guest"
	if s.Name != "" {
		name = fmt.Sprintf("guest %q", s.Name)
	}
	plural := "s"
	if n == 1 {
		plural = ""
	}
	fmt.Fprintf(&b, "%s, %s, %d task%s\n", name, s.State, n, plural)
	waiters := s.waiters()
	write(&b, s.Tasks, "", waiters)
	return b.String()
}

// each visits all tasks, parents first.
func (s *Snapshot) each(visit func(*Task)) {
	var walk func(list []*Task)
	walk = func(list []*Task) {
		for _, t := range list {
			visit(t)
			walk(t.Children)
		}
	}
	walk(s.Tasks)
}

// waiters returns who waits for a task.
func (s *Snapshot) waiters() map[*Task][]*Task {
	all := make(map[*Task][]*Task)
	s.each(func(t *Task) {
		for _, on := range t.WaitsFor {
			all[on] = append(all[on], t)
		}
	})
	return all
}

func write(b *bytes.Buffer, list []*Task, indent string, waiters map[*Task][]*Task) {
	for i, t := range list {
		branch, below := "├─ ", "│  "
		if i == len(list)-1 {
			branch, below = "└─ ", "   "
		}
		fmt.Fprintf(b, "%s%s%s\n", indent, branch, t)
		note := func(format string, args ...any) {
			fmt.Fprintf(b, "%s%s· "+format+"\n", append([]any{indent, below}, args...)...)
		}
		for _, w := range t.Work {
			begun := ""
			if !w.Begun {
				begun = ", waits for a place in the pool"
			}
			note("off the UI thread: %s%s", named(w.Name, w.Func, Place{w.Func, w.File, w.Line}), begun)
		}
		for _, on := range t.WaitsFor {
			note("waits for %s", on.title())
		}
		for _, w := range waiters[t] {
			note("waited for by %s", w.title())
		}
		if t.NotBegun > 0 {
			note("%d more that have not begun", t.NotBegun)
		}
		write(b, t.Children, indent+below, waiters)
	}
}

// String says in a line what the task is, and what it does.
func (t *Task) String() string {
	line := t.title() + ": "
	switch t.State {
	case Waiting:
		line += "waits "
		line += rounded(t.For).String() + " "
		line += "in " + t.Verb
		if t.At.File != "" {
			line += ", " + t.At.String()
		}
	case Timer:
		line += "begins by the clock"
	case Joining:
		line += "has returned, and waits for its tasks"
	default:
		line += string(t.State)
	}
	if t.Err != nil {
		line += fmt.Sprintf("; cancelled: %.200q", t.Err.Error())
	}
	return line
}

// title is the task's name, and its function with its place.
func (t *Task) title() string { return named(t.Name, t.Func, Place{t.Func, t.File, t.Line}) }

func named(name, function string, at Place) string {
	if at.File != "" {
		function += " (" + at.String() + ")"
	}
	if name == "" {
		return function
	}
	return fmt.Sprintf("%s: %s", name, function)
}

// rounded is d with three digits or so.
func rounded(d time.Duration) time.Duration {
	switch {
	case d > time.Minute:
		return d.Round(time.Second)
	case d > time.Second:
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(10 * time.Microsecond)
}

// Held returns the stacks of the goroutines that are locked to a thread, without arguments: that
// of the loop is among them, at the top if it runs a task or a post. With it [Dump] says what
// holds the UI thread. The program stands still meanwhile, for some microseconds for each
// goroutine. Any goroutine. Never waits.
func Held() string {
	all := make([]byte, 1<<20)
	for {
		n := runtime.Stack(all, true)
		if n < len(all) || len(all) >= 64<<20 {
			all = all[:n]
			break
		}
		all = make([]byte, 2*len(all))
	}
	var likely, found []string
	for stack := range strings.SplitSeq(string(all), "\n\n") {
		header, _, _ := strings.Cut(stack, "\n")
		if strings.Contains(header, "locked to thread") && !strings.Contains(header, "[coroutine") {
			if stack = withoutArguments(stack); strings.Contains(stack, "internal/sched.(*Pump)") {
				likely = append(likely, stack)
			} else {
				found = append(found, stack)
			}
		}
	}
	return strings.Join(append(likely, found...), "\n\n")
}

// arguments are those of a call, at the end of its line: numbers and pointers. Small values are
// readable there, a PIN for example.
var arguments = regexp.MustCompile(`(?m)^(\S.*)\([^()]*\)$`)

func withoutArguments(stack string) string { return arguments.ReplaceAllString(stack, "$1(…)") }
