package jobs

import "context"

var jobKey int

// jobOf returns the job whose function was called with ctx, or nil.
func jobOf(ctx context.Context) *job {
	j, _ := ctx.Value(&jobKey).(*job)
	return j
}

// IDFrom returns the ID of the job whose function was called with ctx, or with a context derived
// from it. Any goroutine. Never waits.
func IDFrom(ctx context.Context) (ID, bool) {
	if j := jobOf(ctx); j != nil {
		return j.id, true
	}
	return 0, false
}
