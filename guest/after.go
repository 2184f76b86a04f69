package guest

import (
	"context"
	"reflect"
	"time"
)

// After starts a task that runs fn once d has passed. Any goroutine, any UI handler. Never waits. It belongs to the innermost scope of
// ctx, as Go's does, and is cancelled with it; once Cancel on the task has returned, fn does not begin any more.
func After(ctx context.Context, d time.Duration, fn func(ctx context.Context) error) *Task {
	needFunc(fn == nil, "After")
	t := &Task{body: &delayed{d, fn}}
	t.spawn(ctx, needScope(ctx, "After"))
	return t
}

type delayed struct {
	d  time.Duration
	fn func(ctx context.Context) error
}

func (b *delayed) run(ctx context.Context) error {
	if err := Sleep(ctx, b.d); err != nil {
		return err
	}
	if err := notCancelled(ctx); err != nil {
		return err
	}
	return b.fn(ctx)
}

func (b *delayed) pc() uintptr { return reflect.ValueOf(b.fn).Pointer() }
