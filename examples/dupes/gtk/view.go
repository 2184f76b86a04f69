//go:build cgo

package main

import (
	"context"
	_ "embed"
	"fmt"
	"html"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

//go:embed window.ui
var layout string

// A view is the window. It shows a finder.Model, which lives on this thread. GTK's lists copy
// their texts, so the view remembers how much of the model they show.
type view struct {
	window                                     *gtk.Window
	choose, cancel                             *gtk.Button
	folder, status, summary, detail, noteTitle *gtk.Label
	bar                                        *gtk.ProgressBar
	groupList, fileList, noteList              *gtk.ListStore
	groupView                                  *gtk.TreeView
	notePanel                                  *gtk.Box
	chosen                                     *gtk.TreeSelection

	folders []string
	groups  []*finder.Group
	shown   []int       // of each group that is listed: how many files
	sum     *finder.Sum // of the group whose files are shown
	files   int         // how many of them
	notes   int
	moving  bool // the program is choosing now
	byUser  bool // the user has chosen
}

func newView() (*view, error) {
	b, err := gtk.BuilderNewFromString(layout)
	if err != nil {
		return nil, err
	}
	v := new(view)
	for name, put := range map[string]func(o any) bool{
		"window":    is(&v.window),
		"choose":    is(&v.choose),
		"cancel":    is(&v.cancel),
		"folder":    is(&v.folder),
		"status":    is(&v.status),
		"summary":   is(&v.summary),
		"detail":    is(&v.detail),
		"noteTitle": is(&v.noteTitle),
		"bar":       is(&v.bar),
		"groups":    is(&v.groupList),
		"files":     is(&v.fileList),
		"notes":     is(&v.noteList),
		"groupView": is(&v.groupView),
		"notePanel": is(&v.notePanel),
		"chosen":    is(&v.chosen),
	} {
		if o, err := b.GetObject(name); err != nil || !put(o) {
			return nil, fmt.Errorf("window.ui has no %s of the right type", name)
		}
	}
	v.chosen.Connect("changed", v.choice)
	return v, nil
}

// is sets a field to an object if the type is right, and reports whether it is.
func is[T any](field *T) func(o any) bool {
	return func(o any) (ok bool) {
		*field, ok = o.(T)
		return ok
	}
}

// Choose asks for a folder.
func (v *view) Choose(ctx context.Context) (string, error) {
	return gtkui.OpenFolder(ctx, v.window, nil)
}

// ShowError shows an error.
func (v *view) ShowError(ctx context.Context, problem error) error {
	return gtkui.ShowError(ctx, v.window, problem)
}

// Searching clears the results of the previous search.
func (v *view) Searching(folders []string) {
	v.folders = folders
	v.folder.SetText(strings.Join(folders, ", "))
	v.choose.SetSensitive(false)
	v.cancel.SetSensitive(true)
	v.bar.SetFraction(0)
	v.summary.SetText("")
	v.byUser = false
	v.clear()
	v.noteList.Clear()
	v.notes = 0
	v.notePanel.Hide()
}

// clear empties the lists of groups and files.
func (v *view) clear() {
	v.moving = true
	defer func() { v.moving = false }()
	v.groupList.Clear()
	v.fileList.Clear()
	v.groups, v.shown, v.sum, v.files = nil, nil, nil, 0
}

// Progress shows a running search. It is called about twenty times a second.
func (v *view) Progress(m *finder.Model) {
	if m.Phase == finder.Walking {
		v.bar.Pulse()
	} else {
		v.bar.SetFraction(m.Fraction())
	}
	v.status.SetText(m.Line())
	v.summary.SetText(m.Sum())
	v.showGroups(m.Groups)
	v.showNotes(m.Notes)
}

// Finished shows the sorted result, even if the search was cancelled.
func (v *view) Finished(r *finder.Result) {
	v.choose.SetSensitive(true)
	v.cancel.SetSensitive(false)
	v.bar.SetFraction(r.Fraction())
	if !r.Cancelled {
		v.bar.SetFraction(1)
	}
	chosen := v.sum
	v.clear()
	if !v.byUser {
		chosen = nil
	}
	v.sum = chosen
	v.showGroups(r.Groups)
	v.noteList.Clear()
	v.notes = 0
	v.showNotes(r.Notes)
	v.summary.SetText(r.Sum())
	v.status.SetText(r.Line())
	if len(r.Groups) == 0 {
		v.detail.SetText("No two files are equal.")
	}
}

// showGroups lists new groups and new files in them. Groups only grow. The group that the user has
// chosen stays chosen. Until the user chooses one, it is the first.
func (v *view) showGroups(groups []*finder.Group) {
	v.groups = groups
	for i, g := range groups {
		if i < len(v.shown) && v.shown[i] == len(g.Paths) {
			continue
		}
		text := fmt.Sprintf("<b>%s</b>\n<small>%d files of %s</small>",
			html.EscapeString(finder.Quote(filepath.Base(g.Paths[0]))), len(g.Paths), finder.Size(g.Size))
		wasted := finder.Size(g.Wasted())
		if i < len(v.shown) {
			if iter, err := v.groupList.GetIterFromString(fmt.Sprint(i)); err == nil {
				_ = v.groupList.Set(iter, []int{0, 1}, []any{text, wasted})
			}
			v.shown[i] = len(g.Paths)
			continue
		}
		_ = v.groupList.InsertWithValues(nil, -1, []int{0, 1}, []any{text, wasted})
		v.shown = append(v.shown, len(g.Paths))
	}
	if _, _, chosen := v.chosen.GetSelected(); !chosen && len(groups) > 0 {
		i := 0
		if v.sum != nil {
			i = max(0, slices.IndexFunc(groups, func(g *finder.Group) bool { return g.Sum == *v.sum }))
		}
		v.moving = true
		if path, err := gtk.TreePathNewFromIndicesv([]int{i}); err == nil {
			v.groupView.SetCursor(path, nil, false)
		}
		v.moving = false
	}
	v.showFiles()
}

// choice is called when another group is chosen.
func (v *view) choice() {
	v.byUser = v.byUser || !v.moving
	v.fileList.Clear()
	v.files = 0
	v.showFiles()
}

// showFiles lists the new files of the chosen group.
func (v *view) showFiles() {
	rows := v.chosen.GetSelectedRows(v.groupList)
	if rows == nil {
		return
	}
	i := rows.Data().(*gtk.TreePath).GetIndices()[0]
	if i >= len(v.groups) {
		return
	}
	g := v.groups[i]
	v.sum = &g.Sum
	if v.files == len(g.Paths) {
		return
	}
	v.detail.SetMarkup(fmt.Sprintf("<b>%d equal files of %s</b>\n<small>SHA-256 %v</small>", len(g.Paths), finder.Size(g.Size), g.Sum))
	for _, path := range g.Paths[v.files:] {
		_ = v.fileList.InsertWithValues(nil, -1, []int{0}, []any{v.short(path)})
	}
	v.files = len(g.Paths)
}

// showNotes lists the new notes. Notes only grow.
func (v *view) showNotes(notes []finder.Note) {
	if len(notes) == v.notes {
		return
	}
	for _, n := range notes[v.notes:] {
		icon := "dialog-information-symbolic"
		if n.Kind <= finder.Changed {
			icon = "dialog-warning-symbolic"
		}
		_ = v.noteList.InsertWithValues(nil, -1, []int{0, 1}, []any{icon, n.Kind.Text() + ": " + n.String()})
	}
	v.notes = len(notes)
	v.noteTitle.SetText(finder.Count(int64(len(notes)), "note"))
	v.notePanel.Show()
}

// short returns a path relative to the searched folder, if there is only one.
func (v *view) short(path string) string {
	if len(v.folders) == 1 {
		if rel, err := filepath.Rel(v.folders[0], path); err == nil {
			path = rel
		}
	}
	return finder.Quote(path)
}
