package main

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/dupes/session"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// A view is the window. It draws the search of dupes' session, and the agents.
type view struct {
	window          fyne.Window
	again, cancel   *widget.Button
	status, summary *widget.Label
	bar             *widget.ProgressBar
	agents          *agentList
	groups          *groupList
	shares          []string // the shares that are searched
}

// open shows a window without a fleet.
func open(ctx context.Context, a fyne.App) *view {
	v := &view{
		window:  a.NewWindow("Fleet"),
		again:   widget.NewButtonWithIcon("Search", theme.SearchIcon(), nil),
		cancel:  widget.NewButtonWithIcon("Cancel", theme.CancelIcon(), nil),
		status:  clipped("Waiting for agents…"),
		summary: widget.NewLabelWithStyle("", fyne.TextAlignTrailing, fyne.TextStyle{Bold: true}),
		bar:     widget.NewProgressBar(),
		agents:  newAgentList(),
		groups:  newGroupList(),
	}
	v.again.Disable()
	v.cancel.Disable()
	top := container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(v.summary, v.again, v.cancel), v.status),
		v.bar, widget.NewSeparator())
	split := container.NewHSplit(v.agents.content, v.groups.content)
	split.SetOffset(0.4)
	v.window.SetContent(container.NewBorder(top, nil, nil, nil, split))
	v.window.Resize(fyne.NewSize(960, 600))
	g, _ := guest.FromContext(ctx)
	fynehost.QuitOnClose(g, v.window, nil)
	v.window.Show()
	return v
}

// serve shows a fleet, and searches it once its agents are there. Must be called in the
// window's task, because all searches live in its scope. Waits only for the agents.
func (v *view) serve(ctx context.Context, f fleet, wanted []string, kill func(name string) bool) error {
	v.agents.kill = kill
	f.OnChange(func() { v.agents.show(f.Agents(), f.Missing(v.shares)) })
	shares, err := v.meet(ctx, f, wanted)
	if err != nil {
		return err
	}
	s := session.NewFind(ctx, v, f.Search)
	v.again.OnTapped = func() {
		if now := f.Shares(); len(wanted) == 0 && len(now) > 0 { // agents may have come or gone
			shares = now
		}
		s.Start(shares)
	}
	v.cancel.OnTapped = s.Cancel
	s.Start(shares)
	return nil
}

// meet waits for agents without a time limit.
func (v *view) meet(ctx context.Context, f fleet, wanted []string) ([]string, error) {
	for {
		shares, err := f.Meet(ctx, wanted)
		if !errors.Is(err, machines.ErrNoAgents) {
			return shares, err
		}
		v.status.SetText("Waiting for agents: start some with -agent")
	}
}

// Choose is part of session.View. There is nothing to choose: agents bring their folders.
func (v *view) Choose(context.Context) (string, error) { return "", nil }

// ShowError is part of session.View.
func (v *view) ShowError(ctx context.Context, problem error) error {
	return fynehost.ShowError(ctx, v.window, problem)
}

// Searching is part of session.View.
func (v *view) Searching(shares []string) {
	v.shares = shares
	v.status.SetText("Searching " + strings.Join(shares, ", "))
	v.summary.SetText("")
	v.bar.SetValue(0)
	v.groups.show(nil)
	v.again.Disable()
	v.cancel.Enable()
}

// Progress is part of session.View.
func (v *view) Progress(m *finder.Model) {
	v.status.SetText(m.Line())
	v.summary.SetText(m.Sum())
	v.bar.SetValue(m.Fraction())
	v.groups.show(m.Groups)
}

// Finished is part of session.View.
func (v *view) Finished(r *finder.Result) {
	v.status.SetText(r.Line())
	v.summary.SetText(r.Sum())
	if !r.Cancelled {
		v.bar.SetValue(1)
	}
	v.groups.show(r.Groups)
	v.again.Enable()
	v.cancel.Disable()
}

// clipped returns a label that never widens the window.
func clipped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}
