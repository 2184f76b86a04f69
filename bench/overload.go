package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golodger/lodger/bench/work"
)

// The table of overload is unlike the others: what counts is not the median, but what happens at
// worst.

const overloadTitle = "Fairness under overload"

const overloadText = `Eight goroutines post without a pause, as long as no more than a million posts wait. Meanwhile other things are done, all at
the same time and again and again: each field says how long that took, **p50 / p99 / worst**. What is not answered in five seconds is "> 5 s",
and who needs so long for anything is not measured again in later rounds.

- Yield: a task gives way once. What has no tasks posts its next step; behind a bounded queue a goroutine does.
- Sleep(0): the same by the clock. Today's way is a timer that posts; in GLib a timeout.
- late: how late a sleep of 1 ms ends.
- click: a function is given to the toolkit itself, past the guest, as an event comes; in GLib today's way is a source with the priority of
  events. Without a toolkit there is just one queue. Fyne's own events do not go through the queue of ` + "`fyne.Do`" + `: see Click under flood.
- Cancel: a goroutine cancels, until the task goes on. Today's way is a context whose end posts.
- child: a task starts a child, cancels it and waits for it. Today's way is one more post.
`

// meanwhile names the columns, as work.Meanwhile has them.
var meanwhile = map[string]string{"yield": "Yield", "sleep": "Sleep(0)", "late": "late", "click": "click", "cancel": "Cancel", "child": "child"}

// unloaded are the peers that nobody overloads, and why.
var unloaded = map[string]string{
	"gtk-rs, spawn_local":    "not measured: the load is written in Go",
	"Trio, guest of GLib":    "not measured: the load is written in Go",
	"asyncio, gbulb on GLib": "not measured: the load is written in Go",
}

// ofOverload is the key of a thing that r does meanwhile.
func (r row) ofOverload(what string, millis int) key {
	return key{r.house, r.contender, work.Overload + "-" + what, millis}
}

// hopeless reports whether something took r longer than anybody has patience.
func (s samples) hopeless(r row, millis int) bool {
	return slices.ContainsFunc(work.Meanwhile, func(what string) bool {
		t, ok := tailOf(slices.Concat(s.rounds(r.ofOverload(what, millis))...))
		return ok && t.worst >= float64(work.Patience)
	})
}

// A tail is what a distribution is at its end.
type tail struct{ p50, p99, worst float64 }

func tailOf(values []float64) (t tail, ok bool) {
	if len(values) == 0 {
		return t, false
	}
	sorted := slices.Sorted(slices.Values(values))
	// of few, the p99 is the worst
	at := func(hundredths int) float64 { return sorted[(len(sorted)*hundredths+99)/100-1] }
	return tail{at(50), at(99), at(100)}, true
}

func (t tail) String() string {
	if patient(t.p50) == patient(t.worst) {
		return patient(t.worst)
	}
	return fmt.Sprintf("%s / %s / %s", patient(t.p50), patient(t.p99), patient(t.worst))
}

// patient writes a time that somebody has waited for.
func patient(x float64) string {
	if x >= float64(work.Patience) {
		return "> 5 s"
	}
	return nanos(x)
}

// overloads writes a table for each kind of post, and below them why some fields are empty.
func overloads(s samples) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n%s\n", overloadTitle, overloadText)
	var notes []string
	for _, millis := range posts {
		fmt.Fprintf(&b, "| %s |", postsOf(millis))
		for _, what := range work.Meanwhile {
			fmt.Fprintf(&b, " %s |", meanwhile[what])
		}
		b.WriteString("\n|---|" + strings.Repeat("--:|", len(work.Meanwhile)) + "\n")
		for _, g := range groups {
			g.overloaded(s, millis, &b, &notes)
		}
		b.WriteString("\n")
	}
	for i, why := range notes {
		fmt.Fprintf(&b, "<sup>%d</sup> %s.\n", i+1, why)
	}
	return b.String()
}

func postsOf(millis int) string {
	if millis == 0 {
		return "posts that do nothing"
	}
	return fmt.Sprintf("posts of %d ms", millis)
}

// overloaded writes the rows of the group, if it has any.
func (g group) overloaded(s samples, millis int, b *strings.Builder, notes *[]string) {
	var rows []string
	measured := false
	for _, r := range g.rows {
		why := unloaded[r.contender]
		if why != "" && s.has(r) {
			i := slices.Index(*notes, why)
			if i < 0 {
				i = len(*notes)
				*notes = append(*notes, why)
			}
			rows = append(rows, fmt.Sprintf("| %s |", r.contender)+strings.Repeat(fmt.Sprintf(" – <sup>%d</sup> |", i+1), len(work.Meanwhile)))
		}
		line, any := fmt.Sprintf("| %s |", r.contender), false
		for _, what := range work.Meanwhile {
			t, ok := tailOf(slices.Concat(s.rounds(r.ofOverload(what, millis))...))
			if any = any || ok; ok {
				line += fmt.Sprintf(" %v |", t)
			} else {
				line += " |"
			}
		}
		if any {
			rows, measured = append(rows, line), true
		}
	}
	if measured {
		fmt.Fprintf(b, "| **%s** |%s\n%s\n", g.name, strings.Repeat(" |", len(work.Meanwhile)), strings.Join(rows, "\n"))
	}
}

// has reports whether anything was measured of r.
func (s samples) has(r row) bool {
	for k := range s {
		if k.house == r.house && k.contender == r.contender {
			return true
		}
	}
	return false
}

// overloadLosses lists the peers that do clearly better than ours under overload, by the p99 of
// each round, and in what: one line for a peer and a kind of post.
func overloadLosses(s samples) (list []loss) {
	for _, g := range groups {
		for _, millis := range posts {
			for _, r := range g.rows {
				if r == g.ours {
					continue
				}
				var ahead []string
				var ratios []float64
				for _, what := range work.Meanwhile {
					of := ratiosOfTails(s.rounds(g.ours.ofOverload(what, millis)), s.rounds(r.ofOverload(what, millis)))
					if q, ok := spreadOf(of); ok && q.low > 1.05 {
						ahead, ratios = append(ahead, meanwhile[what]), append(ratios, of...)
					}
				}
				if q, ok := spreadOf(ratios); ok {
					title := fmt.Sprintf("%s, %s: %s", overloadTitle, postsOf(millis), strings.Join(ahead, ", "))
					list = append(list, loss{title, g.ours.contender, r.contender, q, why(work.Overload, r.contender)})
				}
			}
		}
	}
	return list
}

// ratiosOfTails compares the p99 of each round.
func ratiosOfTails(ours, theirs [][]float64) (list []float64) {
	for i := range min(len(ours), len(theirs)) {
		a, ok := tailOf(ours[i])
		b, also := tailOf(theirs[i])
		if ok && also && b.p99 > 0 {
			list = append(list, a.p99/b.p99)
		}
	}
	return list
}
