//go:build cgo

package gtkui_test

import (
	"context"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("vars", vars)
	stories.Add("typed", typed)
}

// A lateWidget notes on which thread it is set.
type lateWidget struct {
	set    int
	thread host.Thread
}

func (l *lateWidget) SetSensitive(bool) { l.set++; l.thread = host.CurrentThread() }

// vars has widgets that follow values, and values that follow widgets.
func vars() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		box := must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 0))
		entry, check := must(gtk.EntryNew()), must(gtk.CheckButtonNew())
		level := must(gtk.AdjustmentNew(5, 0, 10, 1, 1, 0))
		box.Add(entry)
		stop := must(gtk.ButtonNew())
		box.Add(check)
		box.Add(stop)
		newWindow("vars", box)
		bound, cancel := context.WithCancel(ctx)

		off, shown := flow.NewVar(true), flow.NewVar(false)
		gtkui.DisableWhen(bound, off, entry, check)
		gtkui.EnableWhen(bound, shown, stop)
		gtkui.ShowWhen(bound, shown, check)
		assert.True(s, !stop.GetSensitive() && !entry.GetSensitive() && !check.GetSensitive() && !check.GetVisible(),
			"the first frame is right")
		off.Set(false)
		shown.Set(true)
		until(ctx, s, func() bool {
			return stop.GetSensitive() && entry.GetSensitive() && check.GetSensitive() && check.GetVisible()
		})

		// also in a handler that has no context of the guest
		plain, cancelPlain := context.WithCancel(context.Background())
		gtkui.DisableWhen(plain, flow.NewVar(true), entry)
		assert.False(s, entry.GetSensitive())
		cancelPlain()
		entry.SetSensitive(true)

		// Elsewhere widgets may not be touched, so they follow later, on this thread.
		late := new(lateWidget)
		elsewhere, cancelElsewhere := context.WithCancel(ctx)
		thread := host.CurrentThread()
		done := make(chan struct{})
		go func() {
			defer close(done)
			gtkui.DisableWhen(elsewhere, flow.NewVar(true), late)
		}()
		until(ctx, s, func() bool { return late.set > 0 })
		<-done
		assert.Equal(s, thread, late.thread)
		cancelElsewhere()

		text := func() string { return must(entry.GetText()) }
		entry.SetText("the widget's")
		seen := []string{}
		name := flow.NewVarFunc("the Var's", func(old, v string) bool { seen = append(seen, v); return old == v })
		gtkui.BindWidget(bound, name, entry, "changed", text, entry.SetText)
		assert.Equal(s, "the Var's", text(), "the Var wins at the start")
		entry.SetText("typed")
		assert.Equal(s, "typed", name.Get(), "what the user does is in the Var at once")
		_, err := guest.Background(ctx, func(context.Context) (int, error) { name.Set("from elsewhere"); return 0, nil })
		require.NoError(s, err)
		until(ctx, s, func() bool { return text() == "from elsewhere" })
		require.NoError(s, guest.Sleep(ctx, 20*time.Millisecond))
		assert.Equal(s, "from elsewhere", name.Get())

		// A text buffer deletes its text first, and says so.
		buffer := must(must(gtk.TextViewNew()).GetBuffer())
		written := func() string {
			from, to := buffer.GetBounds()
			return must(buffer.GetText(from, to, true))
		}
		gtkui.BindWidget(bound, name, buffer, "changed", written, buffer.SetText)
		assert.Equal(s, "from elsewhere", written())
		name.Set("from the Var")
		until(ctx, s, func() bool { return written() == "from the Var" && text() == "from the Var" })
		name.Set("from elsewhere")
		until(ctx, s, func() bool { return written() == "from elsewhere" })
		assert.NotContains(s, seen, "")

		on := flow.NewVar(true)
		gtkui.BindWidget(bound, on, check, "toggled", check.GetActive, check.SetActive)
		assert.True(s, check.GetActive())
		check.SetActive(false)
		assert.False(s, on.Get())

		value := flow.NewVar(7.0)
		gtkui.BindWidget(bound, value, level, "value-changed", level.GetValue, level.SetValue)
		value.Set(70)
		until(ctx, s, func() bool { return level.GetValue() == 10 && value.Get() == 10 })

		// It ends with its context.
		cancel()
		entry.SetText("alone")
		assert.Equal(s, "from elsewhere", name.Get())
		name.Set("alone, too")
		off.Set(true)
		require.NoError(s, guest.Sleep(ctx, 20*time.Millisecond))
		assert.Equal(s, "alone", text())
		assert.True(s, entry.GetSensitive())

		// A context that is done binds nothing.
		gtkui.DisableWhen(bound, flow.NewVar(true), entry)
		gtkui.EnableWhen(bound, flow.NewVar(false), entry)
		gtkui.ShowWhen(bound, flow.NewVar(false), entry)
		gtkui.BindWidget(bound, flow.NewVar("no"), entry, "changed", text, entry.SetText)
		require.NoError(s, guest.Sleep(ctx, 20*time.Millisecond))
		assert.Equal(s, "alone", text())
		assert.True(s, entry.GetSensitive() && entry.GetVisible())
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestWidgetsFollowVarsAndVarsFollowWidgets(t *testing.T) {
	require.Equal(t, "<nil> false\n", screentest.Start(t, "vars").Ended(0))
}

// typed has a Var that follows an entry, and another entry that follows the Var; from elsewhere
// the Var is set to what it has, again and again.
func typed() int {
	err := gtkui.Run(func(ctx context.Context) error {
		box := must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 0))
		a, b := must(gtk.EntryNew()), must(gtk.EntryNew())
		box.Add(a)
		box.Add(b)
		newWindow("typed", box)
		v := flow.NewVar("")
		for _, e := range []*gtk.Entry{a, b} {
			gtkui.BindWidget(ctx, v, e, "changed", func() string { return must(e.GetText()) }, e.SetText)
		}
		a.GrabFocus()
		screentest.Say("ready")
		for v, err := range v.Values(ctx) {
			if err != nil {
				return err
			}
			if v == "straight-line" {
				break
			}
		}
		for must(b.GetText()) != "straight-line" {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		screentest.Say("both")
		return nil
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestTypingReachesTheVarAndTheOtherEntry(t *testing.T) {
	p := screentest.Start(t, "typed")
	p.Hear("ready")
	screentest.Xdotool(t, "windowfocus", "--sync", screentest.Window(t, "typed"))
	screentest.Xdotool(t, "type", "straight-line")
	require.Equal(t, "ready\nboth\n<nil>\n", p.Ended(0))
}

func TestBindWidgetWithoutFunctionsIsRefused(t *testing.T) {
	require.PanicsWithValue(t, "gtkui: BindWidget called with a nil function; pass functions that read and write the widget",
		func() { gtkui.BindWidget[string](context.Background(), flow.NewVar(""), nil, "changed", nil, nil) })
}

func TestNilVarsAndWidgetsAreRefused(t *testing.T) {
	ctx, v := context.Background(), flow.NewVar(true)
	get, set := func() bool { return true }, func(bool) {}
	for want, call := range map[string]func(){
		"DisableWhen called with a nil Var; make one with flow.NewVar":           func() { gtkui.DisableWhen(ctx, nil) },
		"DisableWhen called with a nil widget; make the widget before this call": func() { gtkui.DisableWhen(ctx, v, (*gtk.Button)(nil)) },
		"EnableWhen called with a nil Var; make one with flow.NewVar":            func() { gtkui.EnableWhen(ctx, nil) },
		"EnableWhen called with a nil widget; make the widget before this call":  func() { gtkui.EnableWhen(ctx, v, nil) },
		"ShowWhen called with a nil Var; make one with flow.NewVar":              func() { gtkui.ShowWhen(ctx, nil) },
		"ShowWhen called with a nil widget; make the widget before this call":    func() { gtkui.ShowWhen(ctx, v, nil) },
		"BindWidget called with a nil Var; make one with flow.NewVar":            func() { gtkui.BindWidget(ctx, nil, nil, "", get, set) },
		"BindWidget called with a nil widget; make the widget before this call":  func() { gtkui.BindWidget(ctx, v, nil, "", get, set) },
	} {
		require.PanicsWithValue(t, "gtkui: "+want, call)
	}
}
