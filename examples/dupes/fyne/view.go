package main

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/examples/dupes/finder"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// A view is the window. It shows a finder.Model, which lives on this thread, without copying it.
type view struct {
	window         fyne.Window
	choose, cancel *widget.Button
	folder, status *widget.Label
	bar            *widget.ProgressBar
	walking        *widget.ProgressBarInfinite
	groups         *groupList
	detail         *detail
	notes          *notePanel
	summary        *widget.Label

	folders []string
}

func newView(a fyne.App) *view {
	v := &view{
		window:  a.NewWindow("Dupes"),
		choose:  widget.NewButtonWithIcon("Choose folder…", theme.FolderOpenIcon(), nil),
		cancel:  widget.NewButtonWithIcon("Cancel", theme.CancelIcon(), nil),
		folder:  clipped("No folder chosen"),
		status:  clipped("Choose a folder to find files with equal content in it."),
		bar:     widget.NewProgressBar(),
		walking: widget.NewProgressBarInfinite(),
		detail:  newDetail(),
		notes:   newNotePanel(),
		summary: widget.NewLabelWithStyle("", fyne.TextAlignTrailing, fyne.TextStyle{Bold: true}),
	}
	v.groups = newGroupList(func(g *finder.Group) { v.detail.show(g, v.short) })
	v.choose.Importance = widget.HighImportance
	v.folder.TextStyle.Bold = true
	v.cancel.Disable()
	v.walking.Stop()
	v.walking.Hide()

	top := container.NewVBox(
		container.NewBorder(nil, nil, container.NewPadded(widget.NewIcon(theme.FolderIcon())), container.NewHBox(v.choose, v.cancel), v.folder),
		container.NewStack(v.bar, v.walking),
		container.NewBorder(nil, nil, nil, v.summary, v.status),
		widget.NewSeparator(),
	)
	split := container.NewHSplit(v.groups.content, v.detail.content)
	split.SetOffset(0.5)
	v.window.SetContent(container.NewBorder(top, v.notes.content, nil, nil, split))
	v.window.Resize(fyne.NewSize(960, 640))
	return v
}

// Choose asks for a folder.
func (v *view) Choose(ctx context.Context) (string, error) {
	folder, err := fynehost.OpenFolder(ctx, v.window, nil)
	if folder == nil || err != nil {
		return "", err
	}
	return folder.Path(), nil
}

// ShowError shows an error.
func (v *view) ShowError(ctx context.Context, problem error) error {
	return fynehost.ShowError(ctx, v.window, problem)
}

// Searching clears the results of the previous search.
func (v *view) Searching(folders []string) {
	v.folders = folders
	v.folder.SetText(strings.Join(folders, ", "))
	v.choose.Disable()
	v.cancel.Enable()
	v.bar.SetValue(0)
	v.summary.SetText("")
	v.groups.searched, v.groups.ours = false, true
	v.groups.show(nil)
	v.detail.show(nil, v.short)
	v.notes.show(nil)
}

// Progress shows a running search. It is called about twenty times a second.
func (v *view) Progress(m *finder.Model) {
	if m.Phase == finder.Walking != v.walking.Visible() {
		if m.Phase == finder.Walking {
			v.bar.Hide()
			v.walking.Show()
			v.walking.Start()
		} else {
			v.walking.Stop()
			v.walking.Hide()
			v.bar.Show()
		}
	}
	v.bar.SetValue(m.Fraction())
	v.status.SetText(m.Line())
	v.summary.SetText(m.Sum())
	v.groups.show(m.Groups)
	v.detail.refresh()
	v.notes.show(m.Notes)
}

// Finished shows the sorted result, even if the search was cancelled.
func (v *view) Finished(r *finder.Result) {
	v.walking.Stop()
	v.walking.Hide()
	v.bar.Show()
	v.choose.Enable()
	v.cancel.Disable()
	v.groups.searched = true
	v.groups.show(r.Groups)
	v.notes.show(r.Notes)
	v.summary.SetText(r.Sum())
	if !r.Cancelled {
		v.bar.SetValue(1)
	}
	v.status.SetText(r.Line())
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

// clipped returns a label that never widens the window.
func clipped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// small returns a second line, below a more important one.
func small(text string) *widget.Label {
	l := clipped(text)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

// empty returns the text that replaces an empty list.
func empty(text string) *fyne.Container {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignCenter, fyne.TextStyle{})
	l.Wrapping = fyne.TextWrapWord
	return container.NewVBox(layout.NewSpacer(), l, layout.NewSpacer())
}

// high reserves a place for n rows of text.
func high(n float32) fyne.CanvasObject {
	r := canvas.NewRectangle(nil)
	r.SetMinSize(fyne.NewSize(0, n*widget.NewLabel("").MinSize().Height))
	return r
}
