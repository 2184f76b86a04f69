package inspect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/golodger/lodger/guest"
)

// patience is how long Dump waits for the UI thread before it writes what holds that thread.
const patience = time.Second

// Dump writes what the tasks of g do, as a tree. It waits as [Tasks] does, but at most a second.
// If something holds the UI thread for longer, it writes what that is and where it stands. The
// error is that of ctx or of w; on a UI thread outside a task it wraps guest.ErrWouldDeadlock.
func Dump(ctx context.Context, w io.Writer, g *guest.Guest) error {
	short, cancel := context.WithTimeoutCause(ctx, patience, errHeld)
	defer cancel()
	s, err := Tasks(short, g)
	switch {
	case err == nil:
		_, err = io.WriteString(w, s.Full())
	case errors.Is(err, guest.ErrFinished):
		_, err = fmt.Fprintf(w, "guest %s: no tasks\n", g.State())
	case errors.Is(err, errHeld):
		_, err = fmt.Fprintf(w, "guest: the UI thread has not run its tasks for %v.\n\n%s", patience, Held())
	}
	return err
}

var errHeld = errors.New("inspect: the UI thread is held")

// OnSignal writes a [Dump] to w whenever the process gets one of the signals, until stop is
// called or g has ended. It uses one goroutine. Any goroutine. Never waits.
func OnSignal(g *guest.Guest, w io.Writer, sig ...os.Signal) (stop func()) {
	ended := g.Done() // it panics for no guest here, and not on the goroutine
	if len(sig) == 0 {
		panic("inspect: OnSignal called without a signal; pass the signals that should print a dump")
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
			case <-ended:
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	return cancel
}

// String returns the tree of the tasks as text. Each task has a line, and another for what it
// waits for.
func (s *Snapshot) String() string { return s.text(func(Work) []string { return nil }) }

// text is String with the lines that standing adds for functions off the UI thread.
func (s *Snapshot) text(standing func(w Work) []string) string {
	n := 0
	s.each(func(*Task) { n++ })
	name := "guest"
	if s.Name != "" {
		name = fmt.Sprintf("guest %.100q", s.Name)
	}
	plural := "s"
	if n == 1 {
		plural = ""
	}
	t := tree{waiters: s.waiters(), standing: standing}
	fmt.Fprintf(&t.b, "%s, %s, %d task%s\n", name, s.State, n, plural)
	t.write(s.Tasks, "")
	return t.b.String()
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

// waiters returns, for each task, the tasks that wait for it.
func (s *Snapshot) waiters() map[*Task][]*Task {
	all := make(map[*Task][]*Task)
	s.each(func(t *Task) {
		for _, on := range t.WaitsFor {
			all[on] = append(all[on], t)
		}
	})
	return all
}

// A tree writes tasks as text.
type tree struct {
	b        bytes.Buffer
	waiters  map[*Task][]*Task
	standing func(w Work) []string
}

func (tr *tree) write(list []*Task, indent string) {
	for i, t := range list {
		branch, below := "├─ ", "│  "
		if i == len(list)-1 {
			branch, below = "└─ ", "   "
		}
		fmt.Fprintf(&tr.b, "%s%s%s\n", indent, branch, t)
		tr.notes(t, indent+below)
		tr.write(t.Children, indent+below)
	}
}

// notes writes the other facts about a task.
func (tr *tree) notes(t *Task, indent string) {
	note := func(format string, args ...any) {
		fmt.Fprintf(&tr.b, "%s· "+format+"\n", append([]any{indent}, args...)...)
	}
	for _, w := range t.Work {
		begun := ""
		if !w.Begun {
			begun = ", waits for a place in the pool"
		}
		note("off the UI thread: %s%s", named(w.Name, w.Func, Place{w.Func, w.File, w.Line}), begun)
		for _, line := range tr.standing(w) {
			note("  %s", line)
		}
	}
	for _, on := range t.WaitsFor {
		note("waits for %s", on.title())
	}
	for _, w := range tr.waiters[t] {
		note("waited for by %s", w.title())
	}
	if t.NotBegun > 0 {
		note("%d more that have not begun", t.NotBegun)
	}
}

// String describes in one line what the task is and what it does.
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
		line += "waits for the time of its start"
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

// title is the task's name, its function and the function's place.
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

// rounded returns d with about three digits.
func rounded(d time.Duration) time.Duration {
	switch {
	case d > time.Minute:
		return d.Round(time.Second)
	case d > time.Second:
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(10 * time.Microsecond)
}
