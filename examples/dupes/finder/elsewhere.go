package finder

import "context"

// A Disk is where the files are, for a search that does not read them itself: see [RunOn]. All
// three are called in tasks. List and Hash may wait; they call tell on the UI thread, and not
// after they have returned.
type Disk interface {
	// List finds the regular files under roots. Seen is what was seen on the way: so far, for
	// tell, and in the end. Its notes only ever grow at their end. The error is ErrNoRoots if
	// there was nowhere to start.
	List(ctx context.Context, roots []string, tell func(Seen)) ([]File, Seen, error)
	// Hash reads files, and tells now and then how many bytes more it has read. It returns what
	// was done when ctx is done, in any order, and the error tells that there is more.
	Hash(ctx context.Context, reads []Read, tell func(bytes int64)) ([]Hashed, error)
	// Readers is how many calls of Hash keep all readers busy.
	Readers() int
}

// RunOn is [Run] for files that are elsewhere: examples/fleet has them read on other machines. In
// a task. Waits.
func RunOn(ctx context.Context, d Disk, roots []string, changed func(*Model)) (*Result, error) {
	s := search{disk: elsewhere{d}, roots: roots, changed: changed}
	return s.run(ctx)
}

// elsewhere is a Disk for the search, which works with types of the package's own.
type elsewhere struct{ Disk }

func (d elsewhere) list(ctx context.Context, roots []string, tell func(sight)) ([]file, error) {
	listed, seen, err := d.List(ctx, roots, func(s Seen) { tell(s.internal()) })
	if err != nil {
		tell(seen.internal())
		return nil, err
	}
	files := make([]file, len(listed))
	for i := range listed {
		files[i] = listed[i].internal()
	}
	files, notes := candidates(files)
	seen.Notes = append(seen.Notes, notes...)
	tell(seen.internal())
	return files, nil
}

func (d elsewhere) reader() func(context.Context, []job, func(int64)) ([]outcome, error) {
	return func(ctx context.Context, jobs []job, tell func(int64)) ([]outcome, error) {
		reads := make([]Read, len(jobs))
		for i, j := range jobs {
			reads[i] = Read{j.file.external(), j.ends}
		}
		told := int64(0)
		hashed, err := d.Hash(ctx, reads, func(n int64) { told += n; tell(n) })
		outcomes := make([]outcome, len(hashed))
		for i, h := range hashed {
			outcomes[i] = h.internal(jobs[h.Read], &told)
		}
		tell(-told) // what was read and has come to nothing
		return outcomes, err
	}
}

func (d elsewhere) readers() int { return d.Readers() }

// internal takes off told what was already told of this file.
func (h *Hashed) internal(j job, told *int64) outcome {
	o := outcome{job: j, sum: h.Sum, read: h.Bytes}
	if h.Note != nil {
		o.err = noted{*h.Note}
	}
	if !j.ends {
		o.told = min(*told, h.Bytes)
		*told -= o.told
	}
	return o
}
