package finder

import (
	"cmp"
	"context"
	"slices"
)

// findCandidates walks the roots and then picks the candidates. It reports repeatedly what it has
// seen so far. Any goroutine.
func findCandidates(ctx context.Context, roots []string, tell func(sight)) ([]file, error) {
	files, seen, err := walk(ctx, roots, tell)
	if err != nil {
		return nil, err
	}
	files, notes := candidates(files)
	seen.notes = append(seen.notes, notes...)
	tell(seen)
	return files, nil
}

// candidates picks the files that may be equal to another: those whose size is not unique. The
// largest come first, so that the most wasteful duplicates are found first, and no core is alone
// with a large file at the end. It sorts files in place, and reuses its memory. Any goroutine.
//
// A file with several names is one file and not its own duplicate. Its other names become notes.
func candidates(files []file) ([]file, []Note) {
	slices.SortFunc(files, func(a, b file) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.path, b.path))
	})
	var notes []Note
	kept := files[:0]
	for len(files) > 0 {
		n := 1
		for n < len(files) && files[n].size == files[0].size {
			n++
		}
		same := files[:n]
		files = files[n:]
		if len(same) > 1 {
			same, notes = oneNameEach(same, notes)
		}
		if len(same) > 1 {
			kept = append(kept, same...)
		}
	}
	return slices.Clip(slices.Clone(kept)), notes
}

// oneNameEach keeps the first name of each file.
func oneNameEach(files []file, notes []Note) ([]file, []Note) {
	first := make(map[identity]string, len(files))
	kept := files[:0]
	for _, f := range files {
		path, met := first[f.id]
		switch {
		case !f.id.known():
			kept = append(kept, f)
		case !met:
			first[f.id] = f.path
			kept = append(kept, f)
		case f.id.links:
			notes = append(notes, Note{Kind: HardLink, Path: f.path, Other: path})
		default: // for example a folder that is mounted twice
			notes = append(notes, Note{Kind: Overlap, Path: f.path, Other: path})
		}
	}
	return kept, notes
}
