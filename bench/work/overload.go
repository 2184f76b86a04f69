package work

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Overload is the workload in which goroutines post more than the UI thread can run. In the
// samples, each of Meanwhile is a separate workload, such as "overload-yield", and each operation
// is a sample.
const Overload = "overload"

// Meanwhile lists the operations that are measured under overload.
var Meanwhile = []string{"yield", "sleep", "late", "click", "cancel", "child"}

// Patience is how long each operation may take. A longer one counts as Patience.
const Patience = 5 * time.Second

// An overloader runs eight goroutines that post without a pause. They stop while more than a
// million posts wait, because the test is not about memory.
type overloader struct {
	waiting atomic.Int64
	over    atomic.Bool
	wg      sync.WaitGroup
}

func (o *overloader) start(post func(fn func()), each time.Duration) {
	one := func() {
		o.waiting.Add(-1)
		if each == 0 {
			return
		}
		for began := time.Now(); time.Since(began) < each && !o.over.Load(); {
		}
	}
	for range 8 {
		o.wg.Go(func() {
			for !o.over.Load() {
				if o.waiting.Load() > 1_000_000 {
					runtime.Gosched()
					continue
				}
				o.waiting.Add(1)
				post(one)
			}
		})
	}
}

func (o *overloader) stop() { o.over.Store(true); o.wg.Wait() }

// overloaded measures all operations of the contender at the same time, for about a span. It
// waits for longer ones, at most for Patience. The overload continues until stop is called. It
// returns false if the contender can do none of the operations.
func overloaded(c *Contender, each, span, patience time.Duration) (took map[string][]time.Duration, stop func(), ok bool) {
	if c.Post == nil || c.Meanwhile == nil {
		return nil, nil, false
	}
	meters := map[string]*Meter{}
	for _, what := range Meanwhile {
		meters[what] = newMeter(patience)
		if what == "late" {
			meters[what].due = pause
		}
		c.Meanwhile[what](meters[what]) // before the load, or it might never begin
	}
	var load overloader
	load.start(c.Post, each)
	time.Sleep(span / 8) // until posts wait, even if they arrive slowly
	for _, m := range meters {
		m.loaded()
	}
	time.Sleep(span)
	took = map[string][]time.Duration{}
	for _, m := range meters {
		m.stop() // all, before waiting for any
	}
	for what, m := range meters {
		took[what] = m.times()
	}
	return took, load.stop, true
}

// reportOverload reports each time to the driver.
func reportOverload(c *Contender, item Item) (ok bool) {
	each, span := time.Duration(item.Param)*time.Millisecond, time.Duration(item.Millis)*time.Millisecond
	all, _, ok := overloaded(c, each, span, Patience)
	for what, took := range all {
		for _, t := range took {
			Report(Sample{Contender: c.Name, Workload: Overload + "-" + what, Param: item.Param, Value: float64(t)})
		}
	}
	return ok
}
