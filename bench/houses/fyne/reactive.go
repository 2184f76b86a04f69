package main

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"github.com/b97tsk/async"

	"github.com/golodger/lodger/bench/work"
)

// never keeps those who await it from the garbage collector.
var never async.Signal

// reactive is b97tsk/async, with an executor that Fyne runs. Its tasks are functions that are
// called again after each wait.
func reactive() work.Contender {
	var exec async.Executor
	exec.Autorun(func() { fyne.Do(exec.Run) })
	var goroutines sync.WaitGroup
	post := func(fn func()) { exec.Spawn(async.Do(fn)) }
	c := work.Contender{
		Name: peers,
		Post: post,
		Call: func(n int, fn func()) {
			for range n {
				exec.SpawnBlocking(async.Do(fn))
			}
		},
		Background: func(n int) {
			away := async.Go(context.Background(), &goroutines, func(context.Context) async.Task { return nil })
			exec.SpawnBlocking(async.LoopN(n, away))
		},
		Switch: func(tasks, n int) time.Duration {
			left, running := n, tasks
			done := make(chan struct{})
			turn := func(co *async.Coroutine) async.Result {
				if left--; left >= 0 {
					co.Resume()
					return co.Yield()
				}
				if running--; running == 0 {
					close(done)
				}
				return co.End()
			}
			begin := time.Now()
			for range tasks {
				exec.Spawn(turn)
			}
			<-done
			return time.Since(begin)
		},
		Spawn: func(n int) {
			batch := make([]async.Task, work.Batch)
			for i := range batch {
				batch[i] = async.Do(func() {})
			}
			exec.SpawnBlocking(async.LoopN((n+work.Batch-1)/work.Batch, async.Join(batch...)))
		},
		Sleep: func(n int, d func(i int) time.Duration) {
			done := make(chan struct{})
			left := n
			for i := range n {
				exec.Spawn(async.Sleep(d(i), &goroutines).Then(async.Do(func() {
					if left--; left == 0 {
						close(done)
					}
				})))
			}
			<-done
		},
		Park: func(n int) {
			for range n {
				exec.Spawn(async.Await(&never))
			}
			exec.SpawnBlocking(async.Do(func() {}))
		},
	}
	c.Meanwhile = work.PostsMeanwhile(post, false)
	c.Meanwhile["yield"] = func(m *work.Meter) {
		m.Begin()
		exec.Spawn(func(co *async.Coroutine) async.Result {
			if m.End(); !m.Begin() {
				return co.End()
			}
			co.Resume()
			return co.Yield()
		})
	}
	sleeping := func(d time.Duration) func(m *work.Meter) {
		return func(m *work.Meter) {
			begin := async.Do(func() { m.Begin() })
			exec.Spawn(async.Loop(async.Block(begin, async.Sleep(d, &goroutines), async.Do(m.End))))
		}
	}
	c.Meanwhile["sleep"], c.Meanwhile["late"] = sleeping(0), sleeping(time.Millisecond)
	c.Meanwhile["click"] = work.Paused(fyne.Do) // not through the executor
	c.Flood = func(tasks int) func() {
		if tasks == 0 {
			return work.Posting(post)(0)
		}
		over := false
		for range tasks {
			exec.Spawn(func(co *async.Coroutine) async.Result {
				if over {
					return co.End()
				}
				co.Resume()
				return co.Yield()
			})
		}
		return func() { exec.SpawnBlocking(async.Do(func() { over = true })) }
	}
	return c
}
