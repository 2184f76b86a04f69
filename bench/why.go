package main

import (
	"fmt"
	"slices"
	"strings"
)

// A reason says why peers are ahead in some workloads; of several the first counts. Written by
// hand, after a look at profiles; what has none is said not to be explained.
type reason struct {
	peers, workloads []string
	text             string
}

var (
	stackless = []string{"b97tsk/async on fyne.Do", "gtk-rs, spawn_local"}
	posters   = []string{"channel to a locked goroutine", "golang.design/x/mainthread", "faiface/mainthread", "fyne.Do, DoAndWait", "glib.IdleAdd"}
)

var reasons = []reason{
	{stackless, []string{"switch"}, "A task has no stack there: to give way is to return from a function, and to go on is to call it again. Ours changes " +
		"stacks, which alone takes what `iter.Pull, bare` does; a crowd of stacks does not fit into the processor's caches. That is the price of loops and local variables " +
		"that live through a wait."},
	{stackless, []string{"park"}, "A task is an object of some hundred bytes there. Ours has a stack, which Go makes no smaller than 2 kB, and a record of the runtime's for " +
		"it, as a goroutine has."},
	{[]string{"Trio, guest of GLib", "asyncio, gbulb on GLib"}, []string{"park"}, "A Python coroutine has a frame that just holds its variables; Go makes no stack smaller than 2 kB."},
	{stackless, []string{"spawn"}, "A task is a function on a queue there, which is called and gone. Ours has a context, children, a cancellation and an end that anybody may wait for."},
	{[]string{"glib.IdleAdd", "gtk-rs, spawn_local"}, []string{"sleep"}, "GLib's timers count milliseconds, and so a thousand sleepers wake together; ours wake one by one. And what wakes there has no " +
		"stack, whose memory comes from the system page by page, and which the collector looks through."},
	{[]string{"b97tsk/async on fyne.Do"}, []string{"sleep"}, "A task that sleeps has no stack there. Of a million of ours, half the time goes into their stacks, whose memory comes from the system " +
		"page by page, and half of the processor's into the collector, which looks through them."},
	{posters, []string{"sleep"}, "No task sleeps there: a timer calls a function, without a stack, that nobody can cancel or wait for. A sleeper of ours has a stack, whose " +
		"memory comes from the system page by page, and which the collector looks through. Goroutines have that, too, but of a million of them some 300 000 exist at " +
		"a time, since the first have slept before the last begin; of ours all do, since all that is ready begins before anything goes on."},
	{[]string{"glib.IdleAdd"}, []string{"call", "background"}, "Ours is led to one depth of C callbacks, so that tasks live through modal dialogs, and is a task that may wait and has an end: one to " +
		"three microseconds. While the UI thread is in Go for that, the runtime is late to find the goroutine that has been answered."},
	{append([]string{"b97tsk/async on fyne.Do"}, posters...), []string{"call", "call-loaded"}, "A call there is a post and a channel, or a function on an executor's queue. " +
		"Ours starts a task, which may wait, is cancelled with its caller and hands over a panic; what is comparable is the row `Post and a channel`."},
	{[]string{"gtk-rs, spawn_local"}, []string{"call-loaded"}, "The callers are threads there, and the system lets the one that is answered go on at once, on another processor. Ours are goroutines: who " +
		"is answered stands in line at the processor of Go's on which the UI thread computes, until another takes him over. `glib.IdleAdd` in Go takes as long as ours."},
	{append([]string{"gtk-rs, spawn_local"}, posters...), []string{"start"}, "It is the first run of the code, and the system brings each page of the program in when it is first touched: " +
		"some twenty-five pages of ours, or thirty-five in GLib; five to ten of a channel's. A second start in the same process takes us 6 µs, and 15 µs in GLib."},
	{[]string{"gtk-rs, spawn_local"}, []string{"quit"}, "Its loop is just left. Ours cancels and unwinds all tasks, refuses posts and runs those accepted, ends its coroutines, and reports."},
	{posters[:3], []string{"overload"}, "The queue is bounded there: a goroutine that posts stands still until there is room. So at most a thousand posts wait, and the processors are free " +
		"meanwhile. Ours takes every post at once, and a million wait; each turn of 4 ms is divided between them and the guest's own. With one goroutine that posts, a click waits for 5 ms " +
		"at p99. The rest is the wait for a processor, which the goroutines that post never leave. Where a post takes 2 ms, a thousand of " +
		"them make everything else wait for two seconds."},
	{[]string{"glib.IdleAdd"}, []string{"turn"}, "Each function of ours is led to one depth of C callbacks, by callbacks that do nothing, so that tasks go on while modal dialogs are open."},
}

// why returns the reason for which peer is ahead in the workload, or "".
func why(workload, peer string) string {
	for _, r := range reasons {
		if slices.Contains(r.peers, peer) && slices.Contains(r.workloads, workload) {
			return r.text
		}
	}
	return ""
}

// A loss is a row of ours that a peer is ahead of.
type loss struct {
	what, ours, peer string
	ratio            spread
	why              string
}

// markdownOf writes the losses as a table, and below it why, each reason once.
func markdownOf(losses []loss) string {
	if len(losses) == 0 {
		return "Nowhere.\n"
	}
	var b strings.Builder
	b.WriteString("| | ours | the peer | ours, × the peer | why |\n|---|---|---|--:|---|\n")
	var texts []string
	for _, l := range losses {
		number := "not explained"
		if l.why != "" {
			i := slices.Index(texts, l.why)
			if i < 0 {
				i = len(texts)
				texts = append(texts, l.why)
			}
			number = fmt.Sprint(i + 1)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", l.what, l.ours, l.peer, l.ratio, number)
	}
	if len(texts) > 0 {
		b.WriteString("\n### Why a peer is ahead\n\n")
		for i, text := range texts {
			fmt.Fprintf(&b, "%d. %s\n", i+1, text)
		}
	}
	return b.String()
}
