package windows

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// A Question decides whether a window closes when that is requested. It is asked in a task,
// never twice at the same time. A request that comes during the question changes nothing, and
// one that comes after a yes only insists. UI thread only.
type Question struct {
	// Ask reports whether the window may close; nil means that it may. It may wait. If it
	// returns an error, the window stays, and the error goes where the errors of its task go.
	Ask func(ctx context.Context) (bool, error)
	// Start starts the task.
	Start func(fn func(ctx context.Context) error) *guest.Task
	// Over reports whether Start can no longer start tasks. Then the window closes without a
	// question, since otherwise nothing could close it.
	Over func() bool
	// Agreed closes the window. It is called once.
	Agreed func()
	// Insist is called for each request that comes after a yes, or when Over is true. Nil means
	// that nothing happens.
	Insist func()

	asking, agreed bool
}

// Wish requests that the window closes. UI thread only. Never waits.
func (q *Question) Wish() {
	switch {
	case q.agreed || q.Over != nil && q.Over():
		q.agree()
		if q.Insist != nil {
			q.Insist()
		}
		return
	case q.Ask == nil:
		q.agree()
		return
	case q.asking:
		return
	}
	q.asking = true
	q.Start(func(ctx context.Context) error {
		defer func() { q.asking = false }()
		yes, err := q.Ask(ctx)
		if yes && err == nil {
			q.agree()
		}
		return err
	})
}

func (q *Question) agree() {
	if !q.agreed {
		q.agreed = true
		q.Agreed()
	}
}
