package guest

import (
	"context"
	"runtime/trace"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/held"
)

// What others see of a task. The execution tracer sees a task and a region, from its first line
// to its last. Profiles see its name (inspect.Named). Observers see when it begins and ends.
// While nothing is traced and there are no observers, a task without a name costs a check of its
// context's type and of two variables.

// unseen reports whether none of these tools sees the task. It is the usual case, asked without a
// call.
func (t *Task) unseen() bool {
	_, plain := t.scope.ctx.(*scope)
	return plain && !t.scope.g.observed() && !trace.IsEnabled()
}

// seenCall is soundCall with what these tools see.
func (t *Task) seenCall() error {
	if trace.IsEnabled() {
		defer t.traced()()
	}
	defer labelled(ownName(t.scope.ctx, t.scope.parent), t.coro)()
	if t.scope.g.observed() {
		return t.observedCall()
	}
	return t.soundCall()
}

// traced begins the task and a region of a running trace. end ends both.
func (t *Task) traced() (end func()) {
	name := t.String()
	ctx, task := trace.NewTask(t.scope.parent.traceContext(), name)
	t.scope.more().trace.Store(&ctx)
	region := trace.StartRegion(ctx, name)
	return func() { region.End(); task.End() }
}

// seen shows the calling goroutine as the job's function to these tools, until end is called. Any
// goroutine.
func (j *jobState) seen() (end func()) {
	leave := labelled(j.name, nil)
	if !trace.IsEnabled() {
		return leave
	}
	name := funcName(j.pc)
	if j.name != nil && j.name.Text != "" {
		name = j.name.Text + ": " + name
	}
	region := trace.StartRegion(j.task.scope.traceContext(), name)
	return func() { region.End(); leave() }
}

// unseen reports whether none of these tools sees the job.
func (j *jobState) unseen() bool { return j.name == nil && !trace.IsEnabled() }

// traceContext returns a context in which the scope's task is the task of a trace. Any
// goroutine.
func (s *scope) traceContext() context.Context {
	for ; s != nil; s = s.parent {
		if x := s.extra.Load(); x != nil {
			if ctx := x.trace.Load(); ctx != nil {
				return *ctx
			}
		}
	}
	return context.Background()
}

// labelled gives the calling goroutine the labels of name, which may be nil. It also records the
// name for code that reads the goroutine's stack. c is the coroutine whose goroutine that is, or
// nil. The returned function undoes that.
func labelled(name *bridge.Name, c *coro) (leave func()) {
	if name == nil || name.Text == "" {
		return func() {}
	}
	var self *held.Self
	if c != nil {
		self = &c.more().self
	} else {
		self = new(held.Self)
	}
	name.Enter()
	self.Enter(name.Text)
	return func() { self.Leave(); name.Leave() }
}

// ownName returns the name in ctx for a task or background function that is started with it in s,
// which may be nil. Without such a name it returns nil. A name that is meant for s itself does not
// count.
func ownName(ctx context.Context, s *scope) *bridge.Name {
	if _, plain := ctx.(*scope); plain {
		return nil
	}
	name, ok := ctx.Value(&bridge.NameKey).(*bridge.Name)
	if !ok || s != nil && s.Value(&bridge.NameKey) == any(name) {
		return nil
	}
	return name
}

// unnamed returns ctx for the function that name, which may be nil, names. What the function
// starts with it does not have the name.
func unnamed(ctx context.Context, name *bridge.Name) context.Context {
	if name == nil {
		return ctx
	}
	return context.WithValue(ctx, &bridge.NameKey, nil)
}

// pc is the function after which logs and reports name the task: its own function, or the one
// that inspect.NamedAfter names.
func (t *Task) pc() uintptr { return pcIn(t.scope.ctx, t.scope.parent, t.body.pc()) }

// pcIn returns the function that ctx names for a task that is started with it in s, or else pc.
func pcIn(ctx context.Context, s *scope, pc uintptr) uintptr { return pcAs(ownName(ctx, s), pc) }

// pcAs returns the function that name, which may be nil, names, or else pc.
func pcAs(name *bridge.Name, pc uintptr) uintptr {
	if name != nil && name.PC != 0 {
		return name.PC
	}
	return pc
}

// nameIn is the text of ownName, or "".
func nameIn(ctx context.Context, s *scope) string {
	if name := ownName(ctx, s); name != nil {
		return name.Text
	}
	return ""
}
