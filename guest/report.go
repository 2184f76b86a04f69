package guest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Report says how a guest ended. Its maps count by the name of the function; a map is nil if
// there is nothing to count.
type Report struct {
	Err error // main's error, or what else ended the guest; nil if it went well

	// tasks that were cancelled because the guest ended
	Cancelled map[string]int
	// background functions that did not heed their cancellation, and may still run
	Abandoned map[string]int
	// tasks that could not be unwound: their deferred calls have not run
	Leaked map[string]int
	// posted functions that were accepted and could not be run; 0 unless tasks were leaked
	Dropped int
}

// String gives a line for Err, and one for each other kind that is not empty.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "err: %v", r.Err)
	for _, part := range []struct {
		what string
		n    map[string]int
	}{{"cancelled", r.Cancelled}, {"abandoned", r.Abandoned}, {"leaked", r.Leaked}} {
		for i, name := range byNumber(part.n) {
			if i == 0 {
				fmt.Fprintf(&b, "\n%s:", part.what)
			} else {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, " %d × %s", part.n[name], name)
		}
	}
	if r.Dropped > 0 {
		fmt.Fprintf(&b, "\ndropped: %d posted functions", r.Dropped)
	}
	return b.String()
}

// An endTally counts what the report needs while the guest ends. UI thread only.
type endTally struct {
	cancelled, abandoned, leaked tally
	dropped                      int
}

// A tally counts by function. Names are made once, for the report.
type tally map[uintptr]int

func (t *tally) count(pc uintptr) {
	if *t == nil {
		*t = make(tally)
	}
	(*t)[pc]++
}

// named counts by name.
func (t tally) named() map[string]int {
	if len(t) == 0 {
		return nil
	}
	n := make(map[string]int, len(t))
	for pc, k := range t {
		n[funcName(pc)] += k
	}
	return n
}

func (t tally) names() []string { return byNumber(t.named()) }

// ofProgram leaves out the functions of the library.
func (t tally) ofProgram() tally {
	t = maps.Clone(t)
	maps.DeleteFunc(t, func(pc uintptr, _ int) bool { name, _ := programFunc(pc); return name == "" })
	return t
}

// byNumber returns the names, the most frequent first.
func byNumber(n map[string]int) []string {
	return slices.SortedFunc(maps.Keys(n), func(a, b string) int {
		return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b))
	})
}

// makeReport returns the current report.
func (g *Guest) makeReport(err error) Report {
	return Report{
		Err:       err,
		Cancelled: g.ending.cancelled.named(),
		Abandoned: g.ending.abandoned.named(),
		Leaked:    g.ending.leaked.named(),
		Dropped:   g.ending.dropped,
	}
}
