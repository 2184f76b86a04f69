// Package finder finds files with equal content. It does not depend on a window: the program
// dupes runs it on a headless loop, and a window of any toolkit can run the same code on its UI
// thread.
//
// # Usage
//
// In a task, on any host:
//
//	result, err := finder.Run(ctx, roots, func(m *finder.Model) {
//		bar.SetValue(m.Fraction())   // on the UI thread; m needs no lock
//		list.Refresh()               // shows m.Groups
//	})
//
// There is a result even if the search was cancelled. It then holds what was found so far.
//
// # Which files are equal
//
// Files are equal if they have the same size and the same SHA-256 sum. Run never opens a file
// whose size is unique. It reads long files of the same size completely only if their ends are
// equal. A file with several names (hard links) is one file. Outside Unix, hard links can't be
// detected, and the names count as duplicates. Run follows a symbolic link only if it is a
// root. A problem with a file does not end the search. It becomes a [Note].
package finder

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest"
)

// tick is how often a running search reports that its model has changed.
const tick = 50 * time.Millisecond

// Run searches the files under roots for equal content. In a task. Waits until everything is
// compared or ctx is done.
//
// While it runs it calls changed, which may be nil, on the UI thread: about twenty times a
// second, at the start of each phase, and once at the end. Read the model only in changed, or
// elsewhere on the UI thread. Do not modify it.
//
// The result is never nil. The error is that of ctx if the search was cancelled, and
// [ErrNoRoots] if none of the roots could be searched.
func Run(ctx context.Context, roots []string, changed func(*Model)) (*Result, error) {
	s := search{disk: newLocal(), roots: roots, changed: changed}
	return s.run(ctx)
}

// A search is the UI thread's part of one search. All its methods run on the UI thread, so its
// fields need no lock.
type search struct {
	disk    disk
	roots   []string
	changed func(*Model)
	model   Model
	workers int
}

// run is the whole search. The ticker ends when the work has, so the scope can end too.
func (s *search) run(ctx context.Context) (*Result, error) {
	err := guest.Scope(ctx, func(ctx context.Context) error {
		ticker := guest.Every(ctx, tick, func(context.Context) error { s.show(); return nil },
			&guest.EveryOptions{AfterEnd: true}) // a late one is not followed closely by the next
		defer ticker.Cancel(nil)

		s.enter(Walking)
		files, err := s.walk(ctx)
		if err != nil {
			return err
		}
		sieve := newSieve(&s.model, files)
		s.enter(Comparing)
		return s.compare(ctx, sieve)
	})
	return s.finish(context.WithoutCancel(ctx), err != nil && ctx.Err() != nil), err
}

// enter begins a phase.
func (s *search) enter(p Phase) {
	s.model.Phase = p
	s.show()
}

// show tells the screen that something has changed.
func (s *search) show() {
	s.model.tick(time.Now())
	if s.changed != nil {
		s.changed(&s.model)
	}
}

// walk finds the files that must be compared.
func (s *search) walk(ctx context.Context) ([]file, error) {
	return s.disk.list(ctx, s.roots, s.model.walked)
}

// compare reads files, as many at a time as the disk has readers for.
func (s *search) compare(ctx context.Context, sieve *sieve) error {
	return guest.Scope(ctx, func(ctx context.Context) error {
		s.staff(ctx, sieve)
		return nil
	})
}

// staff starts workers while there is work for more of them.
func (s *search) staff(ctx context.Context, sieve *sieve) {
	for limit := s.disk.readers(); s.workers < limit && !sieve.empty(); s.workers++ {
		guest.Go(ctx, func(own context.Context) error {
			defer func() { s.workers-- }()
			return s.work(own, sieve, func() { s.staff(ctx, sieve) })
		})
	}
}

// work reads files until there are none left for the moment. After each chunk it starts more
// workers, because files that have met may be more work.
func (s *search) work(ctx context.Context, sieve *sieve, help func()) error {
	read := s.disk.reader()
	for jobs := sieve.take(); len(jobs) > 0; jobs = sieve.take() {
		outcomes, err := read(ctx, jobs, s.model.read)
		sieve.learn(outcomes) // after a cancellation, only of the finished jobs
		if err != nil {
			return err
		}
		help()
	}
	return nil
}

// finish makes the result, even if the search was cancelled. Its ctx is not cancelled.
func (s *search) finish(ctx context.Context, cancelled bool) *Result {
	_ = guest.Yield(ctx) // so that the last reports of bytes arrive
	s.enter(Finished)
	model := s.model
	result, err := guest.Background(ctx, func(context.Context) (*Result, error) {
		// sorting a long list would freeze the window
		return newResult(model, s.roots, cancelled), nil
	})
	if err != nil { // the host has ended, and the window is gone
		result = newResult(model, s.roots, cancelled)
	}
	return result
}
