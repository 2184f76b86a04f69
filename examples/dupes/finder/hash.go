package finder

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"os"
)

// A Sum is a SHA-256 sum.
type Sum [sha256.Size]byte

// String returns the sum in hexadecimal, as sha256sum prints it.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

const (
	bufferSize = 256 << 10 // of each hasher
	endSize    = 4 << 10   // how much of a long file's start, and of its end, is read at first
	shortFile  = 32 << 10  // files up to this size are read in whole at once
	tellEvery  = 8 << 20   // bytes read between two reports
)

// A job is a file to read: its two ends, or all of it.
type job struct {
	file *file
	ends bool
}

// cost is how many bytes the job reads.
func (j job) cost() int64 {
	if j.ends {
		return 2 * endSize
	}
	return j.file.size
}

// An outcome is the result of a job.
type outcome struct {
	job
	sum  Sum
	read int64 // bytes read
	told int64 // those of them that have been reported already
	err  error
}

// A hasher reads files, one at a time, through one buffer, so its memory does not grow with the
// files. Any goroutine, but only one at a time.
type hasher struct {
	buffer []byte
	hash   hash.Hash
}

func newHasher() *hasher { return &hasher{make([]byte, bufferSize), sha256.New()} }

// do does jobs until ctx is done, and returns the outcomes of the finished ones. An error means
// that some were not finished. During a long file it reports now and then how many more bytes
// have been read.
func (h *hasher) do(ctx context.Context, jobs []job, tell func(bytes int64)) ([]outcome, error) {
	outcomes := make([]outcome, 0, len(jobs))
	for _, j := range jobs {
		o := outcome{job: j}
		if ctx.Err() == nil {
			o.err = h.one(ctx, &o, tell)
		}
		if err := ctx.Err(); err != nil {
			return outcomes, err // without this one, which may be incomplete
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// one does one job. If the file differs from what the walk saw, before or after reading, it
// returns an error.
func (h *hasher) one(ctx context.Context, o *outcome, tell func(int64)) error {
	f, err := openToRead(o.file.path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := o.file.check(f); err != nil {
		return err
	}
	h.hash.Reset()
	if o.ends {
		err = h.ends(f, o)
	} else {
		err = h.whole(ctx, f, o, tell)
	}
	if err != nil {
		return err
	}
	h.hash.Sum(o.sum[:0])
	return o.file.check(f)
}

// check compares an open file with what the walk saw.
func (seen *file) check(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() != seen.size || info.ModTime().UnixNano() != seen.changed ||
		seen.id.known() && !identify(info).same(seen.id) {
		return errChanged
	}
	return nil
}

// ends hashes the size and both ends.
func (h *hasher) ends(f *os.File, o *outcome) error {
	var size [8]byte
	binary.LittleEndian.PutUint64(size[:], uint64(o.file.size))
	h.hash.Write(size[:])
	for _, at := range []int64{0, o.file.size - endSize} {
		n, err := f.ReadAt(h.buffer[:endSize], at)
		o.read += int64(n)
		if n < endSize {
			return short(err)
		}
		h.hash.Write(h.buffer[:n])
	}
	return nil
}

// whole hashes the whole file. It tries to read one byte more than there should be, to check that
// the file has not grown.
func (h *hasher) whole(ctx context.Context, f *os.File, o *outcome, tell func(int64)) error {
	for o.read < o.file.size {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := f.Read(h.buffer[:min(bufferSize, o.file.size-o.read)])
		h.hash.Write(h.buffer[:n])
		o.read += int64(n)
		if err != nil {
			return short(err)
		}
		if o.read-o.told >= tellEvery {
			tell(o.read - o.told)
			o.told = o.read
		}
	}
	switch n, err := f.Read(h.buffer[:1]); {
	case n > 0:
		return errChanged
	case err != io.EOF:
		return err
	}
	return nil
}

// short is the error for a file that ended too soon.
func short(err error) error {
	if err == io.EOF || err == nil {
		return errChanged
	}
	return err
}
