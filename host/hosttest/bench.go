package hosttest

import (
	"slices"
	"testing"
	"time"
)

// Two figures tell the price of a host: the hop from a goroutine to the host's thread and back,
// and the time of a post when many come at once. Each has a baseline beside it: a goroutine,
// locked to the main thread, that receives functions from a channel. The baseline is measured in
// the same way and in the same run, since only the ratio means something on shared machines.

// span is how long one child measures. It first warms up for a tenth of that.
const span = 300 * time.Millisecond

// Benchmark measures the host against a channel, in child processes whose main goroutine runs
// the loop. One iteration is one child, and the median counts, so -benchtime=5x is enough.
// TestMain must have called [Main]. Goroutine of b only. Waits.
func Benchmark(b *testing.B) {
	if why := cantRun(); why != "" {
		b.Skip(why)
	}
	s := needMain(b)
	for _, what := range []string{"hop", "flood"} {
		b.Run(what, func(b *testing.B) {
			for _, by := range []string{"host", "channel"} {
				b.Run(by, func(b *testing.B) { s.measureChild(b, "measure-"+what+"-"+by) })
			}
		})
	}
}

func (s settings) measureChild(b *testing.B, name string) {
	var figures []float64
	for range b.N {
		end := s.spawn(name)
		if state, saw := end.judge(); state != passed {
			b.Fatalf("hosttest: %s ended without a figure; run hosttest.Run first, which says why\n%s", name, saw)
		}
		figures = append(figures, end.verdict.Nanos)
	}
	// The median, because a hop takes one of two very different times: it depends on whether the
	// system lets the other core fall asleep.
	slices.Sort(figures)
	b.ReportMetric(figures[len(figures)/2], "ns/op") // instead of the time of the whole child
}

// A measurement runs on the main goroutine of a child, like a case, and ends with a figure.
var measurements = map[string]func(*probe){
	"measure-hop-host":      func(p *probe) { p.live(func() { p.measure(hop, p.h.RunSyncSoonThreadsafe) }) },
	"measure-hop-channel":   func(p *probe) { p.serveChannel(0, hop) },
	"measure-flood-host":    func(p *probe) { p.live(func() { p.measure(flood, p.h.RunSyncSoonThreadsafe) }) },
	"measure-flood-channel": func(p *probe) { p.serveChannel(1024, flood) },
}

// serveChannel is the baseline: the main goroutine, locked to its thread, runs the functions
// that it receives from a channel.
func (p *probe) serveChannel(buffer int, work func(post func(func())) int) {
	fns := make(chan func(), buffer)
	go p.measure(work, func(fn func()) { fns <- fn })
	for fn := range fns {
		fn()
	}
}

// measure repeats work, which returns how many operations it did, and reports the time of one
// operation.
func (p *probe) measure(work func(post func(func())) int, post func(func())) {
	for begin := time.Now(); time.Since(begin) < span/10; {
		work(post)
	}
	ops, begin := 0, time.Now()
	for time.Since(begin) < span {
		ops += work(post)
	}
	p.say(verdict{State: passed, Nanos: float64(time.Since(begin)) / float64(ops)})
}

// hop makes a hundred round trips.
func hop(post func(func())) int {
	const trips = 100
	back := make(chan struct{})
	fn := func() { back <- struct{}{} }
	for range trips {
		post(fn)
		<-back
	}
	return trips
}

// flood makes ten thousand posts in a row, and waits until the last one has run.
func flood(post func(func())) int {
	const posts = 10_000
	ran, all := 0, make(chan struct{})
	fn := func() {
		if ran++; ran == posts {
			close(all)
		}
	}
	for range posts {
		post(fn)
	}
	<-all
	return posts
}
