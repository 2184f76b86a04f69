package inspect

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/golodger/lodger/guest/internal/held"
)

// Held says what holds a UI thread, where, and which goroutines may have to go on first, for
// example one that may hold the lock. Then it lists the stacks of these goroutines, without
// arguments. If no stack shows a line of the program, it lists all goroutines that are locked to
// a thread, as the goroutine of a main loop is. It stops the program for some microseconds for
// each goroutine. Any goroutine. Never waits.
func Held() string {
	d := held.Now()
	var b strings.Builder
	list, known := d.Holders(), []held.Holder(nil)
	for _, h := range list {
		if h.Known() {
			explain(&b, h)
			known = append(known, h)
		}
	}
	if known != nil {
		list = known
	}
	if callers := d.Callers(); len(callers) > 0 {
		b.WriteString("These wait for a UI thread in guest.CallOnMain:\n")
		for _, h := range callers {
			fmt.Fprintf(&b, "  %s\n", h.Title())
		}
	}
	for _, h := range list {
		fmt.Fprintf(&b, "\ngoroutine %s, which %s:\n", h.ID, h.Does)
		for _, c := range h.Calls {
			fmt.Fprintf(&b, "  %s\n", c)
		}
	}
	return b.String()
}

// explain says what a goroutine that holds a UI thread is doing, and what to do about it.
func explain(b *strings.Builder, h held.Holder) {
	in := ""
	if h.Task != "" && h.Task != h.In {
		in = ", called by " + h.Task + ","
	}
	fmt.Fprintf(b, "%s%s %s.\n", h.Title(), in, h.Does)
	for _, why := range h.Why {
		fmt.Fprintf(b, "  %s\n", why)
	}
	fmt.Fprintf(b, "  %s.\n", h.Remedy)
}

// With more goroutines than crowded, a dump does not look at their stacks.
const crowded = 20_000

// Full is String with the facts that only the stacks of all goroutines show: where the functions
// off the UI thread stand, what they wait for, and who waits in guest.CallOnMain. It stops the
// program for some microseconds for each goroutine. Any goroutine. Never waits.
func (s *Snapshot) Full() string {
	if runtime.NumGoroutine() > crowded {
		return s.String()
	}
	d := held.Now()
	text := s.text(func(w Work) []string {
		if !w.Begun {
			return nil
		}
		return standing(d, w.Func)
	})
	for _, h := range d.Callers() {
		text += fmt.Sprintf("%s waits for a UI thread in guest.CallOnMain\n", h.Title())
	}
	return text
}

// standing says where the goroutines stand that run a function. If several goroutines run the
// same function, nothing tells which one belongs to which task.
func standing(d *held.Dump, function string) (lines []string) {
	list := d.Running(function)
	for i, h := range list {
		if i == few {
			return append(lines, fmt.Sprintf("%d more that run it", len(list)-i))
		}
		lines = append(lines, fmt.Sprintf("%s %s", h.Title(), h.Does))
		for _, why := range h.Why {
			lines = append(lines, "  "+why)
		}
	}
	return lines
}

// few is how many goroutines are shown that run the same function.
const few = 3
