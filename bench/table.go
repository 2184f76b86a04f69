package main

import (
	"fmt"
	"slices"
	"strings"
)

const (
	oursHeadless = "Lodger, headless"
	oursGLib     = "Lodger on GLib"
	oursFyne     = "Lodger on Fyne"
	oursGTK      = "Lodger on GTK"
	goroutine    = "goroutine, off the UI thread"
	coroutine    = "iter.Pull, bare"
	alone        = "the window alone"
)

// A row is a contender in its house.
type row struct{ house, contender string }

// A group shares a loop, and so a baseline: ratios are within it.
type group struct {
	name   string
	ours   row
	native row // the usual call of the loop's programs
	rows   []row
}

var groups = []group{
	{"No toolkit", row{"plain", oursHeadless}, row{"plain", "channel to a locked goroutine"}, []row{
		{"plain", oursHeadless}, {"plain", oursHeadless + postsAndChannel}, {"plain", "channel to a locked goroutine"}, {"plain", "golang.design/x/mainthread"},
		{"plain", "faiface/mainthread"}, {"plain", coroutine}, {"plain", goroutine}}},
	{"Fyne", row{"fyne", oursFyne}, row{"fyne", "fyne.Do, DoAndWait"}, []row{
		{"fyne", oursFyne}, {"fyne", oursFyne + postsAndChannel}, {"fyne", "fyne.Do, DoAndWait"}, {"fyne", "b97tsk/async on fyne.Do"}, {"fyne", coroutine}, {"fyne", goroutine}, {"fyne", alone}}},
	{"GLib and GTK", row{"glib", oursGLib}, row{"glib", "glib.IdleAdd"}, []row{
		{"glib", oursGLib}, {"glib", oursGLib + postsAndChannel}, {"glib", "glib.IdleAdd"}, {"gtk", oursGTK}, {"gtk", "glib.IdleAdd"}, {"spawnlocal", "gtk-rs, spawn_local"},
		{"trio", "Trio, guest of GLib"}, {"asyncio", "asyncio, gbulb on GLib"}, {"glib", coroutine}, {"glib", goroutine}, {"gtk", alone}}},
}

// postsAndChannel marks Lodger's rows that do only what the peers do: a post, and a channel for
// the answer.
const postsAndChannel = ", Post and a channel"

// A table is one workload.
type table struct {
	title, text string
	unit        func(float64) string
	base        string // the baseline's contender; "" means the group's native row
	more        bool   // more is better
	columns     []column
}

type column struct {
	name, workload string
	param          int
}

func (c column) of(r row) key { return key{r.house, r.contender, c.workload, c.param} }

func columns(workload string, params []int, name string) (list []column) {
	for _, n := range params {
		list = append(list, column{fmt.Sprintf(name, thousands(n)), workload, n})
	}
	return list
}

var tables = []table{
	{"Switch", "Tasks yield in turn. The time is that of one switch. A contender without tasks posts a function that posts itself again. " +
		"If its queue is bounded, goroutines call functions in turn instead.", nanos, coroutine, false, columns("switch", tasks, "tasks: %s")},
	{"Spawn and join", "A hundred tasks that do nothing are started and waited for. The time is that of one task.", nanos, goroutine, false,
		[]column{{"a task", "spawn", 0}}},
	{"Post, flood", "Goroutines post 20 000 functions as fast as they can, until the last one has run. The time is that of one post. Lodger's " +
		"posts wait in the guest's queue, and the first one asks the toolkit for one wake-up for all of them.", nanos, "", false,
		columns("post", producers, "producers: %s")},
	{"Round trip", "A goroutine calls a function on the UI thread and waits for the answer. *Idle*: the loop has nothing else to do. " +
		"*Loaded*: four other goroutines keep calling functions of 20 µs. Lodger appears twice: with `CallOnMain`, which starts a " +
		"task that may wait, and with only a post and a channel.", nanos, "", false,
		[]column{{"idle", "call", 0}, {"loaded", "call-loaded", 4}}},
	{"Background", "From the UI thread to a goroutine that does nothing, and back. In other languages, to a thread.", nanos, "", false,
		[]column{{"there and back", "background", 0}}},
	{"A turn of the loop", "A function on the UI thread asks the loop to call it again. This is what a wake-up of the guest costs.", nanos, "", false,
		[]column{{"a turn", "turn", 0}}},
	{"Sleepers", "Each of N tasks sleeps for N to 2N µs, so they wake one after another. The " +
		"figure is the processor time of one task, from start to end. Contenders without tasks use a timer that posts.",
		nanos, goroutine, false, columns("sleep", sleepers, "sleepers: %s")},
	{"Parked", "The resident memory of one task that waits forever, among 100 000.", size10, goroutine, false, []column{{"a task", "park", 0}}},
	{"Frames under flood", "Frames per second of a window that is redrawn all the time. *Posts*: four goroutines post, with a thousand functions " +
		"each in the queue. *100 000 tasks*: that many tasks are always ready. More is better.", perSecond, alone, true,
		[]column{{"posts", "frames-posts", 0}, {"100 000 tasks", "frames-tasks", 0}}},
	{"Click under flood", "From a mouse click to the button's handler, during the same floods. No answer within two seconds counts as two seconds.", nanos, alone, false,
		[]column{{"posts", "click-posts", 0}, {"100 000 tasks", "click-tasks", 0}}},
	{"Start and quit", "*Start*: from the start of `main` to the first function on the UI thread. *Quit*: from the request to quit to the end of " +
		"the loop.", nanos, "", false,
		[]column{{"start", "start", 0}, {"quit", "quit", 0}}},
}

// baseline returns the row that the group's contenders are compared with.
func (t table) baseline(g group, r row) row {
	switch {
	case t.base == alone:
		return row{r.house, alone}
	case t.base != "":
		return row{g.native.house, t.base}
	case r.house == "gtk":
		return row{"gtk", g.native.contender}
	}
	return g.native
}

// markdown writes the table, and below it why fields are empty.
func (t table) markdown(s samples) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n%s\n\n| |", t.title, t.text)
	for _, c := range t.columns {
		fmt.Fprintf(&b, " %s | × baseline |", c.name)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|--:|", len(t.columns)) + "\n")
	var notes []string
	for _, g := range groups {
		rows := slices.DeleteFunc(slices.Clone(g.rows), func(r row) bool { return !t.hasRow(s, r) })
		if len(rows) > 0 {
			fmt.Fprintf(&b, "| **%s** |%s\n", g.name, strings.Repeat(" | |", len(t.columns)))
		}
		for _, r := range rows {
			fmt.Fprintf(&b, "| %s |", r.contender)
			for _, c := range t.columns {
				k := c.of(r)
				m, ok := s.spread(k)
				if !ok {
					why := t.why(c, s[k])
					i := slices.Index(notes, why)
					if i < 0 {
						i = len(notes)
						notes = append(notes, why)
					}
					fmt.Fprintf(&b, " – <sup>%d</sup> | |", i+1)
					continue
				}
				fmt.Fprintf(&b, " %s |", t.unit(m.median))
				base := t.baseline(g, r)
				if base == r {
					b.WriteString(" baseline |")
				} else if q, ok := s.ratio(k, c.of(base)); ok {
					fmt.Fprintf(&b, " %s |", q)
				} else {
					b.WriteString(" |")
				}
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("\n")
	for i, why := range notes {
		fmt.Fprintf(&b, "<sup>%d</sup> %s.\n", i+1, why)
	}
	return b.String()
}

// hasRow reports whether the table has a figure for r, or a reason why there is none.
func (t table) hasRow(s samples, r row) bool {
	return slices.ContainsFunc(t.columns, func(c column) bool { return s[c.of(r)] != nil })
}

func (t table) why(c column, found *series) string {
	switch {
	case found != nil && found.why != "":
		return found.why
	case c.workload == "sleep" && c.param == 1_000_000:
		return "a million would take too long here, or this was a quick run"
	}
	return "this many would take too long"
}

// losses lists the peers in the same loop that are clearly better than Lodger: by more than a
// twentieth in three of four slices.
func (t table) losses(s samples) (list []loss) {
	for _, g := range groups {
		for _, r := range g.rows {
			ours := g.ours
			if r.house == "gtk" {
				ours = row{"gtk", oursGTK}
			}
			if strings.HasPrefix(r.contender, "Lodger") || slices.Contains([]string{coroutine, goroutine, alone}, r.contender) {
				continue
			}
			for _, c := range t.columns {
				q, ok := s.ratio(c.of(ours), c.of(r))
				if ok && (!t.more && q.low > 1.05 || t.more && q.high < 0.95) {
					list = append(list, loss{t.title + ", " + c.name, ours.contender, r.contender, q, why(c.workload, r.contender)})
				}
			}
		}
	}
	return list
}

func (q spread) String() string {
	return fmt.Sprintf("%s (%s–%s)", times(q.median), times(q.low), times(q.high))
}

// times writes a ratio with two or three digits.
func times(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 0.1 || x == 0:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.2g", x)
}

func three(x float64, units ...string) string {
	i := 0
	for ; x >= 999.5 && i < len(units)-1; i++ {
		x /= 1000
	}
	switch {
	case x >= 99.95:
		return fmt.Sprintf("%.0f %s", x, units[i])
	case x >= 9.995:
		return fmt.Sprintf("%.1f %s", x, units[i])
	}
	return fmt.Sprintf("%.2f %s", x, units[i])
}

func nanos(x float64) string { return three(x, "ns", "µs", "ms", "s") }

func size10(x float64) string { return three(x, "B", "kB", "MB") }

func perSecond(x float64) string { return fmt.Sprintf("%.1f /s", x) }

// thousands groups digits by threes.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + " " + text[i:]
	}
	return text
}
