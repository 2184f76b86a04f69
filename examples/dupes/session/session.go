// Package session implements what the user of dupes does in a window: choose a folder, search
// it, stop the search. It is the same for all toolkits. They only draw.
package session

import (
	"context"
	"errors"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A View draws. All its methods are called in a task, on the UI thread.
type View interface {
	// asks for a folder; "" if none was chosen
	Choose(ctx context.Context) (folder string, err error)
	ShowError(ctx context.Context, problem error) error
	Searching(folders []string)
	Progress(m *finder.Model) // about twenty times a second
	Finished(r *finder.Result)
}

// A Session runs the searches of a window, one after the other. Every method runs on the UI
// thread, so there is no lock. Every wait is one line in a task.
type Session struct {
	ctx    context.Context // main's: tasks of this context end with the program
	view   View
	find   Find
	ask    *flow.Action[struct{}] // for a folder, only once at a time
	Search *guest.Task            // the latest search; nil when there was none
	Result *finder.Result
}

// Find is finder.Run, or a function that finds the same files in another way.
type Find func(ctx context.Context, folders []string, changed func(*finder.Model)) (*finder.Result, error)

// New makes a session that lives as long as ctx, the context of a task.
func New(ctx context.Context, view View) *Session { return NewFind(ctx, view, finder.Run) }

// NewFind makes a session that searches with find.
func NewFind(ctx context.Context, view View, find Find) *Session {
	s := &Session{ctx: ctx, view: view, find: find}
	s.ask = flow.NewAction(ctx, s.choose, flow.Drop)
	return s
}

var errStopped = errors.New("the user has stopped the search")

// Choose asks for a folder and searches it. A second click, before the dialog has opened, does
// nothing. UI handler.
func (s *Session) Choose() { s.ask.Do() }

func (s *Session) choose(ctx context.Context, _ struct{}) error {
	folder, err := s.view.Choose(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return s.view.ShowError(ctx, err)
	case folder != "":
		s.Start([]string{folder})
	}
	return nil
}

// Start searches folders after the previous search has ended. UI handler.
func (s *Session) Start(folders []string) {
	before := s.Search
	s.Cancel()
	s.Search = guest.Go(s.ctx, func(ctx context.Context) error {
		if before != nil {
			_ = before.Wait(ctx)
		}
		s.view.Searching(folders)
		result, err := s.find(ctx, folders, s.view.Progress)
		if errors.Is(err, guest.ErrHostGone) {
			return nil // the window is closed, too
		}
		s.Result = result
		s.view.Finished(result)
		if err != nil && ctx.Err() == nil {
			return s.view.ShowError(ctx, err)
		}
		return nil
	})
}

// Cancel stops the running search, which keeps what it has found. UI handler.
func (s *Session) Cancel() {
	if s.Search != nil {
		s.Search.Cancel(errStopped)
	}
}
