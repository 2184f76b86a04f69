package fynehost

import (
	"context"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/data/binding"

	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// What has a setter follows a Var without help: v.Bind(ctx, label.SetText). Here is what takes
// two methods, or goes both ways.

// DisableWhen disables widgets while v is true, from now on until ctx is done; then they stay as
// they are; if ctx is done already, nothing happens. They follow soon, as with flow.Var.Bind, and
// not in the line that sets v. Use one Var for each widget: of two for one, whichever has changed
// last decides. UI thread only. Never waits. It panics as flow.Var.Bind does, and for a nil Var or
// widget.
//
//	fynehost.DisableWhen(ctx, save.Busy(), button) // save is a *flow.Action
func DisableWhen(ctx context.Context, v *flow.Var[bool], widgets ...fyne.Disableable) {
	needVar("DisableWhen", v)
	needMade("DisableWhen", widgets)
	follow(ctx, v, func(on bool) {
		for _, w := range widgets {
			if on {
				w.Disable()
			} else {
				w.Enable()
			}
		}
	})
}

// ShowWhen shows objects while v is true, and hides them while it is false, from now on until ctx
// is done; then they stay as they are. Otherwise as [DisableWhen]. UI thread only. Never waits.
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

// follow is Bind that calls fn at once, too: what is shown next is right already.
func follow(ctx context.Context, v *flow.Var[bool], fn func(bool)) {
	if isDone(ctx) {
		return
	}
	v.Bind(ctx, fn)
	fn(v.Get())
}

// isDone reports whether nothing is to be bound any more. A nil context is Bind's affair.
func isDone(ctx context.Context) bool { return ctx != nil && ctx.Err() != nil }

func needVar[T any](verb string, v *flow.Var[T]) {
	if v == nil {
		panic("fynehost: " + verb + " called with a nil Var; make one with flow.NewVar")
	}
}

// needMade refuses nil among widgets.
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

// BindItem keeps v and item equal, both ways, until ctx is done: what tasks set in v is seen in
// the widgets that show item, and what the user enters there is seen in v. At the start the
// Var wins: item gets its value before BindItem returns. Later the newest value wins, and the two
// come to rest; if both change in the same turn of the loop, either may. If ctx is done already,
// nothing happens. UI thread only. Never waits. It panics as flow.Var.Bind does, and for a nil
// Var or item.
//
// Build no rings: two Vars with two items, each bound to both, can pass two values round for
// ever. One Var with several items, or one item with several Vars, is no ring.
//
//	name := flow.NewVar("Ada")
//	text := binding.NewString()
//	fynehost.BindItem(ctx, name, text)
//	entry := widget.NewEntryWithData(text)
//
// If item can't take a value, or has none, as a number while its digits are typed, the other
// side keeps what it has. The log says what item did not take.
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

// An itemBinding knows the value on which both sides have agreed last. So what comes back from
// the other side as an echo is no news, however late it comes. UI thread only.
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
		slog.Warn("fynehost: a binding does not take the value of its Var", "value", v, "error", err)
	}
}

func (b *itemBinding[T]) fromItem() {
	v, err := b.item.Get()
	if err == nil && b.ctx.Err() == nil && b.news(v) {
		b.agreed = v
		b.value.Set(v)
	}
}

// news reports whether v is another value than the one agreed on. NaN equals itself here, or it
// would go round for ever.
func (b *itemBinding[T]) news(v T) bool {
	return v != b.agreed && (v == v || b.agreed == b.agreed)
}
