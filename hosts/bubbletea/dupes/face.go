package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/golodger/lodger/examples/dupes/finder"
	teahost "github.com/golodger/lodger/hosts/bubbletea"
)

// A face is the fourth view of a session: lines in a terminal. UI thread only.
type face struct {
	ui      *teahost.UI
	keys    map[string]func()
	folders []string
	model   *finder.Model
	groups  []*finder.Group // the costliest first
	at      int             // the group whose paths are shown
	problem string
}

// Choose asks for a folder.
func (f *face) Choose(ctx context.Context) (string, error) {
	folder, err := f.ui.Prompt(ctx, "Folder to search (Esc: none):")
	if errors.Is(err, teahost.ErrEscaped) {
		return "", nil
	}
	f.ui.Clear()
	return folder, err
}

// ShowError shows an error until the next search.
func (f *face) ShowError(_ context.Context, problem error) error {
	f.problem = problem.Error()
	return nil
}

// Searching removes the results of the search before.
func (f *face) Searching(folders []string) {
	f.folders, f.model, f.groups, f.at, f.problem = folders, &finder.Model{}, nil, 0, ""
}

// Progress shows what has been found so far.
func (f *face) Progress(m *finder.Model) {
	f.model = m
	f.groups = slices.SortedStableFunc(slices.Values(m.Groups), func(a, b *finder.Group) int {
		return cmp.Compare(b.Wasted(), a.Wasted())
	})
}

// Finished shows the result.
func (f *face) Finished(r *finder.Result) {
	if r != nil {
		f.Progress(&r.Model)
	}
}

func (f *face) key(k tea.KeyPressMsg) {
	if do := f.keys[k.String()]; do != nil {
		do()
	}
}

func (f *face) move(by int) { f.at = max(0, min(len(f.groups)-1, f.at+by)) }

// draw returns the whole face: the folders, the progress, the groups, and the paths of one
// group.
func (f *face) draw() string {
	var b strings.Builder
	if f.model == nil {
		return "Dupes finds files with equal content.\n\n" + help
	}
	m := f.model
	fmt.Fprintf(&b, "%s\n%s %3.0f%%  %s\n", bold("Dupes in "+strings.Join(f.folders, ", ")),
		blue(teahost.Bar(f.fraction(), 40)), 100*f.fraction(), m.Phase)
	fmt.Fprintf(&b, "%d files in %d folders; %d could go, %s\n\n", m.Found.Files, m.Folders, m.Duplicates, size(m.Wasted))
	for _, g := range f.window() {
		line := fmt.Sprintf("%8s  %d × %s", size(g.Wasted()), len(g.Paths), g.Paths[0])
		if g != f.groups[f.at] {
			fmt.Fprintf(&b, "  %s\n", line)
			continue
		}
		fmt.Fprintf(&b, "▸ %s\n", yellow(line))
		for _, path := range g.Paths[1:min(len(g.Paths), 6)] {
			fmt.Fprintf(&b, "              = %s\n", path)
		}
	}
	if f.problem != "" {
		fmt.Fprintf(&b, "\n%s\n", f.problem)
	}
	return b.String() + "\n" + dim(help)
}

func bold(text string) string   { return "\x1b[1m" + text + "\x1b[m" }
func dim(text string) string    { return "\x1b[2m" + text + "\x1b[m" }
func blue(text string) string   { return "\x1b[94m" + text + "\x1b[m" }
func yellow(text string) string { return "\x1b[93m" + text + "\x1b[m" }

const help = "o folder   c cancel   ↑↓ look   q quit"

func (f *face) fraction() float64 {
	if f.model.Phase == finder.Finished {
		return 1
	}
	return f.model.Fraction()
}

// window returns the groups around the selected one, as many as fit.
func (f *face) window() []*finder.Group {
	rows := max(5, f.ui.Rows()-13)
	first := max(0, min(f.at-rows/2, len(f.groups)-rows))
	return f.groups[first:min(len(f.groups), first+rows)]
}

func size(n int64) string {
	for _, unit := range []string{"B", "kB", "MB", "GB"} {
		if n < 10_000 {
			return fmt.Sprint(n, " ", unit)
		}
		n /= 1000
	}
	return fmt.Sprint(n, " TB")
}
