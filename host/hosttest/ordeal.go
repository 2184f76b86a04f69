package hosttest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/ordeal"
)

const (
	killPrefix    = "ordeal-quit-at-"
	hostilePrefix = "ordeal-hostile-"
	longEnv       = "HOSTTEST_LONG"
)

// Ordeal runs a busy program with a guest on the host. The program sleeps, yields, posts, works
// off the UI thread and opens nested loops. In each run something goes wrong: the toolkit quits
// at one of the steps, or the host loses calls that the guest asks for, or makes them twice,
// late, or on a wrong thread. Afterwards everything must have unwound: no goroutine may wait
// forever, and no accepted work may be lost. A host that passes [Run] seldom fails here; if it
// does, the reason is usually its toolkit.
//
// Each run is a separate process, as each case is. By default Ordeal quits at 12 of some 150
// steps, spread evenly, and makes the host misbehave in 3 ways. With the environment variable
// HOSTTEST_LONG it tries every step and 100 ways. With Options.Bubble it always does so, in
// virtual time and in this process. If such a run never ends, the process prints what its
// goroutines wait for, and ends if virtual time moves on. Without Options.Quit Ordeal leaves
// out the quits. With Options.OwnGoroutine it is skipped, since guest.Run refuses such a loop.
//
// TestMain must have called [Main]. Goroutine of t only. Waits: some seconds.
func Ordeal(t *testing.T) {
	t.Helper()
	s := needMain(t)
	k := ready.Load()
	if k.ownGoroutine {
		t.Skip("hosttest: the ordeal uses guest.Run, which refuses a loop that runs on its own goroutine")
	}
	if k.bubble {
		k.bubbles(t)
		return
	}
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	end := s.spawn(killPrefix + "0")
	if state, saw := end.judge(); state != passed {
		t.Fatalf("hosttest: the ordeal's program fails on this host even without faults; run hosttest.Run first, which says why\n%s", saw)
	}
	for _, saw := range s.plays(plays(end.verdict.Steps, k.quit != nil, os.Getenv(longEnv) != "")) {
		t.Errorf("hosttest: %s", saw)
	}
}

// plays lists the plays that run in separate processes.
func plays(steps int, quits, long bool) (names []string) {
	kills, hostile := min(12, steps), 3
	if long {
		kills, hostile = steps, 100
	}
	for i := range kills {
		if quits {
			names = append(names, fmt.Sprint(killPrefix, 1+i*steps/kills))
		}
	}
	for seed := range hostile {
		names = append(names, fmt.Sprint(hostilePrefix, seed))
	}
	return names
}

// plays starts as many children at a time as there are slots, and returns what failed.
func (s settings) plays(names []string) (failures []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, name := range names {
		s.slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-s.slots }()
			if state, saw := s.spawn(name).judge(); state != passed {
				mu.Lock()
				defer mu.Unlock()
				failures = append(failures, name+": "+saw)
			}
		})
	}
	wg.Wait()
	return failures
}

// bubbles runs the plays in virtual time.
func (k *kit) bubbles(t *testing.T) {
	play := func(name string) (steps int) {
		watched(t, name, func(inside func(t *testing.T)) {
			synctest.Test(t, func(t *testing.T) {
				inside(t)
				real, h, err := k.host()
				if err == nil {
					steps, err = k.play(name, real, h)
				}
				if err != nil {
					t.Errorf("hosttest: %s: %v", name, err)
				}
			})
		})
		return steps
	}
	steps := play(killPrefix + "0")
	for _, name := range plays(steps, k.quit != nil, true) {
		play(name)
	}
}

// ordealOf returns the play of that name for a child's process, or nil.
func ordealOf(name string) func(*probe) {
	if !strings.HasPrefix(name, killPrefix) && !strings.HasPrefix(name, hostilePrefix) {
		return nil
	}
	return func(p *probe) {
		steps, err := p.kit.play(name, p.real, p.h)
		if err != nil {
			p.fail("%v", err)
		}
		p.say(verdict{State: passed, Steps: steps})
	}
}

// play runs the program on a host that has not run yet.
func (k *kit) play(name string, real host.Host, h host.Mainloop) (steps int, err error) {
	loop := forGuest(real, h)
	opts := &ordeal.Options{Kill: func() {
		if loop.OnThread() {
			k.quit(real)
		} else {
			real.RunSyncSoonThreadsafe(func() { k.quit(real) })
		}
	}}
	if seed, ok := strings.CutPrefix(name, hostilePrefix); ok {
		n, _ := strconv.ParseUint(seed, 10, 64)
		loop = ordeal.Hostile(loop, rand.New(rand.NewPCG(n, 0)))
	} else {
		opts.Deadly, _ = strconv.Atoi(strings.TrimPrefix(name, killPrefix))
	}
	return ordeal.Run(loop, opts)
}

// forGuest returns the host with its optional interfaces. This also works if the kit had to make
// a Mainloop of it, or has to find out which thread is the loop's.
func forGuest(real host.Host, h host.Mainloop) ordeal.Loop {
	if loop, ok := real.(ordeal.Loop); ok {
		return loop
	}
	plain := &filled{Host: h, main: h.Mainloop}
	plain.on, _ = real.(host.Threader)
	e, enters := real.(host.Enterer)
	n, native := real.(host.Native)
	l, looks := real.(host.Looper)
	switch {
	case enters && native && looks:
		return &struct {
			*filled
			host.Enterer
			host.Native
			host.Looper
		}{plain, e, n, l}
	case enters:
		return &struct {
			*filled
			host.Enterer
		}{plain, e}
	}
	return plain
}

// A filled is a Mainloop and a Threader.
type filled struct {
	host.Host
	main   func(startGuest func() error) error
	on     host.Threader               // if nil, the thread on which the guest starts counts
	thread atomic.Pointer[host.Thread] // seen in startGuest
}

func (c *filled) Mainloop(startGuest func() error) error {
	return c.main(func() error {
		here := host.CurrentThread()
		c.thread.Store(&here)
		return startGuest()
	})
}

func (c *filled) OnThread() bool {
	if c.on != nil {
		return c.on.OnThread()
	}
	thread := c.thread.Load()
	return thread != nil && *thread == host.CurrentThread()
}
