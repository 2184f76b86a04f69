package inspect

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/golodger/lodger/guest/internal/held"
)

// Held says what holds a UI thread, where, and who may have to go on first: a goroutine that may
// hold the lock, for example. Below that are their stacks without arguments, or, if no line of
// the program's is found, those of all goroutines that are locked to a thread, as that of a loop
// is. The program stands still meanwhile, for some microseconds for each goroutine. Any goroutine.
// Never waits.
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

// explain says what a goroutine does that holds a UI thread, and what to do about it.
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

// crowded is how many goroutines are too many to look at their stacks for a dump.
const crowded = 20_000

// Full is String, and more that is only to be learnt from the stacks of all goroutines: where the
// functions off the UI thread stand, for what, and who waits in guest.CallOnMain. The program
// stands still meanwhile, for some microseconds for each goroutine. Any goroutine. Never waits.
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

// standing says where the goroutines stand that run a function. Several may run the same one: then
// nothing tells which of them is whose.
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

// few goroutines that run the same function are shown.
const few = 3
