package fynehost_test

import (
	"context"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

func TestWidgetsFollowAVar(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		v := flow.NewVar(true)
		save, open, bar := widget.NewButton("", nil), widget.NewButton("", nil), widget.NewProgressBar()
		stop := widget.NewButton("", nil)
		short, cancel := context.WithCancel(ctx)
		fynehost.DisableWhen(short, v, save, open)
		fynehost.EnableWhen(short, v, stop)
		fynehost.ShowWhen(short, v, bar)
		require.False(t, stop.Disabled())
		require.True(t, save.Disabled() && open.Disabled() && bar.Visible(), "at once")
		v.Set(false)
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		require.False(t, save.Disabled() || open.Disabled() || bar.Visible())
		require.True(t, stop.Disabled())
		v.Set(true)
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		require.True(t, save.Disabled() && open.Disabled() && bar.Visible())
		cancel()
		v.Set(false)
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		require.True(t, save.Disabled() && open.Disabled() && bar.Visible(), "they stay as they are")
		require.False(t, stop.Disabled())
	}, nil)
}

// settles waits until both sides have this value.
func settles[T comparable](t *testing.T, ctx context.Context, want T, v *flow.Var[T], item binding.Item[T]) {
	for {
		got, err := item.Get()
		require.NoError(t, err)
		if got == want && v.Get() == want {
			return
		}
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
	}
}

func TestItemAndVarAreEqual(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		v, item := flow.NewVar("var"), binding.NewString()
		require.NoError(t, item.Set("item"))
		short, cancel := context.WithCancel(ctx)
		fynehost.BindItem(short, v, item)
		text, err := item.Get()
		require.NoError(t, err)
		require.Equal(t, "var", text, "the Var wins at the start, and at once")
		settles(t, ctx, "var", v, item)

		v.Set("by the program")
		settles(t, ctx, "by the program", v, item)
		require.NoError(t, item.Set("by the user"))
		settles(t, ctx, "by the user", v, item)

		v.Set("one")
		require.NoError(t, item.Set("other"))
		require.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
		text, err = item.Get()
		require.NoError(t, err)
		require.Equal(t, v.Get(), text, "whoever wins")

		cancel()
		v.Set("later")
		require.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
		after, err := item.Get()
		require.NoError(t, err)
		require.Equal(t, text, after)
		require.NoError(t, item.Set("later still"))
		require.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
		require.Equal(t, "later", v.Get())
	}, nil)
}

// A counting item takes every Set for a change.
type counting struct {
	binding.Float
	sets int
}

func (c *counting) Set(v float64) error { c.sets++; return c.Float.Set(v) }

// NaN is equal to nothing, and must not go round for ever.
func TestItemAndVarComeToRest(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		v, item := flow.NewVar(0.0), &counting{Float: binding.NewFloat()}
		fynehost.BindItem(ctx, v, item)
		rest := func() int {
			require.NoError(t, guest.Sleep(ctx, 20*time.Millisecond))
			return item.sets
		}
		before := rest()
		v.Set(math.NaN())
		require.Equal(t, before+1, rest())
		v.Set(1)
		require.Equal(t, before+2, rest())
		require.NoError(t, item.Float.Set(2))
		require.Equal(t, before+2, rest(), "what it told is not told back")
		require.InDelta(t, 2, v.Get(), 0)
	}, nil)
}

// As a number while its digits are typed.
func TestItemWithoutAValueChangesNothing(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		text := binding.NewString()
		v, number := flow.NewVar(12), binding.StringToInt(text)
		fynehost.BindItem(ctx, v, number)
		settles(t, ctx, 12, v, number)
		require.NoError(t, text.Set("-"))
		require.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
		require.Equal(t, 12, v.Get())
		require.NoError(t, text.Set("-3"))
		settles(t, ctx, -3, v, number)
	}, nil)
}

func TestNothingIsBoundOnceTheContextIsDone(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		button, item := widget.NewButton("", nil), binding.NewString()
		require.NoError(t, item.Set("item"))
		done, cancel := context.WithCancel(ctx)
		cancel()
		v, name := flow.NewVar(true), flow.NewVar("var")
		fynehost.DisableWhen(done, v, button)
		fynehost.ShowWhen(done, flow.NewVar(false), button)
		fynehost.BindItem(done, name, item)
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		require.False(t, button.Disabled())
		require.True(t, button.Visible())
		text, err := item.Get()
		require.NoError(t, err)
		require.Equal(t, "item", text)
		require.Equal(t, "var", name.Get())
	}, nil)
}

func TestNilVarsAndWidgetsAreRefused(t *testing.T) {
	ctx, v := context.Background(), flow.NewVar(true)
	for want, call := range map[string]func(){
		"DisableWhen called with a nil Var; make one with flow.NewVar":           func() { fynehost.DisableWhen(ctx, nil) },
		"DisableWhen called with a nil widget; make the widget before this call": func() { fynehost.DisableWhen(ctx, v, (*widget.Button)(nil)) },
		"EnableWhen called with a nil Var; make one with flow.NewVar":            func() { fynehost.EnableWhen(ctx, nil) },
		"EnableWhen called with a nil widget; make the widget before this call":  func() { fynehost.EnableWhen(ctx, v, nil) },
		"ShowWhen called with a nil Var; make one with flow.NewVar":              func() { fynehost.ShowWhen(ctx, nil) },
		"ShowWhen called with a nil widget; make the widget before this call":    func() { fynehost.ShowWhen(ctx, v, nil) },
		"BindItem called with a nil Var; make one with flow.NewVar":              func() { fynehost.BindItem(ctx, nil, binding.NewString()) },
		"BindItem called with a nil item; make one with the package binding, as with binding.NewString": func() {
			fynehost.BindItem(ctx, flow.NewVar(""), nil)
		},
		"Values called with a nil item; make one with the package binding, as with binding.NewString": func() {
			fynehost.Values[string](ctx, nil)
		},
	} {
		require.PanicsWithValue(t, "fynehost: "+want, call)
	}
}
