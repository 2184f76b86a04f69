package guest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// An op is one line of a little program. All tasks run the same program, each from a line of
// its own.
type op struct{ code, arg int }

const (
	opSpawn        = iota // start a task at line arg
	opYield               // give way
	opSleep               // sleep arg ms; 0 is a Yield
	opCancel              // cancel task arg
	opAwait               // await task arg, if it is a later one (no circles)
	opPost                // post a function that notes
	opEnd                 // return
	opFail                // return an error
	opCleanup             // register a clean-up that gives way once
	opApart               // start a task of the guest's own at line arg
	opForeignPost         // have another goroutine post a function that notes
	opForeignSpawn        // have another goroutine start a task at line arg
	opCodes
)

const mostTasks, mostLines = 12, 24

// Lines that are no lines of the program, in a trace.
const noteOfPost, noteOfCleanup = -1, -2

func program(data []byte) (ops []op) {
	for i := 0; i+1 < len(data) && len(ops) < mostLines; i += 2 {
		ops = append(ops, op{int(data[i]) % opCodes, int(data[i+1]) % mostTasks})
	}
	return ops
}

// FuzzOperations runs a little program on the scheduler and on a model of it that is slow and
// obvious: both must do the same in the same order.
func FuzzOperations(f *testing.F) {
	f.Add([]byte{opSpawn, 2, opEnd, 0, opYield, 0, opSleep, 3})
	f.Add([]byte{opSpawn, 4, opSpawn, 5, opCancel, 1, opEnd, 0, opSleep, 9, opYield, 0, opAwait, 2})
	f.Add([]byte{opSpawn, 3, opAwait, 1, opSpawn, 5, opSleep, 2, opPost, 1, opSleep, 2, opCancel, 0})
	f.Add([]byte{opSpawn, 1, opSpawn, 2, opSpawn, 3, opYield, 0, opCancel, 1, opSleep, 0, opCancel, 3, opAwait, 11})
	f.Add([]byte{opSpawn, 6, opSpawn, 7, opSpawn, 8, opAwait, 3, opPost, 0, opEnd, 0, opSleep, 5, opSleep, 5, opSleep, 5})
	f.Add([]byte{opSpawn, 3, opSpawn, 5, opSleep, 9, opCleanup, 0, opFail, 0, opSleep, 5, opYield, 0})
	f.Add([]byte{opApart, 3, opApart, 4, opSleep, 9, opCleanup, 0, opSleep, 1, opFail, 0})
	f.Add([]byte{opCleanup, 0, opSpawn, 4, opCleanup, 0, opFail, 0, opAwait, 2, opApart, 2, opYield, 0})
	// The guest's own tasks fail while others start: who hears of it waits for the next batch.
	f.Add([]byte{0, 0, 9, 0, 1, 0, 9, 0, 7, 0})
	f.Add([]byte{9, 0, 0, 0, 9, 0, 3, 0, 9, 9, 7, 0, 8, 0, 8, 0, 8, 0})
	// What comes from elsewhere has its place in the one order.
	f.Add([]byte{opForeignSpawn, 4, opPost, 0, opForeignPost, 0, opPost, 0, opSpawn, 6, opForeignPost, 0, opYield, 0,
		opForeignSpawn, 8, opCancel, 1, opYield, 0, opPost, 0, opForeignPost, 0})
	// One that gives up waiting does not let a later one before an earlier one.
	f.Add([]byte{0, 0, 0, 0, 3, 5, 0, 7, 6, 0, 6, 0, 6, 0, 1, 0, 4, 8, 0, 0, 0, 0, 3, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		ops := program(data)
		if len(ops) == 0 {
			return
		}
		want, got := model(ops), scheduler(t, ops)
		if want != got {
			t.Errorf("program %v\n model: %s\n guest: %s", ops, want, got)
		}
	})
}

// scheduler runs the program for real.
func scheduler(t *testing.T, ops []op) string {
	var trace strings.Builder
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		note := func(id, line int, err error) {
			fmt.Fprintf(&trace, "%d:%d@%d", id, line, time.Since(start).Milliseconds())
			if err != nil {
				trace.WriteString("!")
			}
			trace.WriteString(" ")
		}
		var tasks []*guest.Task
		var body func(id, line int) func(ctx context.Context) error
		body = func(id, line int) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				note(id, line, ctx.Err())
				for ; line < len(ops); line++ {
					var err error
					switch o := ops[line]; o.code {
					case opSpawn:
						if len(tasks) < mostTasks {
							tasks = append(tasks, nil)
							n := len(tasks) - 1
							tasks[n] = guest.Go(ctx, body(n, max(o.arg, line+1)))
						}
						continue
					case opForeignSpawn:
						if len(tasks) < mostTasks {
							tasks = append(tasks, nil)
							n, at := len(tasks)-1, max(o.arg, line+1)
							elsewhere(func() { tasks[n] = guest.Go(ctx, body(n, at)) })
						}
						continue
					case opForeignPost:
						elsewhere(func() { _ = guestOf(ctx).Post(func() { note(id, noteOfPost, nil) }) })
						continue
					case opYield:
						err = guest.Yield(ctx)
					case opSleep:
						err = guest.Sleep(ctx, time.Duration(o.arg)*time.Millisecond)
					case opCancel:
						if o.arg < len(tasks) {
							tasks[o.arg].Cancel(nil)
						}
						continue
					case opAwait:
						if o.arg >= len(tasks) || o.arg <= id {
							continue
						}
						if err = tasks[o.arg].Wait(ctx); err != nil {
							err = ctx.Err() // whether it is our own
						}
					case opPost:
						_ = guestOf(ctx).Post(func() { note(id, noteOfPost, nil) })
						continue
					case opEnd:
						return nil
					case opFail:
						return fmt.Errorf("task %d", id)
					case opCleanup:
						_ = guest.Cleanup(ctx, func(ctx context.Context) {
							note(id, noteOfCleanup, ctx.Err())
							note(id, noteOfCleanup, guest.Yield(ctx))
						})
						continue
					case opApart:
						if len(tasks) < mostTasks {
							tasks = append(tasks, nil)
							n := len(tasks) - 1
							tasks[n] = guestOf(ctx).Go(body(n, max(o.arg, line+1)))
						}
						continue
					}
					note(id, line, err)
				}
				return nil
			}
		}
		opts := quiet()
		opts.OnError = func(err error) { fmt.Fprintf(&trace, "heard %v ", errors.Unwrap(err)) }
		_, err := headless.Run(func(ctx context.Context) (int, error) {
			tasks = append(tasks, nil)
			tasks[0] = guest.Go(ctx, body(0, 0))
			return 0, nil
		}, opts)
		if err != nil {
			fmt.Fprintf(&trace, "result %v", err)
		}
	})
	return trace.String()
}

// A modelTask is a task of the model; its place in the list is its number. There are no
// coroutines here: a task that waits has written down for what, and whoever wakes it puts it in
// the line.
type modelTask struct {
	parent, line     int
	live             int // itself and its children
	cancelled, ended bool
	failure          string // the first, of itself or of a child
	cleanups         int
	wait             int   // the number of its wait; 0: it does not wait
	yields           bool  // it is in the line already
	children         []int // those that have begun and not ended, newest first
	awaiters         []int // in the order of asking
}

// Who is the parent of no task's children.
const parentIsMain, parentIsGuest = -1, -2

type machine struct {
	ops    []op
	tasks  []*modelTask
	own    []int    // children of the guest itself that have begun and not ended, newest first
	sealed bool     // main has ended
	inbox  []func() // what is started or posted
	ready  []func() // the line: first come, first served
	alarms []alarm  // in the order of asking
	now    int
	waits  int
	trace  strings.Builder
}

type alarm struct{ when, id, wait int }

func model(ops []op) string {
	m := &machine{ops: ops}
	m.spawn(parentIsMain, 0)
	for {
		slices.SortStableFunc(m.alarms, func(a, b alarm) int { return a.when - b.when })
		for len(m.alarms) > 0 && m.alarms[0].when <= m.now {
			m.wake(m.alarms[0].id, m.alarms[0].wait)
			m.alarms = m.alarms[1:]
		}
		m.takeIn()
		batch := m.ready
		m.ready = nil
		for _, do := range batch {
			do()
		}
		if len(batch) == 0 {
			if len(m.alarms) == 0 {
				if why := m.tasks[0].failure; why != "" {
					fmt.Fprintf(&m.trace, "result %s", why)
				}
				return m.trace.String()
			}
			m.now = m.alarms[0].when
		}
	}
}

// takeIn puts what lies in the inbox in the line.
func (m *machine) takeIn() {
	m.ready = append(m.ready, m.inbox...)
	m.inbox = nil
}

func (m *machine) note(id, line int, failed bool) {
	fmt.Fprintf(&m.trace, "%d:%d@%d", id, line, m.now)
	if failed {
		m.trace.WriteString("!")
	}
	m.trace.WriteString(" ")
}

// children returns where those of a parent are listed.
func (m *machine) children(parent int) *[]int {
	switch parent {
	case parentIsMain:
		return new([]int)
	case parentIsGuest:
		return &m.own
	}
	return &m.tasks[parent].children
}

func (m *machine) spawn(parent, line int) {
	id := len(m.tasks)
	t := &modelTask{parent: parent, line: line, live: 1}
	m.tasks = append(m.tasks, t)
	if parent == parentIsGuest && m.sealed {
		t.ended = true
		return
	}
	if parent >= 0 {
		m.tasks[parent].live++
	}
	m.inbox = append(m.inbox, func() {
		list := m.children(parent)
		*list = slices.Insert(*list, 0, id)
		t.cancelled = t.cancelled || parent >= 0 && m.tasks[parent].cancelled || parent == parentIsGuest && m.sealed
		m.note(id, line, t.cancelled)
		m.run(id)
	})
}

func (m *machine) run(id int) {
	for t := m.tasks[id]; t.line < len(m.ops); t.line++ {
		o := m.ops[t.line]
		switch {
		case o.code == opSpawn || o.code == opApart || o.code == opForeignSpawn:
			parent := id
			if o.code == opApart {
				parent = parentIsGuest
			}
			if len(m.tasks) < mostTasks {
				m.spawn(parent, max(o.arg, t.line+1))
			}
		case o.code == opCancel:
			if o.arg < len(m.tasks) {
				m.takeIn()
				m.cancel(o.arg) // at once
			}
		case o.code == opPost || o.code == opForeignPost:
			m.inbox = append(m.inbox, func() { m.note(id, noteOfPost, false) })
		case o.code == opCleanup:
			t.cleanups++
		case o.code == opEnd:
			m.end(id)
			return
		case o.code == opFail:
			m.fail(id, fmt.Sprintf("task %d", id))
			m.end(id)
			return
		case o.code == opAwait && (o.arg >= len(m.tasks) || o.arg <= id):
		case t.cancelled:
			m.note(id, t.line, true)
		case o.code == opAwait && m.tasks[o.arg].ended:
			m.note(id, t.line, false)
		default:
			m.waits++
			t.wait = m.waits
			switch {
			case o.code == opAwait:
				m.tasks[o.arg].awaiters = append(m.tasks[o.arg].awaiters, id)
			case o.code == opSleep && o.arg > 0:
				m.alarms = append(m.alarms, alarm{m.now + o.arg, id, t.wait})
			default:
				t.yields = true
				m.wake(id, t.wait)
			}
			return
		}
	}
	m.end(id)
}

// wake puts a task in the line, which goes on there unless it has been woken otherwise before.
func (m *machine) wake(id, wait int) {
	m.takeIn()
	m.ready = append(m.ready, func() {
		t := m.tasks[id]
		if t.wait != wait {
			return
		}
		t.wait, t.yields = 0, false
		failed := t.cancelled
		if o := m.ops[t.line]; o.code == opAwait {
			on := m.tasks[o.arg]
			failed = failed || !on.ended
			on.awaiters = slices.DeleteFunc(on.awaiters, func(a int) bool { return a == id })
		}
		m.note(id, t.line, failed)
		t.line++
		m.run(id)
	})
}

func (m *machine) cancel(id int) {
	t := m.tasks[id]
	if t.cancelled || t.ended {
		return
	}
	t.cancelled = true
	if t.wait != 0 && !t.yields {
		m.wake(id, t.wait)
	}
	for _, child := range t.children {
		m.cancel(child)
	}
}

// fail takes a failure of a task itself, or of a child.
func (m *machine) fail(id int, why string) {
	if t := m.tasks[id]; t.failure == "" {
		t.failure = why
		m.cancel(id)
	}
}

// end counts one out of a task: itself, or a child. What is left then are its clean-ups.
func (m *machine) end(id int) {
	t := m.tasks[id]
	if t.live--; t.live > 0 {
		return
	}
	if t.cleanups > 0 {
		m.cleanUp(id)
		return
	}
	t.ended = true
	heeded := len(t.awaiters) > 0
	for _, a := range t.awaiters {
		m.wake(a, m.tasks[a].wait)
	}
	list := m.children(t.parent)
	*list = slices.DeleteFunc(*list, func(c int) bool { return c == id })
	switch {
	case t.parent == parentIsGuest:
		if t.failure != "" && !heeded {
			m.ready = append(m.ready, func() { fmt.Fprintf(&m.trace, "heard %s ", t.failure) })
		}
	case t.parent == parentIsMain:
		m.sealed = true
		for _, own := range m.own {
			m.cancel(own)
		}
	default:
		if t.failure != "" {
			m.fail(t.parent, t.failure)
		}
		m.end(t.parent)
	}
}

// cleanUp runs the clean-ups of a task one after the other. All are alike.
func (m *machine) cleanUp(id int) {
	t := m.tasks[id]
	t.cleanups--
	t.live++
	m.inbox = append(m.inbox, func() {
		m.note(id, noteOfCleanup, false)
		m.takeIn()
		m.ready = append(m.ready, func() {
			m.note(id, noteOfCleanup, false)
			m.end(id)
		})
	})
}
