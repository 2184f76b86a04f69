package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/machines"
)

// A progress prints from time to time how far a search is, and what each agent is doing.
type progress struct {
	to   io.Writer
	off  bool
	last time.Duration
}

const progressEvery = time.Second

func (p *progress) show(m *finder.Model, r *machines.Roster, shares []string) {
	if p.off || m.Phase == finder.Finished || m.Elapsed-p.last < progressEvery {
		return
	}
	p.last = m.Elapsed
	fmt.Fprintf(p.to, "%s; %s\n", m.Line(), agents(r, shares))
}

// agents describes up to five agents, and counts the others. It also says what the search waits
// for.
func agents(r *machines.Roster, shares []string) string {
	var words []string
	for i, a := range r.Agents() {
		if i == 5 {
			words = append(words, fmt.Sprint("and ", len(r.Agents())-i, " more"))
			break
		}
		words = append(words, fmt.Sprintf("%s (process %d) %s", a.Agent, a.PID, a.Line()))
	}
	if missing := r.Missing(shares); missing != "" {
		words = append(words, missing)
	}
	return strings.Join(words, ", ")
}
