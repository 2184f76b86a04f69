package work

import (
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A workload measures a contender. It returns what n operations took, in nanoseconds or bytes, or
// false if the contender can't do it.
type workload func(c *Contender, param, n int) (took float64, ok bool)

var workloads = map[string]workload{
	// this many tasks yield in turn
	"switch": func(c *Contender, tasks, n int) (float64, bool) {
		if c.Switch == nil {
			return 0, false
		}
		return float64(c.Switch(tasks, n)), true
	},
	"spawn":      func(c *Contender, _, n int) (float64, bool) { return clocked(c.Spawn, n) },
	"turn":       func(c *Contender, _, n int) (float64, bool) { return clocked(c.Turn, n) },
	"background": func(c *Contender, _, n int) (float64, bool) { return clocked(c.Background, n) },
	// this many goroutines post at the same time
	"post": func(c *Contender, producers, n int) (float64, bool) {
		if c.Post == nil {
			return 0, false
		}
		return clocked(func(n int) {
			ran, done := 0, make(chan struct{})
			one := func() {
				if ran++; ran == n {
					close(done)
				}
			}
			for i := range producers {
				share := n / producers
				if i < n%producers {
					share++
				}
				go func() {
					for range share {
						c.Post(one)
					}
				}()
			}
			<-done
		}, n)
	},
	"call": func(c *Contender, _, n int) (float64, bool) {
		if c.Call == nil {
			return 0, false
		}
		return clocked(func(n int) { c.Call(n, func() {}) }, n)
	},
	// while this many others call functions of 20 µs, one after another
	"call-loaded": func(c *Contender, others, n int) (float64, bool) {
		if c.Call == nil {
			return 0, false
		}
		over := make(chan struct{})
		var wg, busy sync.WaitGroup
		busy.Add(others)
		for range others {
			wg.Go(func() {
				c.Call(1, spin)
				busy.Done()
				for {
					select {
					case <-over:
						return
					default:
						c.Call(1, spin)
					}
				}
			})
		}
		defer wg.Wait()
		defer close(over)
		busy.Wait()
		return clocked(func(n int) { c.Call(n, func() {}) }, n)
	},
	// processor time, because sleeping itself costs nothing: for each of n tasks that sleep at
	// the same time and wake one by one
	"sleep": func(c *Contender, _, n int) (float64, bool) {
		if c.Sleep == nil {
			return 0, false
		}
		debug.FreeOSMemory()
		before := cpu()
		c.Sleep(n, func(int) time.Duration { return time.Duration(n+rand.IntN(n)) * time.Microsecond })
		return float64(cpu() - before), true
	},
	// resident memory, as the system counts it
	"park": func(c *Contender, _, n int) (float64, bool) {
		if c.Park == nil {
			return 0, false
		}
		debug.FreeOSMemory()
		before := resident()
		c.Park(n)
		debug.FreeOSMemory()
		return resident() - before, true
	},
}

func clocked(do func(n int), n int) (float64, bool) {
	if do == nil {
		return 0, false
	}
	begin := time.Now()
	do(n)
	return float64(time.Since(begin)), true
}

func spin() {
	for end := time.Now().Add(20 * time.Microsecond); time.Now().Before(end); {
	}
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func resident() float64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		panic(err)
	}
	return float64(pages * os.Getpagesize())
}
