package finder

import (
	"bytes"
	"cmp"
	"slices"
)

// A Result contains what a search has found: everything, or what it had found until it was
// cancelled. It never changes.
//
// Groups are sorted by the space that they waste, the most first, and then by their first path.
// Paths are sorted. Notes are sorted by kind and path.
type Result struct {
	Model
	Roots     []string
	Cancelled bool
}

// newResult sorts copies of m's groups and notes. Any goroutine, after m's last change.
func newResult(m Model, roots []string, cancelled bool) *Result {
	r := &Result{Model: m, Roots: roots, Cancelled: cancelled}
	r.Groups = make([]*Group, len(m.Groups))
	for i, g := range m.Groups {
		r.Groups[i] = &Group{Size: g.Size, Sum: g.Sum, Paths: slices.Sorted(slices.Values(g.Paths))}
	}
	slices.SortFunc(r.Groups, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(b.Wasted(), a.Wasted()), cmp.Compare(a.Paths[0], b.Paths[0]), bytes.Compare(a.Sum[:], b.Sum[:]))
	})
	r.Notes = slices.Clone(m.Notes)
	slices.SortFunc(r.Notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Other, b.Other))
	})
	return r
}
