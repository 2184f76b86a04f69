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

Written by ` + "`make bench`" + `. The reasons why a peer is ahead are written by hand; the figures are not. Every contender does the same work: Lodger on three of its hosts, and its peers. "Lodger on GLib" is Lodger's GTK host without a window.

How it is measured: work is divided into slices. Contenders in Go with the same main loop share a process and take turns, slice by slice,
in random order. Peers in other languages have processes of their own, and so has every contender in the tables Parked, Start and quit, and
Fairness. Processes take turns, round by round.

How to read it: a figure is the median of all slices. A ratio compares a contender with the baseline, slice by slice, and is the median of these
comparisons, with its quartiles: **0.50 (0.45–0.55)** means half of the baseline. Less is better, unless the table says otherwise. On another
machine, only the ratios mean anything.
`

// peers describes what figures do not show.
const peers = `
## The peers

| | what it is | what a figure does not show |
|---|---|---|
| fyne.Do, DoAndWait; glib.IdleAdd | the toolkit's own calls, as programs use them today | no tasks: code that waits must be cut into functions |
| channel to a locked goroutine | what programs without a toolkit write | the queue is bounded, so a function that posts may block the loop forever |
| golang.design/x/mainthread, faiface/mainthread | the same, as packages | the same |
| b97tsk/async | tasks that are functions, called again after each wait; a loop runs their executor | no stack: loops and local variables do not survive a wait. The executor runs until no task is ready, and the window is frozen meanwhile. |
| gtk-rs, spawn_local | Rust's futures in GLib's loop | no stack either: the compiler turns code that waits into a state machine |
| Trio, guest of GLib | the guest mode that Lodger's idea comes from | Python runs one thread at a time |
| asyncio, gbulb on GLib | asyncio's loop on top of GLib's | the same |
| iter.Pull, bare | Go's coroutines, resumed in turn by a loop of two lines | no scheduler: a baseline |
| goroutine, off the UI thread | Go's own goroutines | may not use widgets: a baseline |
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
	b.WriteString("\n## At a glance\n\nLodger compared with a channel, `fyne.Do` or `glib.IdleAdd`, with quartiles. Left of the line, Lodger is faster.\n\n![ratios](benchmarks/ratios.svg)\n")
	b.WriteString("\n## Where a peer is ahead\n\nThese peers use the same main loop, or the same library's loop in another language. They are ahead by more than 5 % in three slices of four (Fairness: in three of four comparisons of the 99th percentiles of whole rounds).\n\n")
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
	b.WriteString("\n## The limits of the machine\n\nThe first time is a lower limit, measured in the same run. The last column says how far above it Lodger is.\n\n")
	b.WriteString(limits(d.samples))
	b.WriteString(above)
	b.WriteString("\n## Tables\n\n")
	for _, t := range tables {
		b.WriteString(t.markdown(d.samples) + "\n")
	}
	b.WriteString(overloads(d.samples))
	return os.WriteFile(filepath.Join(dir, "benchmarks.md"), []byte(strings.TrimSpace(b.String())+"\n"), 0o644)
}

// above says what Lodger does beyond the limits.
const above = `
A ` + "`Yield`" + ` does more than a bare switch: it checks whether the code may wait here, checks for cancellation before and after, goes through the
queue and counts its budget. It also makes one return more than the bare coroutine, and after a change of stacks the processor mispredicts each
return. A round trip between goroutines does more than a bare wake-up: twice Go must find a thread for the goroutine that continues. One of the two
goroutines is locked to its thread, so Go must also hand a processor over to that thread. The peers' channels have the same costs.
`

// limits compares Lodger with what the language and the system need at least.
func limits(s samples) string {
	var b strings.Builder
	b.WriteString("| the limit | time | Lodger, on top of it | time | × limit |\n|---|--:|---|--:|--:|\n")
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
