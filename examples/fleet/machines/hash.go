package machines

import (
	"context"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

// Hash lets agents read the files of their shares. It is part of finder.Disk.
func (s *search) Hash(ctx context.Context, reads []finder.Read, tell func(bytes int64)) ([]finder.Hashed, error) {
	var all []finder.Hashed
	err := guest.Scope(ctx, func(ctx context.Context) error {
		for _, chunk := range s.chunks(reads) {
			guest.Go(ctx, func(ctx context.Context) error {
				hashed, err := s.hashChunk(ctx, chunk, reads, tell)
				all = append(all, hashed...)
				return err
			})
		}
		return nil
	})
	return all, err
}

// A chunk is the part of the reads that one job contains.
type chunk struct {
	share string
	reads []wire.Read
	index []int // their positions among all reads
}

// chunks makes a chunk for each share, or several if one would be too long for a message.
func (s *search) chunks(reads []finder.Read) []chunk {
	byShare := map[int]*chunk{}
	var inOrder []*chunk
	for i, r := range reads {
		n, _ := s.share(r.File.Path) // all paths are in shares
		c := byShare[n]
		if c == nil {
			c = &chunk{share: s.shares[n]}
			byShare[n] = c
			inOrder = append(inOrder, c)
		}
		c.reads = append(c.reads, wire.Read{File: wire.FromFile(r.File), Ends: r.Ends})
		c.index = append(c.index, i)
	}
	var chunks []chunk
	for _, c := range inOrder {
		at := 0
		for _, some := range wire.Cut(c.reads) {
			chunks = append(chunks, chunk{c.share, some, c.index[at : at+len(some)]})
			at += len(some)
		}
	}
	return chunks
}

// hashChunk lets an agent read one chunk.
func (s *search) hashChunk(ctx context.Context, c chunk, reads []finder.Read, tell func(int64)) ([]finder.Hashed, error) {
	most := int64(0)
	answers, err := s.ask(ctx, wire.Job{Share: c.share, Reads: c.reads}, func(d wire.Doing) {
		if d.Bytes > most { // a restarted job reports nothing new at first
			tell(d.Bytes - most)
			most = d.Bytes
		}
	})
	if err != nil {
		return nil, err
	}
	var hashed []finder.Hashed
	for _, a := range answers {
		for _, h := range a.Hashed {
			if h.Read < 0 || h.Read >= len(c.index) {
				continue // from an agent of another version
			}
			f := finder.Hashed{Read: c.index[h.Read], Bytes: h.Bytes}
			copy(f.Sum[:], h.Sum)
			if h.Note != nil {
				note := h.Note.Note()
				note.Path = reads[f.Read].File.Path
				f.Note = &note
			}
			hashed = append(hashed, f)
		}
	}
	return hashed, nil
}
