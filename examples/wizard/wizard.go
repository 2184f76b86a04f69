package main

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// A page is one page of a wizard.
type page struct {
	title   string
	content fyne.CanvasObject
	focus   fyne.Focusable                                 // has the focus at first
	next    string                                         // the text of the button
	leave   func(ctx context.Context) (ok bool, err error) // whether it may be left; in a task
}

// A wizard is a window of pages. UI thread only.
type wizard struct {
	window             fyne.Window
	title, problem     *widget.Label
	content            *fyne.Container
	back, cancel, next *widget.Button
	asking             *flow.Var[bool] // while the server is asked, only Cancel works
}

func newWizard(ctx context.Context, w fyne.Window) *wizard {
	z := &wizard{
		window:  w,
		title:   widget.NewLabel(""),
		problem: widget.NewLabel(""),
		content: container.NewStack(),
		back:    widget.NewButton("Back", nil),
		cancel:  widget.NewButton("Cancel", nil),
		next:    widget.NewButton("Next", nil),
		asking:  flow.NewVar(false),
	}
	z.title.TextStyle.Bold = true
	z.title.SizeName = theme.SizeNameSubHeadingText
	z.problem.Importance = widget.DangerImportance
	z.problem.Wrapping = fyne.TextWrapWord
	z.next.Importance = widget.HighImportance
	bar := widget.NewProgressBarInfinite()
	fynehost.ShowWhen(ctx, z.asking, bar, z.cancel)
	fynehost.DisableWhen(ctx, z.asking, z.back, z.next)

	top := container.NewVBox(z.title, z.content, container.NewStack(z.problem, container.NewVBox(bar)))
	buttons := container.NewHBox(layout.NewSpacer(), z.cancel, z.back, z.next)
	w.SetContent(container.NewPadded(container.NewBorder(top, buttons, nil, nil)))
	w.Resize(fyne.NewSize(420, 280))
	return z
}

// entry returns a field for a page. Return goes to the next one.
func (z *wizard) entry() *widget.Entry {
	e := widget.NewEntry()
	e.OnSubmitted = func(string) { z.next.Tapped(nil) }
	return e
}

// show shows p until the user taps a button. It returns how many pages to move: 1 for the next
// page, 0 if p may not be left, or -1 for Back. In a task. Waits. In a dialog, one call of
// fynehost.Custom does this.
func (z *wizard) show(ctx context.Context, p page, first bool) (step int, err error) {
	z.title.SetText(p.title)
	z.content.Objects = []fyne.CanvasObject{p.content}
	z.content.Refresh()
	z.back.Hidden = first
	z.next.SetText(p.next)
	z.window.Canvas().Focus(p.focus)
	tapped, err := fynehost.Tap(ctx, &z.back.OnTapped, &z.next.OnTapped)
	z.problem.SetText("")
	if err != nil || tapped == 0 {
		return -1, err
	}
	if ok, err := p.leave(ctx); !ok {
		return 0, err
	}
	return 1, nil
}

// check reports whether ask accepts the text in field. If not, check shows the error.
func (z *wizard) check(ctx context.Context, field *widget.Entry, ask func(ctx context.Context) error) (ok bool, err error) {
	asked, cancel := context.WithCancel(ctx)
	defer cancel()
	z.cancel.OnTapped = cancel
	z.asking.Set(true)
	defer z.asking.Set(false)
	field.Disable()
	defer field.Enable()
	objection := ask(asked)
	if objection != nil && asked.Err() == nil {
		z.problem.SetText(objection.Error())
	}
	return objection == nil, ctx.Err()
}
