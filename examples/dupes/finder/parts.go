package finder

import "context"

// The parts of a search, for a program that does them in several places. The places exchange
// values of these types, and call [List] and [Reader].

// A File is what List has seen of a regular file.
type File struct {
	Path    string
	Size    int64
	Changed int64 // time of the last change, in nanoseconds
	// Device and Number distinguish one file with two names from two files. They are zero if
	// unknown. If files of several machines are combined, Device must also distinguish the
	// machines.
	Device, Number uint64
	Links          bool // it has, or had, more than one name
}

// Seen is what List has seen so far.
type Seen struct {
	Folders int64
	Found   Tally
	Notes   []Note // they only grow at their end
}

// A Read is a file to read: its two ends, or all of it.
type Read struct {
	File File
	Ends bool
}

// Hashed is the result of a [Read].
type Hashed struct {
	Read  int   // the number of the Read, from 0
	Sum   Sum   // of the size and both ends, or of the content
	Bytes int64 // read
	Note  *Note // why there is no Sum, else nil
}

// List finds the regular files under root, as [Run] does. It reports repeatedly what it has seen
// so far. When ctx is done, it returns what it has found, with the error. Any goroutine. Waits.
func List(ctx context.Context, root string, tell func(Seen)) ([]File, Seen, error) {
	found, seen, err := walk(ctx, []string{root}, func(s sight) { tell(s.external()) })
	files := make([]File, len(found))
	for i := range found {
		files[i] = found[i].external()
	}
	return files, seen.external(), err
}

// A Reader reads files through one buffer, so its memory does not grow with the files. NewReader
// makes one. Any goroutine, but only one at a time.
type Reader struct{ hasher *hasher }

// NewReader returns a reader. Any goroutine.
func NewReader() *Reader { return &Reader{newHasher()} }

// Hash reads files until ctx is done, and returns the finished ones. An error means that some
// were not finished. During a long file it reports now and then how many more bytes it has read.
// A file that differs from what List has seen gets a note and no sum. If Device and Number are
// zero, only size and time are compared, because another machine numbers the same file
// differently. Any goroutine, but only one at a time. Waits.
func (r *Reader) Hash(ctx context.Context, reads []Read, tell func(bytes int64)) ([]Hashed, error) {
	files := make([]file, len(reads))
	jobs := make([]job, len(reads))
	for i, read := range reads {
		files[i] = read.File.internal()
		jobs[i] = job{&files[i], read.Ends}
	}
	outcomes, err := r.hasher.do(ctx, jobs, tell)
	hashed := make([]Hashed, len(outcomes)) // the first of the jobs, in order
	for i, o := range outcomes {
		hashed[i] = Hashed{Read: i, Sum: o.sum, Bytes: o.read}
		if o.err != nil {
			note := problem(o.file.path, o.err)
			hashed[i].Note = &note
		}
	}
	return hashed, err
}

func (s sight) external() Seen { return Seen{s.folders, s.found, s.notes} }

func (s Seen) internal() sight { return sight{s.Folders, s.Found, s.Notes} }

func (seen *file) external() File {
	f := File{Path: seen.path, Size: seen.size, Changed: seen.changed}
	f.Device, f.Number, f.Links = seen.id.parts()
	return f
}

func (f *File) internal() file {
	return file{f.Path, f.Size, f.Changed, identityOf(f.Device, f.Number, f.Links)}
}

// A noted error is a problem that another place has reported as a note.
type noted struct{ note Note }

func (n noted) Error() string { return n.note.String() }
