package guest

import (
	"context"
	"runtime/trace"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/held"
)

// What others see of a task: the execution tracer a task and a region, from its first line to
// its last, profiles the name that it was given (inspect.Named), and observers that it begins and
// ends. A task without a name costs a look at the kind of its context, and at two variables, while
// nothing is traced and nobody observes.

// seenCall is call, with what the tools are to see.
func (t *Task) seenCall() error {
	observed := t.scope.g.observed()
	if _, plain := t.scope.ctx.(*scope); plain && !observed && !trace.IsEnabled() {
		return t.call()
	}
	if trace.IsEnabled() {
		defer t.traced()()
	}
	defer labelled(t.scope.ctx, t.scope.parent, &t.coro.self)()
	if observed {
		return t.observedCall()
	}
	return t.call()
}

// traced begins the task, and a region, of a trace that is taken; end ends both.
func (t *Task) traced() (end func()) {
	name := t.String()
	ctx, task := trace.NewTask(t.scope.parent.traceContext(), name)
	t.scope.more().trace.Store(&ctx)
	region := trace.StartRegion(ctx, name)
	return func() { region.End(); task.End() }
}

// traced begins a region for the job's function, in the task of a trace that its own task is; end
// ends it. Any goroutine.
func (j *jobState) traced() (end func()) {
	if !trace.IsEnabled() {
		return func() {}
	}
	name := funcName(j.pc)
	if given := nameIn(j.ctx, &j.task.scope); given != "" {
		name = given + ": " + name
	}
	return trace.StartRegion(j.task.scope.traceContext(), name).End
}

// traceContext is a context in which the scope's task is the task of a trace. Any goroutine.
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

// labelled gives the calling goroutine the labels of ctx's name, if ctx has one for what is
// started with it in s, and notes it for those who read its stack, until the returned function
// is called.
func labelled(ctx context.Context, s *scope, self *held.Self) (leave func()) {
	if _, plain := ctx.(*scope); !plain {
		if name := ownName(ctx, s); name != nil && name.Text != "" {
			name.Enter()
			self.Enter(name.Text)
			return func() { self.Leave(); name.Leave() }
		}
	}
	return func() {}
}

// ownName returns the name that ctx has for what is started with it in s, and that is not meant
// for s itself; or nil.
func ownName(ctx context.Context, s *scope) *bridge.Name {
	name, ok := ctx.Value(&bridge.NameKey).(*bridge.Name)
	if !ok || s != nil && s.Value(&bridge.NameKey) == any(name) {
		return nil
	}
	return name
}

// pc is the function after which logs and reports name the task: its own, or the one that is
// meant (inspect.NamedAfter).
func (t *Task) pc() uintptr { return pcIn(t.scope.ctx, t.scope.parent, t.body.pc()) }

// pcIn returns the function that ctx names for what is started with it in s, or else pc.
func pcIn(ctx context.Context, s *scope, pc uintptr) uintptr {
	if _, plain := ctx.(*scope); !plain {
		if name := ownName(ctx, s); name != nil && name.PC != 0 {
			return name.PC
		}
	}
	return pc
}

// nameIn is the text of ownName, or "".
func nameIn(ctx context.Context, s *scope) string {
	if _, plain := ctx.(*scope); plain {
		return ""
	}
	if name := ownName(ctx, s); name != nil {
		return name.Text
	}
	return ""
}
