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

// seenCall is call with what these tools see.
func (t *Task) seenCall() error {
	observed := t.scope.g.observed()
	if _, plain := t.scope.ctx.(*scope); plain && !observed && !trace.IsEnabled() {
		return t.call()
	}
	return t.callSeen(observed)
}

// callSeen is seenCall when a tool sees the task, or may.
func (t *Task) callSeen(observed bool) error {
	if trace.IsEnabled() {
		defer t.traced()()
	}
	defer labelled(t.scope.ctx, t.scope.parent, &t.coro.self)()
	if observed {
		return t.observedCall()
	}
	return t.call()
}

// traced begins the task and a region of a running trace. end ends both.
func (t *Task) traced() (end func()) {
	name := t.String()
	ctx, task := trace.NewTask(t.scope.parent.traceContext(), name)
	t.scope.more().trace.Store(&ctx)
	region := trace.StartRegion(ctx, name)
	return func() { region.End(); task.End() }
}

// traced begins a region for the job's function, in the trace's task for the job's own task. end
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

// labelled gives the calling goroutine the labels of ctx's name, if ctx has a name for tasks
// that are started with it in s. It also records the name for code that reads the goroutine's
// stack. The returned function undoes that.
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

// ownName returns the name in ctx for a task that is started with it in s, or nil. A name that
// is meant for s itself does not count.
func ownName(ctx context.Context, s *scope) *bridge.Name {
	name, ok := ctx.Value(&bridge.NameKey).(*bridge.Name)
	if !ok || s != nil && s.Value(&bridge.NameKey) == any(name) {
		return nil
	}
	return name
}

// pc is the function after which logs and reports name the task: its own function, or the one
// that inspect.NamedAfter names.
func (t *Task) pc() uintptr { return pcIn(t.scope.ctx, t.scope.parent, t.body.pc()) }

// pcIn returns the function that ctx names for a task that is started with it in s, or else pc.
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
