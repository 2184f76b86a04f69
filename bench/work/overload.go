package work

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Overload is the workload in which goroutines post more than the UI thread can run. Each of
// Meanwhile is a workload of its own in the samples, "overload-yield" and so on, and each time
// that it was done is a sample.
const Overload = "overload"

// Meanwhile are the things that are measured under overload.
var Meanwhile = []string{"yield", "sleep", "late", "click", "cancel", "child"}

// Patience is how long each of them may take. What takes longer counts as Patience.
const Patience = 5 * time.Second

// An overloader is eight goroutines that post without a pause, as long as no more than a million
// posts wait: memory is not the point.
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

// overloaded measures everything that the contender can do meanwhile, all at the same time, for
// about a span: what lasts longer is waited for, as long as there is patience. The overload goes
// on until stop is called. false: the contender can do none of it.
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
		c.Meanwhile[what](meters[what]) // before the load, or it would not come to begin
	}
	var load overloader
	load.start(c.Post, each)
	time.Sleep(span / 8) // until posts wait, even where they are slow to come
	for _, m := range meters {
		m.loaded()
	}
	time.Sleep(span)
	took = map[string][]time.Duration{}
	for _, m := range meters {
		m.stop() // all, before any is waited for
	}
	for what, m := range meters {
		took[what] = m.times()
	}
	return took, load.stop, true
}

// reportOverload says each time to the driver.
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
