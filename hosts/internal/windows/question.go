package windows

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// A Question decides whether a window closes when that is requested. It is asked in a task,
// never twice at the same time. A request that comes during the question, or after a yes,
// changes nothing. UI thread only.
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

	asking, agreed bool
}

// Wish requests that the window closes. UI thread only. Never waits.
func (q *Question) Wish() {
	switch {
	case q.agreed:
		return
	case q.Ask == nil || q.Over():
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
