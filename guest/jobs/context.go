package jobs

import "context"

var jobKey int

// jobOf returns the job whose function got ctx, or nil.
func jobOf(ctx context.Context) *job {
	j, _ := ctx.Value(&jobKey).(*job)
	return j
}

// IDFrom returns the job that the function which got ctx runs for. Any goroutine.
func IDFrom(ctx context.Context) (ID, bool) {
	if j := jobOf(ctx); j != nil {
		return j.id, true
	}
	return 0, false
}
