package guest

import (
	"context"
	"reflect"
	"sync"
)

// Cleanup registers fn to run as a task of the innermost scope of ctx, after the other tasks of
// the scope have ended and the scope's function has returned. Any goroutine. Never waits.
//
// Clean-ups run one at a time, last in, first out, and the scope ends only after them. Unlike a
// deferred call, fn runs when the children that use what it closes have ended. Its context is
// shielded from cancellation, so that fn can wait; it may also start tasks and register more. A
// panic in fn is the scope's failure, unless the scope is supervised.
//
// In a run of Every, the scope is the task of Every, which ends with the last run. So open a
// Scope in the run for what each run closes. A Background function can register a clean-up for
// what it has opened before it returns. Then nothing leaks if the task is cancelled meanwhile
// and drops the value:
//
//	f, err := guest.Background(ctx, func(ctx context.Context) (*os.File, error) {
//		f, err := os.Open(name)
//		if err == nil {
//			err = guest.Cleanup(ctx, func(context.Context) { f.Close() })
//		}
//		return f, err
//	})
//
// If the scope has ended already, fn begins soon, as a task of the guest itself. If the guest
// takes no more tasks either, Cleanup returns ErrFinished, and fn never runs. Cleanup panics if
// fn is nil, or ctx was not made by a guest. The idea is testing's T.Cleanup.
func Cleanup(ctx context.Context, fn func(ctx context.Context)) error {
	needFunc(fn == nil, "Cleanup")
	s := needScope(ctx, "Cleanup")
	c := cleanup{context.WithoutCancel(ctx), fn}
	if s.addCleanup(c) || c.task().spawn(lateCtx{c.ctx, &s.g.own}, &s.g.own) {
		return nil
	}
	return ErrFinished
}

// A cleanup is a function and the context that it gets.
type cleanup struct {
	ctx context.Context
	fn  cleanupBody
}

// A lateCtx is the context of a clean-up that comes after the end of its scope. It has the
// values of the scope's context, but another owner, whose cancellation does not reach it either.
type lateCtx struct {
	context.Context
	owner *scope
}

func (l lateCtx) Value(key any) any {
	if key == &scopeKey || key == &taskKey {
		return l.owner
	}
	return l.Context.Value(key)
}

func (c cleanup) task() *Task { return &Task{body: c.fn} }

// A cleanupBody is the function of a clean-up's task.
type cleanupBody func(ctx context.Context)

func (fn cleanupBody) run(ctx context.Context) error { fn(ctx); return nil }
func (fn cleanupBody) pc() uintptr                   { return reflect.ValueOf(fn).Pointer() }

// cleanups are the functions that a scope still has to run.
type cleanups struct {
	mu   sync.Mutex
	list []cleanup
	hold bool // the scope's live counts them
}

// holding is added to a scope's live while the scope has clean-ups to run. The count of live
// tasks in it stays below that.
const holding = 1 << 36

// addCleanup registers a clean-up. It returns false if the scope has ended. Any goroutine.
func (s *scope) addCleanup(next cleanup) bool {
	c := &s.more().cleanups
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.hold && !s.admit(holding) {
		return false
	}
	c.hold = true
	c.list = append(c.list, next)
	return true
}

// cleanUp starts the next clean-up of the scope, in which nothing else is left. If there is
// none, it lets the scope end. UI thread only.
func (s *scope) cleanUp() {
	next, ok := s.extra.Load().cleanups.next()
	if !ok {
		s.left(s.live.Add(-holding))
		return
	}
	next.task().spawn(next.ctx, s)
}

// next takes the clean-up that was registered last, if there is one.
func (c *cleanups) next() (last cleanup, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.list)
	if n == 0 {
		c.hold = false
		return cleanup{}, false
	}
	last = c.list[n-1]
	c.list[n-1] = cleanup{}
	c.list = c.list[:n-1]
	return last, true
}
