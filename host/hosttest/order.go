package hosttest

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// The cases about rule 4.

func inOrder(p *probe) {
	const posters, posts = 4, 500
	p.live(func() {
		var seen finding
		t := newTally(posters * posts)
		var wg sync.WaitGroup
		for g := range posters {
			var last atomic.Int64
			last.Store(-1)
			wg.Go(func() {
				for i := range posts {
					p.threadsafe(func() {
						if before := last.Swap(int64(i)); before > int64(i) {
							seen.saw("a goroutine's function %d ran before its function %d", before, i)
						}
						t.ran(g*posts + i)
					})
					if i%8 == g {
						runtime.Gosched()
					}
				}
			})
		}
		wg.Wait()
		p.within(t.all)
		p.judge(&seen)
	})
}

func inOrderOnThread(p *probe) {
	const posts = 300
	p.live(func() {
		var seen finding
		t := newTally(posts)
		last := -1
		p.step(func() {
			for i := range posts {
				// The runs have different lengths, so that a host with two queues meets every
				// kind of change between them.
				post, how := p.threadsafe, "RunSyncSoonThreadsafe"
				if i%5 < i%7 {
					post, how = p.notThreadsafe, "RunSyncSoonNotThreadsafe"
				}
				post(func() {
					if last > i {
						seen.saw("function %d, posted with %s on the host's thread, ran after function %d; "+
							"the order must hold across both methods", i, how, last)
					}
					last = i
					t.ran(i)
				})
			}
		})
		p.within(t.all)
		p.judge(&seen)
	})
}
