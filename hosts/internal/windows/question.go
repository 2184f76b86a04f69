package windows

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// A Question stands between the wish to close a window and its closing. It is asked in a task,
// once at a time: a wish that comes while it is asked, or after it was agreed to, changes
// nothing. UI thread only.
type Question struct {
	// Ask reports whether the window may be closed; nil means that it may. It may wait. With an
	// error the window stays, and the error goes where that of its task goes.
	Ask func(ctx context.Context) (bool, error)
	// Start starts the task.
	Start func(fn func(ctx context.Context) error) *guest.Task
	// Over reports whether Start can start none any more. Then the window is closed unasked,
	// since otherwise there would be no way to close it.
	Over func() bool
	// Agreed closes the window. It is called once.
	Agreed func()

	asking, agreed bool
}

// Wish asks for the window to be closed. Never waits.
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
