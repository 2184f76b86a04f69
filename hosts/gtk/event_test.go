//go:build cgo

package gtkhost_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// inTask runs body as a guest's task, in GLib's loop.
func inTask(t *testing.T, body func(ctx context.Context)) {
	t.Helper()
	require.NoError(t, gtkhost.Run(func(ctx context.Context) error { body(ctx); return nil }, nil))
}

func newAction() *glib.SimpleAction { return glib.SimpleActionNew("test", nil) }

func ExampleSignals() {
	_ = gtkhost.Run(func(ctx context.Context) error {
		button := newAction() // anything that emits signals
		glib.TimeoutAdd(1, func() bool { button.Activate(nil); return true })
		clicks := 0
		for range gtkhost.Signals(ctx, button, "activate") {
			if clicks++; clicks == 3 {
				break
			}
		}
		fmt.Println(clicks, "clicks")
		return nil
	}, nil)
	// Output: 3 clicks
}

func TestSignalWaitsForOne(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		action := newAction()
		for range 2 { // two wait for the same one
			guest.Go(ctx, func(ctx context.Context) error { return gtkhost.Signal(ctx, action, "activate") })
		}
		require.NoError(t, guest.Yield(ctx))
		action.Activate(nil)
		require.NoError(t, guest.Join(ctx))
	})
}

func ExampleFirst() {
	_ = gtkhost.Run(func(ctx context.Context) error {
		save, discard := newAction(), newAction() // anything that emits signals
		guest.Go(ctx, func(context.Context) error { discard.Activate(nil); return nil })
		i, err := gtkhost.First(ctx, gtkhost.On(save, "activate"), gtkhost.On(discard, "activate"))
		fmt.Println(i, err)
		return nil
	}, nil)
	// Output: 1 <nil>
}

func TestFirstReturnsTheIndexOfTheFirstSignal(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		a, b := newAction(), newAction()
		for i, c := range []struct {
			cause func()
			want  int
		}{
			{func() { a.Activate(nil); b.Activate(nil) }, 0},
			{func() { b.Activate(nil); a.Activate(nil) }, 2},
			{func() { a.SetEnabled(false); a.SetEnabled(true) }, 1},
		} {
			guest.Go(ctx, func(context.Context) error { c.cause(); return nil })
			got, err := gtkhost.First(ctx, gtkhost.On(a, "activate"), gtkhost.On(a, "notify::enabled"), gtkhost.On(b, "activate"))
			require.NoError(t, err)
			require.Equal(t, c.want, got, i)
		}
		short, cancel := context.WithCancel(ctx)
		cancel()
		got, err := gtkhost.First(short, gtkhost.On(a, "activate"))
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, -1, got)
		require.PanicsWithValue(t, "gtkhost: First called without a source; pass at least one from On",
			func() { _, _ = gtkhost.First(ctx) })
	})
}

// A spy counts what its handlers are told.
type spy struct {
	*glib.SimpleAction
	told int
}

func (s *spy) Connect(signal string, f any) glib.SignalHandle {
	return s.SimpleAction.Connect(signal, func() { s.told++; f.(func())() })
}

func TestFirstListensNoMoreToTheOthers(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		first, other := newAction(), &spy{SimpleAction: newAction()}
		guest.Go(ctx, func(context.Context) error { first.Activate(nil); return nil })
		_, err := gtkhost.First(ctx, gtkhost.On(first, "activate"), gtkhost.On(other, "activate"))
		require.NoError(t, err)
		other.Activate(nil)
		require.Zero(t, other.told)

		// nor is one connected beside a name that is misspelt
		require.Panics(t, func() {
			_, _ = gtkhost.First(ctx, gtkhost.On(other, "activate"), gtkhost.On(first, "activated"))
		})
		other.Activate(nil)
		require.Zero(t, other.told)
	})
}

func TestSignalsLosesNoneWhileTheBodyWaits(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		action := newAction()
		guest.Go(ctx, func(ctx context.Context) error {
			for range 3 {
				action.Activate(nil)
			}
			return nil
		})
		n := 0
		for range gtkhost.Signals(ctx, action, "activate") {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
			if n++; n == 3 {
				break
			}
		}
	})
}

func TestValuesComeWithTheSignal(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		action := glib.SimpleActionNewStateful("test", nil, glib.VariantFromInt32(0))
		guest.Go(ctx, func(ctx context.Context) error {
			for i := range 3 {
				action.ChangeState(glib.VariantFromInt32(int32(i)))
			}
			return nil
		})
		var got []int
		for v := range gtkhost.Values[int](ctx, action, "change-state") {
			if got = append(got, v); len(got) == 3 {
				break
			}
		}
		require.Equal(t, []int{0, 1, 2}, got)
	})
}

func TestCancelledTaskListensNoMore(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		action := newAction()
		heard := 0
		task := guest.Go(ctx, func(ctx context.Context) error {
			for range gtkhost.Signals(ctx, action, "activate") {
				heard++
			}
			require.ErrorIs(t, ctx.Err(), context.Canceled)
			require.ErrorIs(t, gtkhost.Signal(ctx, action, "activate"), context.Canceled)
			return nil
		})
		require.NoError(t, guest.Yield(ctx))
		action.Activate(nil)
		require.NoError(t, guest.Yield(ctx))
		require.Equal(t, 1, heard)
		task.Cancel(nil)
		require.NoError(t, task.Wait(ctx))
		action.Activate(nil)
		require.NoError(t, guest.Yield(ctx))
		require.Equal(t, 1, heard)
	})
}

func TestConnectReturnsHowToDisconnect(t *testing.T) {
	action, heard := newAction(), 0
	disconnect := gtkhost.Connect(action, "activate", func() { heard++ })
	action.Activate(nil)
	disconnect()
	disconnect() // as after a destruction: not an error
	action.Activate(nil)
	require.Equal(t, 1, heard)
}

func TestSignalThatDoesNotExistIsRefused(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		action := newAction()
		for verb, wait := range map[string]func(){
			"Connect": func() { _ = gtkhost.Signal(ctx, action, "activated") },
			"Values": func() {
				for range gtkhost.Values[int](ctx, action, "activated") {
				}
			},
		} {
			require.PanicsWithValue(t, "gtkhost: "+verb+` called for the signal "activated", which a *glib.SimpleAction does not have; check the name`, wait)
		}
		require.PanicsWithValue(t, "gtkhost: Connect called with a nil object; make the object first", func() { _ = gtkhost.Signal(ctx, nil, "activate") })
		gtkhost.Connect(action, "notify::enabled", func() {})()
		for _, handler := range []any{nil, 5, (func())(nil)} {
			require.PanicsWithValue(t, `gtkhost: Connect called for the signal "activate" with a handler that is not a function; pass a func`,
				func() { gtkhost.Connect(action, "activate", handler) })
		}
	})
}

// Else a loop would end as if its context were done.
func TestWaitOutsideATaskIsRefused(t *testing.T) {
	action := glib.SimpleActionNewStateful("test", nil, glib.VariantFromInt32(0))
	for verb, wait := range map[string]func(ctx context.Context){
		"Signal": func(ctx context.Context) { _ = gtkhost.Signal(ctx, action, "activate") },
		"First":  func(ctx context.Context) { _, _ = gtkhost.First(ctx, gtkhost.On(action, "activate")) },
		"Signals": func(ctx context.Context) {
			for range gtkhost.Signals(ctx, action, "activate") {
			}
		},
		"Values": func(ctx context.Context) {
			for range gtkhost.Values[int](ctx, action, "change-state") {
			}
		},
	} {
		t.Run(verb, func(t *testing.T) {
			want := "gtkhost: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain"
			inTask(t, func(ctx context.Context) {
				called := false
				glib.IdleAdd(func() {
					called = true
					assert.PanicsWithValue(t, want, func() { wait(ctx) })
				})
				for !called {
					require.NoError(t, guest.Sleep(ctx, time.Millisecond))
				}
			})
		})
	}
}

// gotk3 passes on a pointer to what lives for as long as the signal, or panics.
func TestValuesThatCanNotBeKeptAreRefused(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		app := glib.ApplicationNew("org.example.fleeting", glib.APPLICATION_FLAGS_NONE)
		for signal, value := range map[string]string{
			"handle-local-options": "GVariantDict",
			"open":                 "gpointer",
			"notify":               "GParam",
			"notify::flags":        "GParam",
		} {
			require.PanicsWithValue(t, fmt.Sprintf("gtkhost: Values called for the signal %q, whose %s can't be kept; use Signals, "+
				"or Connect, and take what you need in the handler", signal, value), func() {
				for range gtkhost.Values[any](ctx, app, signal) {
				}
			})
		}
	})
}

// A loop whose body never waits is a wait for each signal all the same.
func TestLoopOverManySignalsLetsTheOthersRun(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		action := newAction()
		loop := guest.Go(ctx, func(ctx context.Context) error {
			for range gtkhost.Signals(ctx, action, "activate") {
				action.Activate(nil) // there is always one more
			}
			return nil
		})
		require.NoError(t, guest.Yield(ctx))
		action.Activate(nil)
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		loop.Cancel(nil)
		require.NoError(t, loop.Wait(ctx))
	})
}

func TestValuesOfAnotherTypeAreRefusedInTheTask(t *testing.T) {
	inTask(t, func(ctx context.Context) {
		action := glib.SimpleActionNewStateful("test", nil, glib.VariantFromInt32(0))
		guest.Go(ctx, func(context.Context) error { action.ChangeState(glib.VariantFromInt32(65)); return nil })
		require.PanicsWithValue(t, `gtkhost: Values[string] called for the signal "change-state", whose value is a int32; use Values[int32]`, func() {
			for range gtkhost.Values[string](ctx, action, "change-state") {
			}
		})
		app := glib.ApplicationNew("org.example.values", glib.APPLICATION_FLAGS_NONE)
		require.PanicsWithValue(t, `gtkhost: Values called for the signal "activate", which has no values; use Signals`, func() {
			for range gtkhost.Values[int](ctx, app, "activate") {
			}
		})
	})
}

// Anything whose signal has a value: here an action, of GIO alone.
func ExampleValues() {
	_ = gtkhost.Run(func(ctx context.Context) error {
		open := glib.SimpleActionNew("open", glib.VARIANT_TYPE_STRING)
		guest.Go(ctx, func(context.Context) error { open.Activate(glib.VariantFromString("notes.txt")); return nil })
		for name := range gtkhost.Values[string](ctx, open, "activate") {
			fmt.Println("open", name)
			break
		}
		return nil
	}, nil)
	// Output: open notes.txt
}

// Whatever gotk3 gives, widgets and all else that emits signals, is an Object.
func ExampleObject() {
	all := []gtkhost.Object{newAction(), glib.MenuNew()}
	fmt.Println(len(all))
	// Output: 2
}
