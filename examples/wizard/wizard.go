package main

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// A page is what a wizard shows at a time.
type page struct {
	title   string
	content fyne.CanvasObject
	focus   fyne.Focusable                  // nil: none
	first   bool                            // there is no way back
	next    string                          // what the button says; "" is "Next"
	check   func(ctx context.Context) error // whether the user may go on, in a task; nil: always
}

// A wizard is a window of pages. UI thread only.
type wizard struct {
	window         fyne.Window
	title, problem *widget.Label
	content        *fyne.Container
	back, next     *widget.Button
	asking         *flow.Var[bool] // while a check runs
}

func newWizard(ctx context.Context, w fyne.Window) *wizard {
	z := &wizard{
		window:  w,
		title:   widget.NewLabel(""),
		problem: widget.NewLabel(""),
		content: container.NewStack(),
		back:    widget.NewButton("Back", nil),
		next:    widget.NewButton("Next", nil),
		asking:  flow.NewVar(false),
	}
	z.title.TextStyle.Bold = true
	z.title.SizeName = theme.SizeNameSubHeadingText
	z.problem.Importance = widget.DangerImportance
	z.problem.Wrapping = fyne.TextWrapWord
	z.next.Importance = widget.HighImportance
	bar := widget.NewProgressBarInfinite()
	fynehost.ShowWhen(ctx, z.asking, bar)
	fynehost.DisableWhen(ctx, z.asking, z.next)

	buttons := container.NewHBox(layout.NewSpacer(), z.back, z.next)
	below := container.NewVBox(container.NewStack(z.problem, bar), buttons)
	w.SetContent(container.NewPadded(container.NewBorder(z.title, below, nil, nil, z.content)))
	w.Resize(fyne.NewSize(420, 280))
	return z
}

// entry returns a field for a page. Return goes to the next one.
func (z *wizard) entry(ctx context.Context) *widget.Entry {
	e := widget.NewEntry()
	e.OnSubmitted = func(string) { z.next.Tapped(nil) }
	fynehost.DisableWhen(ctx, z.asking, e)
	return e
}

// show shows p until the user leaves it, and returns by how much to go on: 1, or -1 for Back. In
// a task. Waits. In a dialog of its own it would be one call of fynehost.Custom.
func (z *wizard) show(ctx context.Context, p page) (step int, err error) {
	z.title.SetText(p.title)
	z.next.SetText(cmp.Or(p.next, "Next"))
	z.back.Enable()
	z.idle(p)
	z.problem.SetText("")
	z.content.Objects = []fyne.CanvasObject{p.content}
	z.content.Refresh()
	z.window.Canvas().Focus(p.focus)
	for {
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

// idle has the buttons wait for the user.
func (z *wizard) idle(p page) {
	z.asking.Set(false)
	z.back.SetText("Back")
	z.back.OnTapped = nil // Tap hears of it
	if p.first {
		z.back.Disable()
	}
}

// ask reports whether p's check agrees. Its objection is shown; Back is Cancel meanwhile.
func (z *wizard) ask(ctx context.Context, p page) (ok bool, err error) {
	asked, cancel := context.WithCancel(ctx)
	defer cancel()
	z.problem.SetText("")
	z.asking.Set(true)
	z.back.OnTapped = cancel
	z.back.SetText("Cancel")
	z.back.Enable()
	defer z.idle(p)
	problem := p.check(asked)
	if problem != nil && asked.Err() == nil {
		z.problem.SetText(problem.Error())
	}
	return problem == nil, ctx.Err()
}
