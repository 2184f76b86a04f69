package main

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// A page is what a wizard shows at a time.
type page struct {
	title   string
	content fyne.CanvasObject
	first   bool   // there is no way back
	next    string // what the button says; "" is "Next"

	field *widget.Entry                   // what check is about
	check func(ctx context.Context) error // whether the user may go on, in a task; nil: always
}

// A wizard is a window of pages. UI thread only.
type wizard struct {
	window         fyne.Window
	title, problem *widget.Label
	bar            *widget.ProgressBarInfinite
	content        *fyne.Container
	back, next     *widget.Button
}

func newWizard(w fyne.Window) *wizard {
	z := &wizard{
		window:  w,
		title:   widget.NewLabel(""),
		problem: widget.NewLabel(""),
		bar:     widget.NewProgressBarInfinite(),
		content: container.NewStack(),
		back:    widget.NewButton("Back", nil),
		next:    widget.NewButton("Next", nil),
	}
	z.title.TextStyle.Bold = true
	z.title.SizeName = theme.SizeNameSubHeadingText
	z.problem.Importance = widget.DangerImportance
	z.problem.Wrapping = fyne.TextWrapWord
	z.next.Importance = widget.HighImportance
	z.bar.Hide()

	top := container.NewVBox(z.title, z.content, container.NewStack(z.problem, container.NewVBox(z.bar)))
	buttons := container.NewHBox(layout.NewSpacer(), z.back, z.next)
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

// show shows p until the user leaves it, and returns by how much to go on: 1, or -1 for Back. In
// a task. Waits. In a dialog it would be one call of fynehost.Custom.
func (z *wizard) show(ctx context.Context, p page) (step int, err error) {
	z.title.SetText(p.title)
	z.problem.SetText("")
	z.next.SetText(cmp.Or(p.next, "Next"))
	z.content.Objects = []fyne.CanvasObject{p.content}
	z.content.Refresh()
	z.ready(p)
	for {
		if p.field != nil {
			z.window.Canvas().Focus(p.field)
		}
		tapped, err := fynehost.Tap(ctx, &z.back.OnTapped, &z.next.OnTapped)
		if err != nil || tapped == 0 {
			return -1, err
		}
		if p.check == nil {
			return 1, nil
		}
		if ok, err := z.ask(ctx, p); ok || err != nil {
			return 1, err
		}
	}
}

// ask reports whether p's check agrees. Its objection is shown. Back is Cancel meanwhile.
func (z *wizard) ask(ctx context.Context, p page) (ok bool, err error) {
	asked, cancel := context.WithCancel(ctx)
	defer cancel()
	z.problem.SetText("")
	z.bar.Show()
	z.next.Disable()
	p.field.Disable()
	z.back.OnTapped = cancel
	z.back.SetText("Cancel")
	z.back.Enable()
	defer z.ready(p)
	problem := p.check(asked)
	if problem != nil && asked.Err() == nil {
		z.problem.SetText(problem.Error())
	}
	return problem == nil, ctx.Err()
}

// ready has the page wait for the user.
func (z *wizard) ready(p page) {
	z.bar.Hide()
	z.next.Enable()
	z.back.OnTapped = nil // Tap hears of it
	z.back.SetText("Back")
	z.back.Enable()
	if p.first {
		z.back.Disable()
	}
	if p.field != nil {
		p.field.Enable()
	}
}
