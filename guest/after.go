package guest

import (
	"context"
	"time"
)

// After starts a task that runs fn once d has passed. Any goroutine, any UI handler. Never
// waits. The task belongs to the innermost scope of ctx, as with Go, and is cancelled with it.
// Once Cancel on the task has returned, fn does not begin. A task that waits for its time costs
// some 300 bytes and no stack.
func After(ctx context.Context, d time.Duration, fn func(ctx context.Context) error) *Task {
	needFunc(fn == nil, "After")
	return startTimed(ctx, needScope(ctx, "After"), &timed{fn: fn, delay: d})
}
