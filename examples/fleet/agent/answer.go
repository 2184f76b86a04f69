package agent

import (
	"context"
	"errors"
	"fmt"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

// tries is how many agents may try a job. A job that has killed this many agents might kill
// all.
const tries = 5

// answers does a job. Must be called in a task. Waits.
func (a *Agent) answers(ctx context.Context, w *work) ([]wire.Answer, error) {
	var parts []wire.Answer
	var err error
	switch {
	case w.Try > tries:
		parts = givenUp(w)
	case w.Reads == nil:
		parts, err = a.list(ctx, w)
	default:
		parts, err = a.hash(ctx, w)
	}
	for i := range parts {
		p := &parts[i]
		p.Job, p.Try, p.Agent, p.Part, p.Last = w.ID, fmt.Sprint(a.Name, ".", w.Try), a.Name, i, i == len(parts)-1
	}
	return parts, err
}

// list lists the share, off the UI thread.
func (a *Agent) list(ctx context.Context, w *work) ([]wire.Answer, error) {
	return guest.Background(ctx, func(ctx context.Context) ([]wire.Answer, error) {
		found, seen, err := finder.List(ctx, w.share.dir(), func(s finder.Seen) {
			w.folders.Store(s.Folders)
			w.files.Store(s.Found.Files)
			w.size.Store(s.Found.Bytes)
			w.steps.Add(1)
		})
		if err != nil && !errors.Is(err, finder.ErrNoRoots) {
			return nil, err
		}
		files, notes := make([]wire.File, len(found)), make([]wire.Note, len(seen.Notes))
		for i, f := range found {
			files[i] = wire.FromFile(f)
			files[i].Path = w.share.outside(files[i].Path)
			if f.Number != 0 {
				files[i].Device ^= thisMachine()
			}
		}
		for i, n := range seen.Notes {
			notes[i] = wire.FromNote(n)
			notes[i].Path, notes[i].Other = w.share.outside(notes[i].Path), w.share.outside(notes[i].Other)
		}
		var parts []wire.Answer
		for _, some := range wire.Cut(files) {
			parts = append(parts, wire.Answer{Files: some})
		}
		for _, some := range wire.Cut(notes) {
			parts = append(parts, wire.Answer{Notes: some})
		}
		last := &parts[len(parts)-1]
		last.Folders, last.Found, last.NoRoot = seen.Folders, seen.Found, err != nil
		return parts, nil
	})
}

// hash reads files, off the UI thread.
func (a *Agent) hash(ctx context.Context, w *work) ([]wire.Answer, error) {
	read := a.Hash
	if read == nil {
		read = finder.NewReader().Hash
	}
	return guest.Background(ctx, func(ctx context.Context) ([]wire.Answer, error) {
		hashed := make([]wire.Hashed, 0, len(w.Reads))
		for i, r := range w.Reads { // one by one, so that each counts as progress
			f := r.File.File()
			f.Path, f.Device, f.Number = w.share.inside(r.File.Path), 0, 0
			before := w.bytes.Load()
			found, err := read(ctx, []finder.Read{{File: f, Ends: r.Ends}}, func(n int64) {
				w.bytes.Add(n)
				w.steps.Add(1)
			})
			if err != nil {
				return nil, err
			}
			hashed = append(hashed, said(i, found[0]))
			w.bytes.Store(before + found[0].Bytes)
			w.steps.Add(1)
		}
		return []wire.Answer{{Hashed: hashed}}, nil
	})
}

// said converts the result of a read to a message. The path of a note is the file's.
func said(i int, h finder.Hashed) wire.Hashed {
	if h.Note != nil {
		return wire.Hashed{Read: i, Bytes: h.Bytes, Note: &wire.Note{Kind: h.Note.Kind, Why: h.Note.Why}}
	}
	return wire.Hashed{Read: i, Bytes: h.Bytes, Sum: h.Sum[:]}
}

// givenUp returns the answer to a job that too many agents have tried.
func givenUp(w *work) []wire.Answer {
	const why = "given up: no agent that tried it has answered"
	if w.Reads == nil {
		note := wire.Note{Kind: finder.Unusable, Path: wire.Path(w.Share), Why: why}
		return []wire.Answer{{NoRoot: true, Notes: []wire.Note{note}}}
	}
	hashed := make([]wire.Hashed, len(w.Reads))
	for i := range hashed {
		hashed[i] = wire.Hashed{Read: i, Note: &wire.Note{Kind: finder.Unreadable, Why: why}}
	}
	return []wire.Answer{{Hashed: hashed}}
}
