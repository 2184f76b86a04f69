package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golodger/lodger/bench/work"
)

// The table of overload differs from the others: it shows the worst cases and not only the median.

const overloadTitle = "Fairness under overload"

const overloadText = `Eight goroutines post without a pause. They stop only while a million posts are waiting. At the same time, the following is done again and again.
Each field says how long it took: **p50 / p99 / worst**, or one number if all three are equal. More than five seconds is "> 5 s". A contender that lets anything wait that long is not
measured again in later rounds.

- Yield: a task yields once. Contenders without tasks use a function that posts its next step. If the queue is bounded, a goroutine posts it.
- Sleep(0): the same with a sleep of no time. Contenders without tasks use a timer that posts, and in GLib a timeout.
- late: how late a sleep of 1 ms ends.
- click: a function is given to the toolkit directly, not to the guest, as an event would be. In GLib this is a source with the priority of
  events. Without a toolkit, the peers have one queue for everything. Fyne's own events do not go through the queue of ` + "`fyne.Do`" + `: for a real
  click, see "Click under flood".
- Cancel: a goroutine cancels a waiting task, until the task continues. Contenders without tasks use a context that posts when it is done.
- child: a task starts a child, cancels it and waits for it. Contenders without tasks use one more post.
`

// meanwhile names the columns, in the order of work.Meanwhile.
var meanwhile = map[string]string{"yield": "Yield", "sleep": "Sleep(0)", "late": "late", "click": "click", "cancel": "Cancel", "child": "child"}

// unloaded lists the peers that are not measured under overload, and why.
var unloaded = map[string]string{
	"gtk-rs, spawn_local":    "not measured: the load is a Go program",
	"Trio, guest of GLib":    "not measured: the load is a Go program",
	"asyncio, gbulb on GLib": "not measured: the load is a Go program",
}

// ofOverload returns the key of one operation of r under overload.
func (r row) ofOverload(what string, millis int) key {
	return key{r.house, r.contender, work.Overload + "-" + what, millis}
}

// hopeless reports whether an operation of r has waited for longer than patience.
func (s samples) hopeless(r row, millis int) bool {
	return slices.ContainsFunc(work.Meanwhile, func(what string) bool {
		t, ok := tailOf(slices.Concat(s.rounds(r.ofOverload(what, millis))...))
		return ok && t.worst >= float64(work.Patience)
	})
}

// overloads writes a table for each kind of post, and below them why fields are empty.
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

// overloaded writes the rows of the group, if any were measured.
func (g group) overloaded(s samples, millis int, b *strings.Builder, notes *[]string) {
	var rows []string
	measured := false
	for _, r := range g.rows {
		line, ok := r.overloadLine(s, millis)
		if why := unloaded[r.contender]; ok {
			measured = true
		} else if why != "" && s.has(r) {
			i := slices.Index(*notes, why)
			if i < 0 {
				i = len(*notes)
				*notes = append(*notes, why)
			}
			line = strings.Repeat(fmt.Sprintf(" – <sup>%d</sup> |", i+1), len(work.Meanwhile))
		} else {
			continue
		}
		rows = append(rows, fmt.Sprintf("| %s |", r.contender)+line)
	}
	if measured {
		fmt.Fprintf(b, "| **%s** |%s\n%s\n", g.name, strings.Repeat(" |", len(work.Meanwhile)), strings.Join(rows, "\n"))
	}
}

// overloadLine returns a field for each operation. It returns false if all are empty.
func (r row) overloadLine(s samples, millis int) (line string, any bool) {
	for _, what := range work.Meanwhile {
		if t, ok := tailOf(slices.Concat(s.rounds(r.ofOverload(what, millis))...)); ok {
			line, any = line+fmt.Sprintf(" %v |", t), true
		} else {
			line += " |"
		}
	}
	return line, any
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

// overloadLosses lists the peers that are clearly better than Lodger under overload, by the p99
// of each round, and their operations: one line for each peer and kind of post.
func overloadLosses(s samples) (list []loss) {
	for _, g := range groups {
		for _, millis := range posts {
			for _, r := range g.rows {
				if l, ok := g.overloadLoss(s, r, millis); ok && r != g.ours {
					list = append(list, l)
				}
			}
		}
	}
	return list
}

func (g group) overloadLoss(s samples, r row, millis int) (loss, bool) {
	var ahead []string
	var ratios []float64
	for _, what := range work.Meanwhile {
		of := ratiosOfTails(s.rounds(g.ours.ofOverload(what, millis)), s.rounds(r.ofOverload(what, millis)))
		if q, ok := spreadOf(of); ok && q.low > 1.05 {
			ahead, ratios = append(ahead, meanwhile[what]), append(ratios, of...)
		}
	}
	q, ok := spreadOf(ratios)
	title := fmt.Sprintf("%s, %s: %s", overloadTitle, postsOf(millis), strings.Join(ahead, ", "))
	return loss{title, g.ours.contender, r.contender, q, why(work.Overload, r.contender)}, ok
}
