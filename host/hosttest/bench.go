package hosttest

import (
	"slices"
	"testing"
	"time"
)

// Two figures tell a host's price: the hop, from a goroutine to the host's thread and back, and
// a post when many come at once. Each has today's plain way beside it, a goroutine locked to
// the main thread that receives functions from a channel, measured in the same way and the same
// run: on shared machines only the ratio means something.

// span is how long one child measures, after a tenth of it to warm up.
const span = 300 * time.Millisecond

// Benchmark measures the host against a channel, in child processes whose main goroutine runs
// the loop. One iteration is one child, and the median counts: -benchtime=5x is plenty.
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
			b.Fatalf("hosttest: %s ended without a figure; run hosttest.Run first, it says why\n%s", name, saw)
		}
		figures = append(figures, end.verdict.Nanos)
	}
	// The median: a hop takes one of two very different times, by whether the system lets the
	// other core fall asleep.
	slices.Sort(figures)
	b.ReportMetric(figures[len(figures)/2], "ns/op") // instead of the child's whole life
}

// A measurement runs on the main goroutine of a child, like a case, and says a figure.
var measurements = map[string]func(*probe){
	"measure-hop-host":      func(p *probe) { p.live(func() { p.measure(hop, p.h.RunSyncSoonThreadsafe) }) },
	"measure-hop-channel":   func(p *probe) { p.serveChannel(0, hop) },
	"measure-flood-host":    func(p *probe) { p.live(func() { p.measure(flood, p.h.RunSyncSoonThreadsafe) }) },
	"measure-flood-channel": func(p *probe) { p.serveChannel(1024, flood) },
}

// serveChannel is the baseline: the main goroutine, locked to its thread, runs what comes out
// of a channel.
func (p *probe) serveChannel(buffer int, work func(post func(func())) int) {
	fns := make(chan func(), buffer)
	go p.measure(work, func(fn func()) { fns <- fn })
	for fn := range fns {
		fn()
	}
}

// measure repeats work, which returns how many operations it did, and says the time of one.
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

// hop is a hundred round trips.
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

// flood is ten thousand posts in a row, and the wait until the last has run.
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
