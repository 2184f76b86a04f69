package main

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// A session is what the user does: choose a folder, let it be searched, stop the search. Every method runs on the UI thread, so
// there is no lock, and every wait is a line of a task.
type session struct {
	ctx    context.Context // main's: what is started here ends with the program
	view   *view
	search *guest.Task // the running search; nil when there is none
	result *finder.Result
}

var errStopped = errors.New("the user has stopped the search")

// choose asks for a folder and searches it. UI handler.
func (s *session) choose() {
	guest.Go(s.ctx, func(ctx context.Context) error {
		folder, err := fynehost.OpenFolder(ctx, s.view.window, func(d *dialog.FileDialog) { d.Resize(fyne.NewSize(760, 520)) })
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fynehost.ShowError(ctx, s.view.window, err)
		case folder != nil:
			s.start([]string{folder.Path()})
		}
		return nil
	})
}

// start searches folders, once the search before has ended.
func (s *session) start(folders []string) {
	before := s.search
	s.cancel()
	s.search = guest.Go(s.ctx, func(ctx context.Context) error {
		if before != nil {
			_ = before.Await(ctx)
		}
		s.view.searching(folders)
		result, err := finder.Run(ctx, folders, s.view.progress)
		if errors.Is(err, guest.ErrHostGone) {
			return nil // and so has the window
		}
		s.result = result
		s.view.finished(result)
		if err != nil && ctx.Err() == nil {
			return fynehost.ShowError(ctx, s.view.window, err)
		}
		return nil
	})
}

// cancel stops the running search, which keeps what it has found. UI handler.
func (s *session) cancel() {
	if s.search != nil {
		s.search.Cancel(errStopped)
	}
}
