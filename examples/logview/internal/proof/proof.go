// Package proof floods a log viewer's window with lines for ten seconds, and reports the results.
// The benchmarks of the windows run it in separate processes.
package proof

import (
	"context"
	"fmt"
	"iter"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// A Proof is one window with a log.
type Proof struct {
	Log    *logview.Log
	Frames func(ctx context.Context) iter.Seq2[time.Duration, error] // of the window
	Shown  func() string                                             // the last line on the screen

	send    bool // wait for room, or else drop
	samples []sample
}

const (
	rate    = 100_000
	seconds = 10
	workers = 4
	idle    = 5 * time.Second

	// With one screenful per frame the window draws as much as during the flood. Compared with
	// the idle window, this shows which part of the cost is drawing, and which is the lines.
	trickle        = 2000
	trickleSeconds = 5
)

// Run counts the frames of the idle window, and then of the flooded one. In a task. The log's
// Collect must be running. Run stops it.
func (p *Proof) Run(ctx context.Context, collect *guest.Task) error {
	alone, err := p.count(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, idle) })
	if err != nil {
		return err
	}
	light := &logview.Source{Rate: trickle, Workers: workers, Lines: trickle * trickleSeconds / workers, Write: p.Log.Writer(p.send)}
	drawing, err := p.count(ctx, light.Run)
	if err != nil {
		return err
	}
	memory := guest.Go(ctx, p.memory)
	source := &logview.Source{Rate: rate, Workers: workers, Lines: rate * seconds / workers, Write: p.Log.Writer(p.send)}
	begin := time.Now()
	flooded, err := p.count(ctx, source.Run)
	if err != nil {
		return err
	}
	took := time.Since(begin)
	memory.Cancel(nil)
	_ = memory.Wait(ctx) // it was cancelled
	p.Log.Lines.Close()
	if err := collect.Wait(ctx); err != nil {
		return err
	}
	if err := p.drawn(ctx); err != nil {
		return err
	}
	received, dropped := p.Log.Received(), int(p.Log.Lines.Dropped())
	p.sayMemory()
	screentest.Say("seconds %f", took.Seconds())
	screentest.Say("frames/s-idle %f", alone)
	screentest.Say("frames/s-drawing %f", drawing)
	screentest.Say("frames/s-flooded %f", flooded)
	screentest.Say("received %d", received)
	screentest.Say("dropped %d", dropped)
	screentest.Say("lost %d", rate*seconds+trickle*trickleSeconds-received-dropped)
	last := p.Log.Row(p.Log.Len() - 1)
	screentest.Say("the last line: %s\nin the window: %s", last, p.Shown())
	shown := 0
	if p.Shown() == last && strings.Contains(last, fmt.Sprintf(" %07d ", source.Lines-1)) {
		shown = 1
	}
	screentest.Say("shown %d", shown)
	return nil
}

// count returns the frames per second while fn runs.
func (p *Proof) count(ctx context.Context, fn func(ctx context.Context) error) (perSecond float64, err error) {
	work := guest.Go(ctx, fn)
	counting := guest.Go(ctx, func(ctx context.Context) error {
		n, sum := 0, time.Duration(0)
		for since, err := range p.Frames(ctx) {
			if err != nil {
				break
			}
			if since > 0 { // not the first
				n, sum = n+1, sum+since
				perSecond = float64(n) / sum.Seconds()
			}
		}
		return nil
	})
	defer counting.Cancel(nil)
	err = work.Wait(ctx)
	return perSecond, err
}

// drawn waits until the window has drawn its rows.
func (p *Proof) drawn(ctx context.Context) error {
	n := 0
	for _, err := range p.Frames(ctx) {
		if n++; err != nil || n == 5 {
			return err
		}
	}
	return nil
}

// A sample is the memory of a process, in MB.
type sample struct{ heap, resident float64 }

// memory samples the heap after a collection, and the whole process, every second.
func (p *Proof) memory(ctx context.Context) error {
	return guest.BackgroundFunc(ctx, func(ctx context.Context) error {
		for {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			p.samples = append(p.samples, sample{float64(m.HeapAlloc) / 1e6, resident()})
			if err := guest.Sleep(ctx, time.Second); err != nil {
				return err
			}
		}
	})
}

// resident returns the memory of the process, in MB, or 0 if the system does not report it.
func resident() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		var kB float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kB); err == nil {
			return kB / 1000
		}
	}
	return 0
}

// sayMemory reports the samples, and how much the memory has grown from the third second to the
// second half.
func (p *Proof) sayMemory() {
	early, late := p.samples[min(3, len(p.samples)-1)], sample{}
	for i, s := range p.samples {
		screentest.Say("after %d s: heap %.1f MB, process %.0f MB", i, s.heap, s.resident)
		if i >= len(p.samples)/2 {
			late.heap, late.resident = max(late.heap, s.heap), max(late.resident, s.resident)
		}
	}
	screentest.Say("heap-growth-MB %f", late.heap-early.heap)
	screentest.Say("process-growth-MB %f", late.resident-early.resident)
}
