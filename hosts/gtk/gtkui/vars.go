//go:build cgo

package gtkui

import (
	"context"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Widgets that follow a value. If one call of the widget is enough, so is Var.Bind: v.Bind(ctx,
// label.SetText), v.Bind(ctx, bar.SetFraction).

// DisableWhen makes widgets insensitive while v is true and sensitive while v is false, from now
// until ctx is done. Then they stay as they are. Use it, for example, for a button while its
// action runs. A call on the UI thread sets the widgets at once, so that the first frame is
// right; a call elsewhere sets them soon. They change soon after v, as with flow.Var.Bind, not
// in the line that sets v. If ctx is done already, nothing happens. Use only one Var for each
// widget: with two, the Var that changed last decides. It panics as Bind does, and for a nil Var
// or widget. Any goroutine. Never waits.
//
//	gtkui.DisableWhen(ctx, save.Busy(), button) // save is a *flow.Action
func DisableWhen(ctx context.Context, v *flow.Var[bool], widgets ...interface{ SetSensitive(bool) }) {
	follow(ctx, "DisableWhen", v, widgets, func(w interface{ SetSensitive(bool) }, on bool) { w.SetSensitive(!on) })
}

// EnableWhen makes widgets sensitive while v is true and insensitive while v is false, such as a
// Cancel button while an action runs. Otherwise it is as [DisableWhen]. Any goroutine. Never
// waits.
func EnableWhen(ctx context.Context, v *flow.Var[bool], widgets ...interface{ SetSensitive(bool) }) {
	follow(ctx, "EnableWhen", v, widgets, func(w interface{ SetSensitive(bool) }, on bool) { w.SetSensitive(on) })
}

// ShowWhen shows widgets while v is true and hides them while v is false, from now until ctx is
// done. Then they stay as they are. Otherwise it is as [DisableWhen]. A ShowAll above the
// widgets would show them, too: call SetNoShowAll(true) for widgets that begin hidden. Any
// goroutine. Never waits.
func ShowWhen(ctx context.Context, v *flow.Var[bool], widgets ...interface{ SetVisible(bool) }) {
	follow(ctx, "ShowWhen", v, widgets, func(w interface{ SetVisible(bool) }, on bool) { w.SetVisible(on) })
}

// follow calls set for each widget, now and whenever v changes, until ctx is done. On the UI
// thread it also does so at once.
func follow[W any](ctx context.Context, verb string, v *flow.Var[bool], widgets []W, set func(w W, on bool)) {
	needVar(verb, v)
	needMade(verb, widgets)
	if isDone(ctx) {
		return
	}
	all := func(on bool) {
		for _, w := range widgets {
			set(w, on)
		}
	}
	v.Bind(ctx, all)
	if onUIThread(ctx) {
		all(v.Get())
	}
}

// onUIThread reports whether the caller is on the UI thread of ctx's guest, or of any guest if
// ctx has none.
func onUIThread(ctx context.Context) bool {
	if g, ok := guest.FromContext(ctx); ok {
		t, ok := g.Host().(host.Threader)
		return ok && t.OnThread()
	}
	_, ok := host.Current()
	return ok
}

// isDone reports whether ctx is done, so nothing must be bound. Bind checks for a nil context.
func isDone(ctx context.Context) bool { return ctx != nil && ctx.Err() != nil }

func needVar[T any](verb string, v *flow.Var[T]) {
	if v == nil {
		panic("gtkui: " + verb + " called with a nil Var; make one with flow.NewVar")
	}
}

// needMade panics if one of the widgets is nil.
func needMade[T any](verb string, widgets []T) {
	for _, w := range widgets {
		if windows.IsNil(w) {
			panic("gtkui: " + verb + " called with a nil widget; make the widget before this call")
		}
	}
}

// BindWidget keeps v and the value of a widget equal in both directions until ctx is done. o
// emits signal when its value has changed; get and set read and write the value. At the start
// the widget gets v's value at once. If ctx is done already, nothing happens. It panics for a
// nil Var, widget or function, and for a context without a guest. UI thread only. Never waits.
//
//	gtkui.BindWidget(ctx, on, check, "toggled", check.GetActive, check.SetActive)
//	gtkui.BindWidget(ctx, level, scale, "value-changed", scale.GetValue, scale.SetValue)
//	text := func() string { text, _ := entry.GetText(); return text }
//	gtkui.BindWidget(ctx, name, entry, "changed", text, entry.SetText)
//
// A change by the user is in v when the signal has been emitted. A change of v by code reaches
// the widget soon, as in [flow.Var.Bind]. If the widget changes the value (an adjustment has
// bounds), v gets the widget's value. The two do not chase each other: a value is set only if it
// differs.
func BindWidget[T comparable](ctx context.Context, v *flow.Var[T], o gtkhost.Object, signal string, get func() T, set func(T)) {
	if get == nil || set == nil {
		panic("gtkui: BindWidget called with a nil function; pass functions that read and write the widget")
	}
	needVar("BindWidget", v)
	needMade("BindWidget", []gtkhost.Object{o})
	needGuest(ctx, "BindWidget")
	if isDone(ctx) {
		return
	}
	setting := false // a text buffer first reports that it is empty, then its new text
	show := func(x T) {
		if get() == x {
			return
		}
		setting = true
		set(x)
		setting = false
		if made := get(); made != x {
			v.Update(func(now T) T {
				if now == x {
					return made
				}
				return now // that comes next
			})
		}
	}
	show(v.Get())
	connectUntil(ctx, o, signal, func() {
		if x := get(); !setting && ctx.Err() == nil && x != v.Get() {
			v.Set(x)
		}
	})
	v.Bind(ctx, show)
}
