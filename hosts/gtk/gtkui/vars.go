//go:build cgo

package gtkui

import (
	"context"

	"github.com/golodger/lodger/guest/flow"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Widgets that follow a value. Where one call of a widget is enough, Var.Bind is, too:
// v.Bind(ctx, label.SetText), v.Bind(ctx, bar.SetFraction).

// DisableWhen makes widgets insensitive while v is true, and sensitive while it is false, until
// ctx is done: a button while its action runs, say. Any goroutine. Never waits. The widgets
// follow soon and never at once, as in [flow.Var.Bind]; if ctx is done already, nothing happens.
// Use one Var for each widget: of two for one, whichever has changed last decides. It panics as
// Bind does, and for a nil Var or widget.
//
//	gtkui.DisableWhen(ctx, save.Busy(), button) // save is a *flow.Action
func DisableWhen(ctx context.Context, v *flow.Var[bool], widgets ...interface{ SetSensitive(bool) }) {
	needVar("DisableWhen", v)
	needMade("DisableWhen", widgets)
	if isDone(ctx) {
		return
	}
	v.Bind(ctx, func(on bool) {
		for _, w := range widgets {
			w.SetSensitive(!on)
		}
	})
}

// ShowWhen shows widgets while v is true, and hides them while it is false, until ctx is done.
// Otherwise as [DisableWhen]. A ShowAll above the widgets would show them, too: call
// SetNoShowAll(true) of those that are to begin hidden.
func ShowWhen(ctx context.Context, v *flow.Var[bool], widgets ...interface{ SetVisible(bool) }) {
	needVar("ShowWhen", v)
	needMade("ShowWhen", widgets)
	if isDone(ctx) {
		return
	}
	v.Bind(ctx, func(on bool) {
		for _, w := range widgets {
			w.SetVisible(on)
		}
	})
}

// isDone reports whether nothing is to be bound any more. A nil context is Bind's affair.
func isDone(ctx context.Context) bool { return ctx != nil && ctx.Err() != nil }

func needVar[T any](verb string, v *flow.Var[T]) {
	if v == nil {
		panic("gtkui: " + verb + " called with a nil Var; make one with flow.NewVar")
	}
}

// needMade refuses nil among widgets.
func needMade[T any](verb string, widgets []T) {
	for _, w := range widgets {
		if windows.IsNil(w) {
			panic("gtkui: " + verb + " called with a nil widget; make the widget before this call")
		}
	}
}

// BindWidget keeps v and what a widget holds equal, both ways, until ctx is done. signal is the
// one by which o says that it has changed; get and set read and write it. UI thread only. Never
// waits. At the start the widget gets v's value, at once; if ctx is done already, nothing happens.
// It panics for a nil Var, widget or function, and for a context of no guest.
//
//	gtkui.BindWidget(ctx, on, check, "toggled", check.GetActive, check.SetActive)
//	gtkui.BindWidget(ctx, level, scale, "value-changed", scale.GetValue, scale.SetValue)
//	text := func() string { text, _ := entry.GetText(); return text }
//	gtkui.BindWidget(ctx, name, entry, "changed", text, entry.SetText)
//
// What the user does is in v when the signal has been emitted. What code sets comes to the
// widget soon, as in [flow.Var.Bind]. If the widget makes something else of it (an adjustment
// has bounds), v gets that. The two come to rest: a value is set only where it differs.
func BindWidget[T comparable](ctx context.Context, v *flow.Var[T], o gtkhost.Object, signal string, get func() T, set func(T)) {
	if get == nil || set == nil {
		panic("gtkui: BindWidget called with a nil function; pass those that read and write the widget")
	}
	needVar("BindWidget", v)
	needMade("BindWidget", []gtkhost.Object{o})
	needGuest(ctx, "BindWidget")
	if isDone(ctx) {
		return
	}
	setting := false // a text buffer says that it is empty before it says its new text
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
				return now // which comes next
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
