package finder

import (
	"bytes"
	"cmp"
	"slices"
)

// A Result is what a search has found: everything, or what it had until it was cancelled.
// It does not change any more.
//
// Groups are sorted by what they waste, most first, and then by their first path; paths are
// sorted; notes are sorted by kind and path.
type Result struct {
	Model
	Roots     []string
	Cancelled bool
}

// newResult sorts copies of what m holds. Any goroutine, once m does not change any more.
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
