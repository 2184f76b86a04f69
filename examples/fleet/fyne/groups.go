package main

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/examples/dupes/finder"
)

// A groupList shows groups of equal files, and below them the files of the chosen group.
type groupList struct {
	content     fyne.CanvasObject
	list, files *widget.List
	groups      []*finder.Group
	chosen      *finder.Sum
}

func newGroupList() *groupList {
	l := &groupList{}
	l.list = widget.NewList(func() int { return len(l.groups) },
		func() fyne.CanvasObject { return clipped("group") },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			g := l.groups[i]
			o.(*widget.Label).SetText(fmt.Sprintf("%d files of %s, %s wasted", len(g.Paths), finder.Size(g.Size), finder.Size(g.Wasted())))
		})
	l.files = widget.NewList(func() int { return len(l.paths()) },
		func() fyne.CanvasObject { return clipped("path") },
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*widget.Label).SetText(finder.Quote(l.paths()[i])) })
	l.list.OnSelected = func(i widget.ListItemID) {
		l.chosen = &l.groups[i].Sum
		l.files.Refresh()
	}
	l.content = container.NewVSplit(l.list, l.files)
	return l
}

// show shows groups. They only grow, and are sorted at the end. The chosen group stays chosen,
// even if it has moved. At first it is the first group.
func (l *groupList) show(groups []*finder.Group) {
	l.groups = groups
	l.list.Refresh()
	if len(groups) == 0 {
		l.chosen = nil
		l.list.UnselectAll()
	} else {
		l.list.Select(max(l.index(), 0))
	}
	l.files.Refresh()
}

func (l *groupList) index() int {
	return slices.IndexFunc(l.groups, func(g *finder.Group) bool { return l.chosen != nil && g.Sum == *l.chosen })
}

// paths returns the files of the chosen group.
func (l *groupList) paths() []string {
	if i := l.index(); i >= 0 {
		return l.groups[i].Paths
	}
	return nil
}
