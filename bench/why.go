package main

import (
	"fmt"
	"slices"
	"strings"
)

// A reason says why peers are ahead in some workloads. The first matching reason counts. Reasons
// are written by hand, after a look at profiles. A row without one says "not explained".
type reason struct {
	peers, workloads []string
	text             string
}

var (
	stackless = []string{"b97tsk/async on fyne.Do", "gtk-rs, spawn_local"}
	posters   = []string{"channel to a locked goroutine", "golang.design/x/mainthread", "faiface/mainthread", "fyne.Do, DoAndWait", "glib.IdleAdd"}
)

var reasons = []reason{
	{stackless, []string{"switch"}, "A task of the peer has no stack. To yield, it returns from a function, and to continue, that function is called again. " +
		"Lodger changes stacks, which alone takes as long as `iter.Pull, bare`. A large number of stacks does not fit into the " +
		"processor's caches. This is the price for loops and local variables that survive a wait."},
	{stackless, []string{"park"}, "A task of the peer is an object of a few hundred bytes. A task of Lodger has a stack, which is at least 2 kB in Go, and " +
		"a record of the runtime, as a goroutine has."},
	{[]string{"Trio, guest of GLib", "asyncio, gbulb on GLib"}, []string{"park"}, "The frame of a Python coroutine is only as large as its variables. A stack in Go is at least 2 kB."},
	{stackless, []string{"spawn"}, "A task of the peer is a function in a queue, which is called once. A task of Lodger has a context, children, a " +
		"cancellation, and an end that other tasks may wait for."},
	{[]string{"glib.IdleAdd", "gtk-rs, spawn_local"}, []string{"sleep"}, "GLib's timers count milliseconds, so a thousand sleepers wake together. Lodger's sleepers wake one by one. Also, the " +
		"peer's sleepers have no stack. The system provides the memory of Lodger's stacks page by page, and the garbage collector " +
		"scans it."},
	{[]string{"b97tsk/async on fyne.Do"}, []string{"sleep"}, "A sleeping task of the peer has no stack. With a million tasks, Lodger spends half of the time on their stacks, whose " +
		"memory the system provides page by page. The garbage collector scans them and takes half of the processor time."},
	{posters, []string{"sleep"}, "The peer has no sleeping task: a timer calls a function, without a stack, and no code can cancel it or wait for it. A " +
		"task of Lodger has a stack. The system provides its memory page by page, and the garbage collector scans it. Goroutines " +
		"have these costs, too. But of a million goroutines only about 300 000 exist at the same time, because the first have " +
		"finished sleeping before the last begin. All of Lodger's tasks exist at the same time, because all ready tasks begin " +
		"before any continues."},
	{[]string{"glib.IdleAdd"}, []string{"call", "background"}, "Lodger brings each call to one depth of C callbacks, so that tasks keep running while modal dialogs are open. Each call " +
		"also is a task that may wait. Both together take one to three microseconds. While the UI thread runs Go code for this, " +
		"the runtime is late to find the goroutine that got its answer."},
	{append([]string{"b97tsk/async on fyne.Do"}, posters...), []string{"call", "call-loaded"}, "A call of the peer is a post and a channel, or a function in an executor's queue. Lodger starts a task, which may wait, " +
		"is cancelled with its caller, and passes a panic on. The row `Post and a channel` is comparable with the peer."},
	{[]string{"gtk-rs, spawn_local"}, []string{"call-loaded"}, "The peer's callers are threads, and the system lets a thread continue on another processor as soon as it has its answer. " +
		"Lodger's callers are goroutines. A goroutine with an answer first waits in the queue of the Go processor that runs the " +
		"UI thread, until another Go processor steals it. `glib.IdleAdd` in Go takes as long as Lodger."},
	{append([]string{"gtk-rs, spawn_local"}, posters...), []string{"start"}, "This is the first run of the code, and the system loads each page of the program when it is first used: about " +
		"twenty-five pages for Lodger, thirty-five in GLib, and five to ten for a channel. A second start in the same process " +
		"takes Lodger 6 µs, and 15 µs in GLib."},
	{[]string{"gtk-rs, spawn_local", "glib.IdleAdd"}, []string{"quit"}, "The peer only leaves its loop. Lodger cancels and unwinds all tasks, refuses new posts, runs the accepted ones, ends its " +
		"coroutines, and reports."},
	{posters[:3], []string{"overload"}, "The peer's queue is bounded: a goroutine that posts is blocked until there is room. So few posts wait (1024 in the " +
		"channel, 16 and 2 in the packages), and the processors are free meanwhile. Lodger accepts every post at once, and a million wait. It divides each turn of 4 " +
		"ms between them and the guest's own tasks. With one goroutine that posts, a click waits for 5 ms at p99. The rest is the " +
		"wait for a processor, because the goroutines that post never release theirs. If a post takes 2 ms, the channel's " +
		"1024 posts make everything else wait for two seconds. The few of the packages make it wait for some tens of milliseconds."},
	{[]string{"glib.IdleAdd"}, []string{"turn"}, "Lodger brings each function to one depth of C callbacks, with callbacks that do nothing, so that tasks keep running " +
		"while modal dialogs are open."},
}

// why returns the reason why peer is ahead in the workload, or "".
func why(workload, peer string) string {
	for _, r := range reasons {
		if slices.Contains(r.peers, peer) && slices.Contains(r.workloads, workload) {
			return r.text
		}
	}
	return ""
}

// A loss is a row of Lodger that is worse than a peer's.
type loss struct {
	what, ours, peer string
	ratio            spread
	why              string
}

// markdownOf writes the losses as a table, and below it each reason once.
func markdownOf(losses []loss) string {
	if len(losses) == 0 {
		return "Nowhere.\n"
	}
	var b strings.Builder
	b.WriteString("| | Lodger | the peer | Lodger, × the peer | why |\n|---|---|---|--:|---|\n")
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
