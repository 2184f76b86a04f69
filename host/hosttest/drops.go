package hosttest

import (
	"runtime"
	"weak"
)

// The cases about memory: a post after the end is dropped, and not kept in a queue that never
// runs. That looks the same from outside, until a program has posted for a day. A host that
// never calls host.Queue.End fails here and nowhere else.

// A load is what a posted function holds. It is large enough to be collected by itself.
type load [64]byte

// dropsAfterEnd posts to a loop that DoneCallback has ended.
func dropsAfterEnd(p *probe) {
	p.runToEnd(func() {})
	p.expectDropped("Mainloop had returned")
}

// quitThenDrops posts to a loop that the toolkit's own quit has ended.
func quitThenDrops(p *probe) {
	p.quit()
	p.expectDropped("the toolkit had quit")
}

// expectDropped posts to a loop that has ended, and gives the verdict whether the host still
// holds what it was given.
func (p *probe) expectDropped(end string) {
	p.deadline("a call, after %s, did not return within %v", end, p.patience)
	const posts = 1000
	var loads []weak.Pointer[load]
	for range posts / 2 {
		p.both(func(post func(func()), _ string) { loads = append(loads, postLoad(post)) })
	}
	// A few may be held by what still runs: a wake-up, a timer.
	if held := alive(loads); held > posts/10 {
		p.fail("the host holds %d of %d functions that were posted after %s, and will for ever. "+
			"With a host.Queue: call End when the loop ends, also when it ends by itself", held, posts, end)
	}
	runtime.KeepAlive(p) // and so the host
	p.pass()
}

// postLoad posts a function that holds a load.
func postLoad(post func(func())) weak.Pointer[load] {
	l := new(load)
	post(func() { l[0]++ })
	return weak.Make(l)
}

// alive collects garbage, and counts the loads that are left.
func alive(loads []weak.Pointer[load]) (n int) {
	runtime.GC()
	for _, l := range loads {
		if l.Value() != nil {
			n++
		}
	}
	return n
}
