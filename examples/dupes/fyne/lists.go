package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/examples/dupes/finder"
)

// A groupList shows groups of equal files, and grows while the search goes on.
type groupList struct {
	content  *fyne.Container
	list     *widget.List
	none     *fyne.Container
	searched bool
	groups   []*finder.Group
	chosen   finder.Sum
	ours     bool // the program chooses, until the user does
	moving   bool // the program is choosing now
}

func newGroupList(choose func(*finder.Group)) *groupList {
	l := &groupList{none: empty("Groups of equal files appear here."), ours: true}
	l.list = widget.NewList(func() int { return len(l.groups) }, newGroupRow, func(i widget.ListItemID, o fyne.CanvasObject) {
		showGroupRow(o, l.groups[i])
	})
	l.list.OnSelected = func(i widget.ListItemID) {
		l.chosen, l.ours = l.groups[i].Sum, l.moving
		choose(l.groups[i])
	}
	l.content = container.NewStack(l.list, l.none)
	return l
}

// show shows groups. The group that the user has chosen stays chosen, even if it has moved. Until
// the user chooses one, it is the first.
func (l *groupList) show(groups []*finder.Group) {
	l.groups = groups
	l.none.Hidden = len(groups) > 0
	if len(groups) == 0 && l.searched {
		l.none.Objects[1].(*widget.Label).SetText("No two files are equal.")
	}
	l.none.Refresh()
	l.list.Refresh()
	l.moving = true
	defer func() { l.moving = false }()
	if len(groups) == 0 {
		l.chosen, l.ours = finder.Sum{}, true
		l.list.UnselectAll()
		return
	}
	if l.ours && l.chosen != groups[0].Sum {
		l.list.UnselectAll()
		l.list.Select(0)
	}
	if !l.ours && l.searched { // sorted now, and groups are other values
		i := slices.IndexFunc(groups, func(g *finder.Group) bool { return g.Sum == l.chosen })
		l.list.UnselectAll()
		l.list.Select(max(i, 0))
	}
}

func newGroupRow() fyne.CanvasObject {
	name := clipped("name")
	name.TextStyle.Bold = true
	wasted := widget.NewLabelWithStyle("999 MB", fyne.TextAlignTrailing, fyne.TextStyle{Bold: true})
	return container.NewBorder(nil, nil, nil, wasted, container.New(tight{}, name, small("what")))
}

func showGroupRow(row fyne.CanvasObject, g *finder.Group) {
	parts := row.(*fyne.Container).Objects
	lines := parts[0].(*fyne.Container).Objects
	lines[0].(*widget.Label).SetText(finder.Quote(filepath.Base(g.Paths[0])))
	lines[1].(*widget.Label).SetText(fmt.Sprintf("%d files of %s", len(g.Paths), finder.Size(g.Size)))
	parts[1].(*widget.Label).SetText(finder.Size(g.Wasted()))
}

// tight sets two lines of text closer than a box does.
type tight struct{}

const overlap = 12

func (tight) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height-overlap)
}

func (tight) Layout(o []fyne.CanvasObject, size fyne.Size) {
	a, b := o[0].MinSize().Height, o[1].MinSize().Height
	o[0].Resize(fyne.NewSize(size.Width, a))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(size.Width, b))
	o[1].Move(fyne.NewPos(0, a-overlap))
}

// A detail shows the files of one group.
type detail struct {
	content     *fyne.Container
	title, sub  *widget.Label
	list        *widget.List
	full, none  *fyne.Container
	group       *finder.Group
	shown       int
	pathToShown func(string) string
}

func newDetail() *detail {
	d := &detail{title: clipped(""), sub: small(""), none: empty("Choose a group to see its files.")}
	d.title.TextStyle.Bold = true
	d.list = widget.NewList(
		func() int {
			if d.group == nil {
				return 0
			}
			return len(d.group.Paths)
		},
		func() fyne.CanvasObject {
			return container.NewBorder(nil, nil, container.NewPadded(widget.NewIcon(theme.FileIcon())), nil, clipped("path"))
		},
		func(i widget.ListItemID, o fyne.CanvasObject) {
			o.(*fyne.Container).Objects[0].(*widget.Label).SetText(d.pathToShown(d.group.Paths[i]))
		})
	d.full = container.NewBorder(container.New(tight{}, d.title, d.sub), nil, nil, nil, d.list)
	d.full.Hide()
	d.content = container.NewStack(d.full, d.none)
	return d
}

func (d *detail) show(g *finder.Group, short func(string) string) {
	d.group, d.pathToShown, d.shown = g, short, 0
	d.full.Hidden, d.none.Hidden = g == nil, g != nil
	d.content.Refresh()
	d.list.UnselectAll()
	d.list.ScrollToTop()
	d.refresh()
}

// refresh shows the files that were added to the group.
func (d *detail) refresh() {
	if d.group == nil || d.shown == len(d.group.Paths) {
		return
	}
	d.shown = len(d.group.Paths)
	d.title.SetText(fmt.Sprintf("%d equal files of %s", d.shown, finder.Size(d.group.Size)))
	d.sub.SetText(fmt.Sprintf("SHA-256 %v", d.group.Sum))
	d.list.Refresh()
}

// A notePanel lists the exceptions: files that can't be read, links that are not followed.
type notePanel struct {
	content *fyne.Container
	title   *widget.Label
	list    *widget.List
	notes   []finder.Note
}

func newNotePanel() *notePanel {
	p := &notePanel{title: clipped("")}
	p.title.TextStyle.Bold = true
	p.list = widget.NewList(func() int { return len(p.notes) },
		func() fyne.CanvasObject {
			return container.NewBorder(nil, nil, container.NewPadded(widget.NewIcon(theme.WarningIcon())), nil, clipped("note"))
		},
		func(i widget.ListItemID, o fyne.CanvasObject) {
			n := p.notes[i]
			parts := o.(*fyne.Container).Objects
			parts[0].(*widget.Label).SetText(n.Kind.Text() + ": " + n.String())
			icon := theme.InfoIcon()
			if n.Kind <= finder.Changed {
				icon = theme.WarningIcon()
			}
			parts[1].(*fyne.Container).Objects[0].(*widget.Icon).SetResource(icon)
		})
	p.content = container.NewVBox(widget.NewSeparator(), p.title, container.NewStack(high(3), p.list))
	p.content.Hide()
	return p
}

func (p *notePanel) show(notes []finder.Note) {
	same := len(notes) == len(p.notes)
	p.notes = notes
	if same && len(notes) == 0 {
		return
	}
	p.title.SetText(finder.Count(int64(len(notes)), "note"))
	p.list.Refresh()
	if p.content.Visible() != (len(notes) > 0) {
		if len(notes) > 0 {
			p.content.Show()
		} else {
			p.content.Hide()
		}
	}
}
