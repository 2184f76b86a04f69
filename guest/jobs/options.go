package jobs

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/golodger/lodger/guest/flow"
)

// Options say when and how a job runs. A nil *Options and the zero value mean: once, at once.
// Two things differ from guest.Every. A job with a period runs first after Delay, not after a
// period. And a run has ended only when the tasks that it started have ended.
type Options struct {
	Every    time.Duration // from start to start; 0: the job runs once and leaves the set
	AfterEnd bool          // Every counts from the end of a run instead
	Delay    time.Duration // before the first run
	Jitter   time.Duration // the upper limit of a random delay before each run
	// Rand is the source of Jitter; nil is that of math/rand/v2. It is used on the UI thread. A
	// panic in it stops the job's clock, until you call Pause and Resume. It goes to
	// guest.Options.OnError; if there is none, it ends the guest, as in a task of Guest.Go.
	Rand   *rand.Rand
	Paused bool // until you call Resume

	Timeout time.Duration // of one attempt, which is then cancelled; 0 is no limit
	// Retry says whether and when a failed run is attempted again; nil is never. Its functions
	// are called on the UI thread. A panic or runtime.Goexit in one of them ends the run, which
	// has then failed.
	Retry   *flow.RetryPolicy
	History int // how many runs Info keeps; 0 is 10
}

const defaultHistory = 10

func (o *Options) checked() Options {
	if o == nil {
		return Options{History: defaultHistory}
	}
	c := *o
	for _, d := range []int64{int64(c.Every), int64(c.Delay), int64(c.Jitter), int64(c.Timeout), int64(c.History)} {
		if d < 0 {
			panic(fmt.Sprintf("jobs: Add called with a negative option (%+v); give zero or more", c))
		}
	}
	if c.Retry != nil && c.Retry.Attempts < 0 {
		panic(fmt.Sprintf("jobs: Add called with a policy of %d attempts; give zero or more", c.Retry.Attempts))
	}
	if c.History == 0 {
		c.History = defaultHistory
	}
	return c
}
