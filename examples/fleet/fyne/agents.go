package main

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/examples/fleet/machines"
)

// An agentList shows what each agent does. A list draws only visible rows, so a thousand agents
// cost no more than ten.
type agentList struct {
	content *fyne.Container
	title   *widget.Label
	list    *widget.List
	agents  []*machines.Agent
	kill    func(name string) bool // false if the agent is on another machine
	away    map[string]bool        // the agents of which kill has said so
}

func newAgentList() *agentList {
	l := &agentList{title: clipped("No agents"), away: map[string]bool{}}
	l.title.TextStyle.Bold = true
	l.list = widget.NewList(func() int { return len(l.agents) }, newAgentRow, func(i widget.ListItemID, o fyne.CanvasObject) {
		l.showRow(o.(*agentRow), l.agents[i])
	})
	l.content = container.NewBorder(l.title, nil, nil, nil, l.list)
	return l
}

func (l *agentList) show(agents []*machines.Agent, missing string) {
	l.agents = agents
	alive := 0
	for _, a := range agents {
		if !a.Lost {
			alive++
		}
	}
	title := fmt.Sprintf("%d of %d agents", alive, len(agents))
	if missing != "" {
		title += "; " + missing
	}
	l.title.SetText(title)
	l.list.Refresh()
}

// An agentRow is a row of the list.
type agentRow struct {
	widget.BaseWidget
	icon       *widget.Icon
	name, line *widget.Label
	kill       *widget.Button
}

func newAgentRow() fyne.CanvasObject {
	r := &agentRow{icon: widget.NewIcon(theme.ComputerIcon()), name: widget.NewLabel("agent-100"), line: clipped("reading"),
		kill: widget.NewButton("Kill", nil)}
	r.name.TextStyle.Bold = true
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is part of fyne.Widget.
func (r *agentRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewBorder(nil, nil, container.NewHBox(r.icon, r.name), r.kill, r.line))
}

func (l *agentList) showRow(r *agentRow, a *machines.Agent) {
	icon := theme.ComputerIcon()
	if a.Lost {
		icon = theme.WarningIcon()
	}
	r.icon.SetResource(icon)
	r.name.SetText(a.Agent)
	r.line.SetText(a.Line())
	name := a.Agent
	r.kill.OnTapped = func() {
		if !l.kill(name) {
			l.away[name] = true
			r.kill.Disable()
		}
	}
	if a.Lost || l.away[name] {
		r.kill.Disable()
	} else {
		r.kill.Enable()
	}
}
