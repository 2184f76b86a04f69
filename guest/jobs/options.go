package jobs

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Options say when and how a job runs. A nil *Options and the zero value mean: once, at once.
// Unlike guest.Every, a job with a period runs first after Delay, and not after a period; and a
// run has ended only when the tasks that it has started have.
type Options struct {
	Every    time.Duration // from start to start; 0 is once, after which the job leaves the set
	AfterEnd bool          // Every counts from the end of a run instead
	Delay    time.Duration // before the first run
	Jitter   time.Duration // a random delay below it, before each run
	Rand     *rand.Rand    // where Jitter comes from; nil is math/rand/v2's own source
	Paused   bool          // until Resume

	Timeout time.Duration // of one attempt, which is cancelled then; 0 is none
	// further attempts of a run that failed, unless by runtime.Goexit, as t.FailNow does
	Retries int
	// before the first of them; doubled before each further one, up to an hour, or itself if it
	// is longer
	Backoff time.Duration
	History int // how many runs are kept; 0 is 10
}

const (
	defaultHistory = 10
	maxBackoff     = time.Hour
)

func (o *Options) checked() Options {
	if o == nil {
		return Options{History: defaultHistory}
	}
	c := *o
	for _, d := range []int64{int64(c.Every), int64(c.Delay), int64(c.Jitter), int64(c.Timeout), int64(c.Retries), int64(c.Backoff), int64(c.History)} {
		if d < 0 {
			panic(fmt.Sprintf("jobs: Add called with a negative option (%+v); give zero or more", c))
		}
	}
	if c.History == 0 {
		c.History = defaultHistory
	}
	return c
}
