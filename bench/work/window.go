package work

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
	"time"
)

// A Window is redrawn all the time, and has a button.
type Window struct {
	Title  string
	X, Y   int            // of the button
	Frames *atomic.Int64  // drawn
	Clicks chan time.Time // when the button's handler was called
}

// windowed lists the workloads that Run leaves to RunWindow.
var windowed = []string{"frames-posts", "frames-tasks"}

// Windows reports whether the plan needs a window.
func (p Plan) Windows() bool {
	return slices.ContainsFunc(p.Items, func(i Item) bool { return slices.Contains(windowed, i.Workload) })
}

// patience is how long a click waits for its answer.
const patience = 2 * time.Second

// RunWindow measures how many frames are drawn per second, and how long a click waits for its
// handler, while each contender keeps the UI thread busy. It also measures the window without a
// contender.
func (p Plan) RunWindow(w Window, contenders []Contender) {
	if !p.Windows() {
		return
	}
	// One xdotool for all clicks, with a pipe, because starting a program takes several frames.
	mouse := exec.Command("xdotool", "-")
	mouse.Stderr = os.Stderr
	say, err := mouse.StdinPipe()
	if err != nil {
		panic(err)
	}
	if err := mouse.Start(); err != nil {
		panic(err)
	}
	fmt.Fprintf(say, "search --sync --onlyvisible --name ^%s$\n", w.Title)
	// after the first click, the window is visible and has the pointer
	for len(w.Clicks) == 0 {
		fmt.Fprintf(say, "mousemove --window %%1 5 5 mousemove --window %%1 %d %d click 1\n", w.X, w.Y)
		time.Sleep(500 * time.Millisecond)
	}
	for _, item := range p.Items {
		span := time.Duration(item.Millis) * time.Millisecond
		click := "click" + item.Workload[len("frames"):]
		for range item.Slices {
			for _, c := range append(contenders, Contender{Name: "the window alone", Flood: func(int) func() { return func() {} }}) {
				if c.Flood == nil {
					continue
				}
				if why := c.why(item); why != "" {
					Report(Sample{Contender: c.Name, Workload: item.Workload, Why: why})
					Report(Sample{Contender: c.Name, Workload: click, Why: why})
					continue
				}
				stop := c.Flood(item.Param)
				time.Sleep(span / 4)
				before, begin := w.Frames.Load(), time.Now()
				time.Sleep(span)
				perSecond := float64(w.Frames.Load()-before) / time.Since(begin).Seconds()
				Report(Sample{Contender: c.Name, Workload: item.Workload, Value: perSecond})
				for range 3 {
					Report(Sample{Contender: c.Name, Workload: click, Value: float64(w.click(func() { fmt.Fprintln(say, "click --delay 0 1") }))})
				}
				stop()
			}
		}
	}
	_ = mouse.Process.Kill()
	_ = mouse.Wait()
}

// click clicks once and returns the time until the handler, at most patience.
func (w Window) click(send func()) time.Duration {
	time.Sleep(20 * time.Millisecond) // otherwise two clicks are a double click
	for len(w.Clicks) > 0 {
		<-w.Clicks
	}
	sent := time.Now()
	send()
	select {
	case at := <-w.Clicks:
		return at.Sub(sent)
	case <-time.After(patience):
		return patience
	}
}
