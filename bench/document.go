package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A document is docs/benchmarks.md.
type document struct {
	samples samples
	machine []string
	size    size
	took    time.Duration
}

const opening = `# Benchmarks

Written by ` + "`make bench`" + `, which repeats it anywhere; nothing here is written by hand. The same work is done by Lodger on each of its hosts
and by its peers. Contenders that live in the same loop share a process and take turns, in any order, slice by slice; processes take turns,
round by round. A figure is the median of all slices. A ratio is the median of the ratios of slices, in one process of those measured side
by side, in two of those at the same place in the same round, and stands between its quartiles: **0.50 (0.45–0.55)** means half the baseline,
and the less the better, unless it says otherwise. Only ratios mean anything on another machine.
`

// peers says what cannot be seen in figures.
const peers = `
## The peers

| | what it is | what a figure does not show |
|---|---|---|
| fyne.Do, DoAndWait; glib.IdleAdd | the toolkit's own way, today's | no tasks: what waits is cut into functions |
| channel to a locked goroutine | what programs without a toolkit write | the queue is bounded: a function that posts may stop the loop for ever |
| golang.design/x/mainthread, faiface/mainthread | the same, as packages | likewise |
| b97tsk/async | tasks that are functions, called again after each wait, with an executor that a loop runs | no stack: neither a loop nor a local variable lives through a wait; the executor runs until nothing is ready, and the window stands still meanwhile |
| gtk-rs, spawn_local | Rust's futures in GLib's loop | no stack either: the compiler makes a state machine of what waits |
| Trio, guest of GLib | the guest mode that Lodger learnt from | one thread at a time in all of Python |
| asyncio, gbulb on GLib | asyncio's loop, made of GLib's | likewise |
| iter.Pull, bare | Go's coroutines, resumed in turn by a loop of two lines | nothing that schedules: a baseline |
| goroutine, off the UI thread | Go's own tasks | may not touch a widget: a baseline |
`

func (d document) write(dir string) error {
	var b strings.Builder
	b.WriteString(opening + "\n")
	for _, line := range d.machine {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	fmt.Fprintf(&b, "- Peers: %s\n", strings.Join(versions(), "; "))
	fmt.Fprintf(&b, "- Run: %s, %d rounds, %v\n", d.size.name, d.size.rounds, d.took.Round(time.Second))
	for _, h := range houses {
		if h.missing != nil {
			first, _, _ := strings.Cut(h.missing.Error(), "\n")
			fmt.Fprintf(&b, "- **Missing: %s** (%s)\n", h.name, first)
		}
	}
	b.WriteString(peers)
	b.WriteString("\n## At a glance\n\nLodger beside today's way of the same toolkit, with quartiles; left of the line it is faster.\n\n![ratios](benchmarks/ratios.svg)\n")
	b.WriteString("\n## Where a peer is ahead\n\nIn the same loop, or in another language the same library's: by more than a twentieth, in three slices of four.\n\n")
	var ahead []loss
	for _, t := range tables {
		ahead = append(ahead, t.losses(d.samples)...)
	}
	ahead = append(ahead, overloadLosses(d.samples)...)
	b.WriteString(markdownOf(ahead))
	b.WriteString("\n## How cost grows\n\n")
	for _, p := range growths {
		fmt.Fprintf(&b, "![%s](benchmarks/%s.svg)\n", p.title, p.file)
	}
	b.WriteString("\n## The limits of the machine\n\nWhat nobody can beat, measured in the same run, and how far from it we are.\n\n")
	b.WriteString(limits(d.samples))
	b.WriteString(above)
	b.WriteString("\n## Tables\n\n")
	for _, t := range tables {
		b.WriteString(t.markdown(d.samples) + "\n")
	}
	b.WriteString(overloads(d.samples))
	return os.WriteFile(filepath.Join(dir, "benchmarks.md"), []byte(strings.TrimSpace(b.String())+"\n"), 0o644)
}

// above says what lies between the limits and ours.
const above = `
Above a bare switch, ` + "`Yield`" + ` asks whether a task may wait here, looks at the cancellation before and after, goes through the queue, counts its budget, and
returns once more than the bare coroutine: after a change of stacks the processor guesses each return wrong. Above a bare wake-up, a round trip
of goroutines has Go find a thread for whoever goes on, twice; one of the two is locked to its thread, and a processor of Go's has to be handed over to it.
The peers' channels pay for the same.
`

// limits compares ours with what the language and the system need at least.
func limits(s samples) string {
	var b strings.Builder
	b.WriteString("| the limit | takes | ours, on top of it | takes | × limit |\n|---|--:|---|--:|--:|\n")
	line := func(what string, limit key, ours string, of key) {
		l, ok := s.spread(limit)
		m, also := s.spread(of)
		q, _ := s.ratio(of, limit)
		if ok && also {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", what, nanos(l.median), ours, nanos(m.median), q)
		}
	}
	for _, n := range tasks[:2] {
		line(fmt.Sprintf("a bare coroutine switch on a locked thread, %d in turn", n), key{"plain", coroutine, "switch", n},
			fmt.Sprintf("`Yield`, %d tasks, headless", n), key{"plain", oursHeadless, "switch", n})
	}
	for _, by := range []string{"futex", "eventfd"} {
		for _, ours := range []row{{"glib", oursGLib + postsAndChannel}, {"plain", oursHeadless + postsAndChannel}} {
			line("two threads in C wake each other, there and back, by "+by, key{"glib", "two threads in C, " + by, "call", 0},
				"round trip: "+ours.contender, key{ours.house, ours.contender, "call", 0})
		}
	}
	line("GLib dispatches a source in C that does nothing", key{"glib", "GSource in C, bare", "turn", 0},
		"a turn of the GLib host", key{"glib", oursGLib, "turn", 0})
	return b.String()
}
