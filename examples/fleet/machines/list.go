package machines

import (
	"context"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

// A listing contains what is known about a share's content.
type listing struct {
	files  []finder.File
	seen   finder.Seen
	noRoot bool
}

// List lists all shares at the same time, each on an agent that has it. It is part of finder.Disk.
func (s *search) List(ctx context.Context, shares []string, tell func(finder.Seen)) ([]finder.File, finder.Seen, error) {
	var total finder.Seen
	all := make([]listing, len(shares))
	err := guest.Scope(ctx, func(ctx context.Context) error {
		for i, share := range shares {
			guest.Go(ctx, func(ctx context.Context) error {
				l, err := s.listShare(ctx, share, func(so finder.Seen) {
					replace(&total, all[i].seen, so)
					all[i].seen = so
					tell(total)
				})
				if err != nil {
					return err // what was seen so far has been told
				}
				replace(&total, all[i].seen, l.seen)
				all[i] = l
				tell(total)
				return nil
			})
		}
		return nil
	})
	var files []finder.File
	none := true
	for _, l := range all {
		files = append(files, l.files...)
		// not earlier, because notes may only grow at their end
		total.Notes = append(total.Notes, l.seen.Notes...)
		none = none && l.noRoot
	}
	if err == nil && none {
		err = finder.ErrNoRoots
	}
	return files, total, err
}

// replace subtracts the old listing from a total and adds the new one, except for notes.
func replace(total *finder.Seen, was, is finder.Seen) {
	total.Folders += is.Folders - was.Folders
	total.Found.Files += is.Found.Files - was.Found.Files
	total.Found.Bytes += is.Found.Bytes - was.Found.Bytes
}

// listShare lists one share.
func (s *search) listShare(ctx context.Context, share string, tell func(finder.Seen)) (listing, error) {
	most := int64(0)
	answers, err := s.ask(ctx, wire.Job{Share: share}, func(d wire.Doing) {
		if d.Found.Files > most { // a restarted job reports nothing new at first
			most = d.Found.Files
			tell(finder.Seen{Folders: d.Folders, Found: d.Found})
		}
	})
	if err != nil {
		return listing{}, err
	}
	// the list may be long
	return guest.Background(ctx, func(context.Context) (listing, error) { return join(answers), nil })
}

// join joins the parts of an answer to one listing.
func join(parts []wire.Answer) (l listing) {
	for _, p := range parts {
		for _, f := range p.Files {
			l.files = append(l.files, f.File())
		}
		for _, n := range p.Notes {
			l.seen.Notes = append(l.seen.Notes, n.Note())
		}
	}
	last := parts[len(parts)-1]
	l.seen.Folders, l.seen.Found, l.noRoot = last.Folders, last.Found, last.NoRoot
	return l
}
