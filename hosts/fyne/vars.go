package fynehost

import (
	"context"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/data/binding"

	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// A widget with a setter can follow a Var without help: v.Bind(ctx, label.SetText). This file is
// for what needs two methods, or goes both ways.

// DisableWhen disables widgets while v is true, from now until ctx is done. Then they stay as
// they are. If ctx is done already, nothing happens. The widgets change soon after v, as with
// flow.Var.Bind, not in the line that sets v. Use only one Var for each widget: with two, the
// Var that changed last decides. It panics as flow.Var.Bind does, and for a nil Var or widget.
// UI thread only. Never waits.
//
//	fynehost.DisableWhen(ctx, save.Busy(), button) // save is a *flow.Action
func DisableWhen(ctx context.Context, v *flow.Var[bool], widgets ...fyne.Disableable) {
	needVar("DisableWhen", v)
	needMade("DisableWhen", widgets)
	follow(ctx, v, func(on bool) { enable(!on, widgets) })
}

// EnableWhen enables widgets while v is true and disables them while v is false, such as a Cancel
// button while an action runs. Otherwise it is as [DisableWhen]. UI thread only. Never waits.
func EnableWhen(ctx context.Context, v *flow.Var[bool], widgets ...fyne.Disableable) {
	needVar("EnableWhen", v)
	needMade("EnableWhen", widgets)
	follow(ctx, v, func(on bool) { enable(on, widgets) })
}

func enable(on bool, widgets []fyne.Disableable) {
	for _, w := range widgets {
		if on {
			w.Enable()
		} else {
			w.Disable()
		}
	}
}

// ShowWhen shows objects while v is true and hides them while v is false, from now until ctx is
// done. Then they stay as they are. Otherwise it is as [DisableWhen]. UI thread only. Never
// waits.
func ShowWhen(ctx context.Context, v *flow.Var[bool], objects ...fyne.CanvasObject) {
	needVar("ShowWhen", v)
	needMade("ShowWhen", objects)
	follow(ctx, v, func(on bool) {
		for _, o := range objects {
			if on {
				o.Show()
			} else {
				o.Hide()
			}
		}
	})
}

// follow is Bind, but also calls fn at once, so that the first frame is right.
func follow(ctx context.Context, v *flow.Var[bool], fn func(bool)) {
	if isDone(ctx) {
		return
	}
	v.Bind(ctx, fn)
	fn(v.Get())
}

// isDone reports whether ctx is done, so nothing must be bound. Bind checks for a nil context.
func isDone(ctx context.Context) bool { return ctx != nil && ctx.Err() != nil }

func needVar[T any](verb string, v *flow.Var[T]) {
	if v == nil {
		panic("fynehost: " + verb + " called with a nil Var; make one with flow.NewVar")
	}
}

// needMade panics if one of the widgets is nil.
func needMade[T any](verb string, widgets []T) {
	for _, w := range widgets {
		if windows.IsNil(w) {
			panic("fynehost: " + verb + " called with a nil widget; make the widget before this call")
		}
	}
}

func needItem(verb string, item any) {
	if windows.IsNil(item) {
		panic("fynehost: " + verb + " called with a nil item; make one with the package binding, as with binding.NewString")
	}
}

// BindItem keeps v and item equal in both directions until ctx is done. What tasks set in v
// appears in the widgets that show item. What the user enters there appears in v. At the start v
// wins: item gets its value before BindItem returns. Later the newest value wins. If both change
// in the same turn of the loop, either may win, but they end up equal. If ctx is done already,
// nothing happens. It panics as flow.Var.Bind does, and for a nil Var or item. UI thread only.
// Never waits.
//
// Do not build rings: two Vars with two items, each bound to both, can pass two values round
// forever. One Var with several items, or one item with several Vars, is not a ring.
//
//	name := flow.NewVar("Ada")
//	text := binding.NewString()
//	fynehost.BindItem(ctx, name, text)
//	entry := widget.NewEntryWithData(text)
//
// If item can't take a value, the log says so, and item keeps its own. If item has no value, as
// a number may have none while the user types its digits, v keeps its own.
func BindItem[T comparable](ctx context.Context, v *flow.Var[T], item binding.Item[T]) {
	needVar("BindItem", v)
	needItem("BindItem", item)
	if isDone(ctx) {
		return
	}
	b := &itemBinding[T]{ctx: ctx, value: v, item: item}
	v.Bind(ctx, b.fromVar)
	b.toItem(v.Get())
	listener := binding.NewDataListener(b.fromItem)
	item.AddListener(listener)
	loop := currentLoop()
	context.AfterFunc(ctx, func() { loop.do(func() { item.RemoveListener(listener) }) })
}

// An itemBinding knows the value on which both sides last agreed. So it recognizes a value that
// comes back from the other side as an echo, however late it comes. UI thread only.
type itemBinding[T comparable] struct {
	ctx    context.Context
	value  *flow.Var[T]
	item   binding.Item[T]
	agreed T
}

func (b *itemBinding[T]) fromVar(v T) {
	if b.news(v) {
		b.toItem(v)
	}
}

func (b *itemBinding[T]) toItem(v T) {
	b.agreed = v
	if err := b.item.Set(v); err != nil {
		slog.Warn("fynehost: a binding refused the value of its Var", "value", v, "error", err)
	}
}

func (b *itemBinding[T]) fromItem() {
	v, err := b.item.Get()
	if err == nil && b.ctx.Err() == nil && b.news(v) {
		b.agreed = v
		b.value.Set(v)
	}
}

// news reports whether v differs from the value agreed on. NaN counts as equal to itself;
// otherwise it would go round forever.
func (b *itemBinding[T]) news(v T) bool {
	return v != b.agreed && (v == v || b.agreed == b.agreed)
}
