package guest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Report says how a guest ended.
type Report struct {
	Err error // main's error, or what else ended the guest; nil if it went well

	Cancelled []Tally // tasks that were cancelled because the guest ended
	// background functions that did not heed their cancellation, and may still run
	Abandoned []Tally
	Leaked    []Tally // tasks that could not be unwound: their deferred calls have not run
	// posted functions that were accepted and could not be run; 0 unless tasks were leaked
	Dropped int
}

// A Tally counts tasks or functions by the name of their function.
type Tally struct {
	Name string
	N    int
}

// String gives a line for each kind that is not empty.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "err: %v", r.Err)
	for _, part := range []struct {
		what string
		list []Tally
	}{{"cancelled", r.Cancelled}, {"abandoned", r.Abandoned}, {"leaked", r.Leaked}} {
		if len(part.list) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s:", part.what)
		for i, t := range part.list {
			if i > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, " %d × %s", t.N, t.Name)
		}
	}
	if r.Dropped > 0 {
		fmt.Fprintf(&b, "\ndropped: %d posted functions", r.Dropped)
	}
	return b.String()
}

// An endTally is what the end of a guest counts for its report. UI thread only.
type endTally struct {
	cancelled, abandoned, leaked tally
	dropped                      int
}

// A tally counts by function while the guest ends; names are made once, for the report.
type tally map[uintptr]int

func (t *tally) count(pc uintptr) {
	if *t == nil {
		*t = make(tally)
	}
	(*t)[pc]++
}

func (t tally) list() []Tally {
	list := make([]Tally, 0, len(t))
	for pc, n := range t {
		list = append(list, Tally{funcName(pc), n})
	}
	slices.SortFunc(list, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	return list
}

func (t tally) names() []string {
	names := []string{}
	for _, l := range t.list() {
		names = append(names, l.Name)
	}
	return names
}

// makeReport says what the guest knows now.
func (g *Guest) makeReport(err error) Report {
	return Report{
		Err:       err,
		Cancelled: g.ending.cancelled.list(),
		Abandoned: g.ending.abandoned.list(),
		Leaked:    g.ending.leaked.list(),
		Dropped:   g.ending.dropped,
	}
}
