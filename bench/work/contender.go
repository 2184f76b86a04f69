// Package work defines the work that all contenders do, and how a process measures it.
package work

import (
	"fmt"
	"iter"
	"sync"
	"time"
)

// A Contender is one way to run work on a UI thread. A nil function means that it can't do this
// work. Then Why has the reason, by the name of the workload, or of one parameter only
// ("sleep-1000000"). All functions are called on a goroutine off the UI thread, and return when
// everything is done.
type Contender struct {
	Name string
	Why  map[string]string

	// asks for fn on the UI thread, and returns at once; from any goroutine
	Post func(fn func())
	// n times, one after another: fn on the UI thread, wait for it
	Call func(n int, fn func())
	// n turns of the loop, each requested in the previous one
	Turn func(n int)
	// n times, one after another: from the UI thread to a goroutine and back
	Background func(n int)
	// this many tasks on the UI thread yield n times in all
	Switch func(tasks, n int) time.Duration
	// starts n tasks that do nothing, Batch at a time, and waits for them
	Spawn func(n int)
	Sleep func(n int, d func(i int) time.Duration) // n tasks that sleep, each for its time
	// n tasks that wait forever
	Park func(n int)
	// keeps the UI thread busy: with posts (0), or with tasks that are always ready
	Flood func(tasks int) (stop func())
	// starts the repeated operations under overload, one for each of [Meanwhile]
	Meanwhile map[string]func(m *Meter)
}

func (c *Contender) why(i Item) string {
	if why := c.Why[i.Workload]; why != "" {
		return why
	}
	return c.Why[fmt.Sprintf("%s-%d", i.Workload, i.Param)]
}

// Batch is how many tasks Spawn starts before it waits for them.
const Batch = 100

// Coroutines measures the lower limit for tasks: bare coroutines of Go, resumed in turn on the
// thread where call runs functions.
func Coroutines(call func(n int, fn func())) Contender {
	return Contender{Name: "iter.Pull, bare", Switch: func(tasks, n int) (took time.Duration) {
		call(1, func() {
			nexts := make([]func() (int, bool), tasks)
			for i := range nexts {
				next, stop := iter.Pull(func(yield func(int) bool) {
					for yield(0) {
					}
				})
				defer stop()
				next()
				nexts[i] = next
			}
			begin := time.Now()
			for left := n; left > 0; {
				for _, next := range nexts[:min(tasks, left)] {
					next()
				}
				left -= min(tasks, left)
			}
			took = time.Since(begin)
		})
		return took
	}}
}

// Goroutines measures goroutines, which need no UI thread.
func Goroutines() Contender {
	return Contender{
		Name: "goroutine, off the UI thread",
		Spawn: func(n int) {
			for ; n > 0; n -= Batch {
				var wg sync.WaitGroup
				for range min(Batch, n) {
					wg.Go(func() {})
				}
				wg.Wait()
			}
		},
		Sleep: func(n int, d func(i int) time.Duration) {
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() { time.Sleep(d(i)) })
			}
			wg.Wait()
		},
		Park: func(n int) {
			ready := make(chan struct{})
			for range n {
				go func() { ready <- struct{}{}; <-make(chan struct{}) }()
			}
			for range n {
				<-ready
			}
		},
	}
}

// Callbacks completes a contender that can only post, with what programs do today. A task is a
// function that posts itself again. If the queue is bounded, this would block the loop, so a task
// is a goroutine that calls functions.
func Callbacks(c Contender, bounded bool) Contender {
	if c.Meanwhile == nil {
		c.Meanwhile = PostsMeanwhile(c.Post, bounded)
	}
	c.Turn = chain(c.Post, c.Post)
	c.Background = chain(c.Post, func(next func()) { go c.Post(next) })
	c.Switch = func(tasks, n int) time.Duration {
		left, running := n, tasks
		done := make(chan struct{})
		var turn func()
		turn = func() {
			if left--; left >= 0 {
				c.Post(turn)
			} else if running--; running == 0 {
				close(done)
			}
		}
		begin := time.Now()
		for range tasks {
			c.Post(turn)
		}
		<-done
		return time.Since(begin)
	}
	const onlyPosts = "it posts functions, and has no tasks"
	c.Why = map[string]string{"spawn": onlyPosts, "park": onlyPosts, "frames-tasks": onlyPosts}
	if bounded {
		c.Turn, c.Flood = nil, nil
		c.Why["turn"] = "its queue is bounded: the UI thread must not post to itself"
		c.Switch = func(tasks, n int) time.Duration {
			var wg sync.WaitGroup
			begin := time.Now()
			for i := range tasks {
				share := n / tasks
				if i < n%tasks {
					share++
				}
				wg.Go(func() { c.Call(share, func() {}) })
			}
			wg.Wait()
			return time.Since(begin)
		}
	} else {
		c.Flood = Posting(c.Post)
	}
	if c.Sleep == nil {
		c.Sleep = func(n int, d func(i int) time.Duration) {
			done := make(chan struct{})
			left := n
			awake := func() {
				if left--; left == 0 {
					close(done)
				}
			}
			for i := range n {
				time.AfterFunc(d(i), func() { c.Post(awake) })
			}
			<-done
		}
	}
	return c
}

// chain requests a function n times, each time from the previous one.
func chain(first, again func(next func())) func(n int) {
	return func(n int) {
		done := make(chan struct{})
		var next func()
		next = func() {
			if n--; n < 0 {
				close(done)
				return
			}
			again(next)
		}
		first(next)
		<-done
	}
}

// Calling makes calls from posts.
func Calling(post func(fn func())) func(n int, fn func()) {
	return func(n int, fn func()) {
		done := make(chan struct{}, 1)
		answer := func() { fn(); done <- struct{}{} }
		for range n {
			post(answer)
			<-done
		}
	}
}

// Posting makes a flood of posts from four goroutines, each with at most a thousand posts in the
// queue.
func Posting(post func(fn func())) func(tasks int) (stop func()) {
	return func(tasks int) func() {
		if tasks > 0 {
			return nil
		}
		over := make(chan struct{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				places := make(chan struct{}, 1000)
				one := func() { <-places }
				for {
					select {
					case places <- struct{}{}:
						post(one)
					case <-over:
						return
					}
				}
			})
		}
		return func() { close(over); wg.Wait() }
	}
}
