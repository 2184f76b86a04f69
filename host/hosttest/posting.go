package hosttest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/host"
)

// The cases about single posts: what the call may do, and what happens to the function.

func neverInline(p *probe) {
	p.live(func() {
		var seen finding
		p.returns(func() {
			for range 20 {
				p.threadsafe(func() {
					if belowPosting() {
						seen.saw("a function posted from another goroutine ran on that goroutine, inside the call")
					}
				})
				time.Sleep(time.Millisecond) // so some calls meet an idle loop, others a busy one
			}
		})
		p.inLoop(func() {})
		p.judge(&seen)
	})
}

func neverInlineOnThread(p *probe) {
	var seen finding
	try := func(where string) {
		p.both(func(post func(func()), name string) {
			post(func() {
				if belowPosting() {
					seen.saw("%s, called on the host's thread in %s, ran its function inside the call", name, where)
				}
			})
		})
	}
	p.live(func() {
		p.inLoop(func() {
			if p.onThread() {
				try("a posted function")
			}
		})
		p.inLoop(func() {})
		p.judge(&seen)
	}, func() { try("startGuest") })
}

func postingNeverPanics(p *probe) {
	fromThread := func() {
		if p.onThread() {
			for range 10 {
				p.both(func(post func(func()), _ string) { post(func() {}) })
			}
		}
	}
	p.live(func() {
		var wg sync.WaitGroup
		p.returns(func() {
			for range 4 {
				wg.Go(func() {
					for range 100 {
						p.threadsafe(func() {})
					}
				})
			}
			wg.Wait()
		})
		p.inLoop(fromThread)
		if text := p.panicked.Load(); text != nil {
			p.fail("a call panicked: %s", *text)
		}
		p.pass()
	}, fromThread)
}

func postingNeverBlocks(p *probe) {
	// More posts than bytes fit into a pipe, since a host may write a byte for each call. But
	// the case takes no longer than enough.
	posts, enough := int64(p.flood), 2*time.Second
	var posted atomic.Int64
	flood := func(post func(func())) {
		for begin := time.Now(); posted.Load() < posts && time.Since(begin) < enough; posted.Add(1) {
			post(func() {})
		}
	}
	// A slow call is not a blocked one: what counts is that calls keep returning.
	moves := func(done <-chan struct{}) bool {
		for last := int64(-1); !p.within(done); {
			now := posted.Load()
			if now == last {
				return false
			}
			last = now
		}
		return true
	}
	p.live(func() {
		begun, release := make(chan struct{}), make(chan struct{})
		go p.inLoop(func() { close(begun); <-release })
		p.within(begun) // if it never begins, calls to an idle loop must not block either
		done := make(chan struct{})
		go func() { defer close(done); flood(p.threadsafe) }()
		if !moves(done) {
			p.fail("while the loop was busy in a long function, call %d of RunSyncSoonThreadsafe from another goroutine "+
				"did not return within %v", posted.Load()+1, p.patience)
		}
		close(release)

		var started atomic.Bool
		var where atomic.Pointer[string]
		done = make(chan struct{})
		go p.inLoop(func() {
			defer close(done)
			if !p.onThread() {
				return
			}
			started.Store(true)
			p.both(func(post func(func()), name string) {
				where.Store(&name)
				posted.Store(0)
				flood(post)
			})
		})
		if !moves(done) && started.Load() {
			p.fail("call %d of %s on the host's own thread did not return within %v",
				posted.Load()+1, *where.Load(), p.patience)
		}
		p.pass()
	})
}

func neverLost(p *probe) {
	const posters, posts = 8, 250
	p.live(func() {
		t := newTally(posters * posts)
		var wg sync.WaitGroup
		for g := range posters {
			wg.Go(func() {
				for i := range posts {
					p.threadsafe(func() { t.ran(g*posts + i) })
					if i%50 == g {
						time.Sleep(time.Millisecond)
					}
				}
			})
		}
		wg.Wait()
		p.expectAll(t, "posted with RunSyncSoonThreadsafe from other goroutines")
	}, p.keepAwake)
}

func neverLostAtStart(p *probe) {
	t := newTally(20)
	p.live(func() {
		p.expectAll(t, "posted with both methods by startGuest")
	}, func() {
		for i := range 10 {
			p.threadsafe(func() { t.ran(i) })
			p.notThreadsafe(func() { t.ran(10 + i) })
		}
	}, p.keepAwake)
}

func neverLostOnThread(p *probe) {
	const posts = 200
	t := newTally(3 * posts)
	var link func(i int) // each function of the chain posts the next one
	var reached atomic.Int64
	link = func(i int) {
		if i == posts || !reached.CompareAndSwap(int64(i), int64(i+1)) {
			return
		}
		t.ran(2*posts + i)
		post := p.threadsafe
		if i%2 == 0 {
			post = p.notThreadsafe
		}
		post(func() { link(i + 1) })
	}
	p.live(func() {
		p.inLoop(func() {
			for i := range posts {
				p.threadsafe(func() { t.ran(i) })
				p.notThreadsafe(func() { t.ran(posts + i) })
			}
			link(0)
		})
		p.expectAll(t, "posted with both methods by a function on the host's thread")
	}, p.keepAwake)
}

// expectAll passes the case if all functions ran, and fails it otherwise.
func (p *probe) expectAll(t *tally, how string) {
	if !p.poked(t.all) {
		p.fail("%d of %d functions, %s, did not run within %v", t.lost(), len(t.runs), how, p.patience)
	}
	p.pass()
}

func oneThread(p *probe) {
	var seen finding
	look := func(how string) {
		if !p.onThread() {
			seen.saw("a function posted %s ran on thread %d; Mainloop was called on thread %d", how, host.CurrentThread(), p.thread)
		}
	}
	p.live(func() {
		t := newTally(100)
		var wg sync.WaitGroup
		for i := range len(t.runs) {
			wg.Go(func() {
				p.threadsafe(func() { look("from another goroutine"); t.ran(i) })
			})
		}
		wg.Wait()
		p.poked(t.all)

		here := newTally(100)
		p.inLoop(func() {
			for i := range len(here.runs) / 2 {
				if p.onThread() {
					p.threadsafe(func() { look("with RunSyncSoonThreadsafe on the host's thread"); here.ran(2 * i) })
					p.notThreadsafe(func() { look("with RunSyncSoonNotThreadsafe"); here.ran(2*i + 1) })
				}
			}
		})
		// Another case checks for functions that don't run.
		select {
		case <-here.all:
		case <-time.After(moment):
		}
		if p.kit.ownGoroutine {
			p.tempt(func() { look("to an idle loop") })
		}
		p.judge(&seen)
	}, p.keepAwake)
}

// tempt gives a loop on its own goroutine reasons to change its thread. If the host does not
// lock the goroutine, it often continues after a sleep on the thread of the goroutine that woke
// it.
func (p *probe) tempt(look func()) {
	for range 50 {
		ran := make(chan struct{})
		p.threadsafe(func() {
			for range 3 {
				look()
				woken := make(chan struct{})
				go close(woken)
				<-woken
				time.Sleep(50 * time.Microsecond)
			}
			close(ran)
		})
		select {
		case <-ran:
		case <-time.After(moment):
			return
		}
	}
}

func atMostOnce(p *probe) {
	const posters, posts = 4, 100
	t := newTally((posters + 2) * posts)
	p.live(func() {
		var wg sync.WaitGroup
		for g := range posters {
			wg.Go(func() {
				for i := range posts {
					p.threadsafe(func() { t.ran(g*posts + i) })
				}
			})
		}
		wg.Wait()
		p.inLoop(func() {
			for i := range posts {
				p.threadsafe(func() { t.ran(posters*posts + i) })
				p.notThreadsafe(func() { t.ran((posters+1)*posts + i) })
			}
		})
		p.poked(t.all)
		time.Sleep(moment) // time for functions that run again
		p.inLoop(func() {})
		if n := t.repeated(); n > 0 {
			p.fail("%d of %d functions ran more than once", n, len(t.runs))
		}
		p.pass()
	}, p.keepAwake)
}

func wakesUpWhenIdle(p *probe) {
	p.live(func() {
		for i := range 400 {
			// Different lengths, so that some calls come while the loop is about to fall asleep.
			pause := time.Duration(i%8) * 150 * time.Microsecond
			time.Sleep(pause)
			ran := make(chan struct{})
			p.threadsafe(func() { close(ran) })
			if !p.within(ran) {
				p.fail("the loop had nothing to do for %v; then function %d was posted and did not run within %v", pause, i+1, p.patience)
			}
		}
		p.pass()
	})
}
