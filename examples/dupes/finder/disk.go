package finder

import (
	"context"
	"runtime"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A disk is the place where a search finds its files. Its functions are called in tasks, and may
// wait. They call tell on the UI thread, and never after they have returned.
type disk interface {
	// list finds the files under roots that must be compared
	list(ctx context.Context, roots []string, tell func(sight)) ([]file, error)
	// reader returns a function that reads files for one worker. It returns the outcomes of the
	// completed jobs. An error means that some jobs were not completed.
	reader() func(ctx context.Context, jobs []job, tell func(bytes int64)) ([]outcome, error)
	// readers is how many workers are useful
	readers() int
}

// local is the disk of this machine, which one search reads with one pool.
type local struct{ pool *flow.Pool }

func newLocal() local { return local{flow.NewPool(0)} }

func (local) list(ctx context.Context, roots []string, tell func(sight)) ([]file, error) {
	return guest.Background(ctx, func(ctx context.Context) ([]file, error) {
		return findCandidates(ctx, roots, flow.NewProgress(ctx, tell).Report)
	})
}

func (l local) reader() func(context.Context, []job, func(int64)) ([]outcome, error) {
	hasher := newHasher()
	return func(ctx context.Context, jobs []job, tell func(int64)) ([]outcome, error) {
		ctx = flow.WithExecutor(ctx, l.pool)
		return guest.Background(ctx, func(ctx context.Context) ([]outcome, error) {
			return hasher.do(ctx, jobs, func(n int64) { guest.RunOnMain(ctx, func() { tell(n) }) })
		})
	}
}

// readers is slightly more than the pool runs at once, so that the pool always has work.
func (local) readers() int { return runtime.GOMAXPROCS(0) + 1 }
