package finder

import "context"

// A Disk gives a search access to files that it does not read itself, see [RunOn]. All three
// methods are called in tasks. List and Hash may wait. They call tell on the UI thread, and never
// after they have returned.
type Disk interface {
	// List finds the regular files under roots. For tell, Seen is what was seen so far, and for
	// the result, what was seen in all. Its notes only grow at their end. The error is ErrNoRoots
	// if no root can be searched.
	List(ctx context.Context, roots []string, tell func(Seen)) ([]File, Seen, error)
	// Hash reads files, and reports now and then how many more bytes it has read. When ctx is
	// done, it returns the finished reads, in any order. An error means that some were not
	// finished.
	Hash(ctx context.Context, reads []Read, tell func(bytes int64)) ([]Hashed, error)
	// Readers is how many calls of Hash keep all readers busy.
	Readers() int
}

// RunOn is [Run] for files that another place reads. In examples/fleet, other machines read them.
// In a task. Waits.
func RunOn(ctx context.Context, d Disk, roots []string, changed func(*Model)) (*Result, error) {
	s := search{disk: elsewhere{d}, roots: roots, changed: changed}
	return s.run(ctx)
}

// elsewhere adapts a Disk to the search, which uses the package's internal types.
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
		tell(-told) // takes off what was read without a result
		return outcomes, err
	}
}

func (d elsewhere) readers() int { return d.Readers() }

// internal converts a Hashed, and subtracts what was already reported for this file from told.
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
