//go:build js

package browserhost

import (
	"context"
	"errors"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

// run runs main in the page, and fails the test when it fails.
func run(t *testing.T, main func(ctx context.Context) error) {
	t.Helper()
	require.NoError(t, Run(main, nil))
}

// eval runs a script and returns its value.
func eval(script string) js.Value { return js.Global().Call("eval", script) }

// call calls fn once, where JavaScript calls functions, and returns what is given to scripts.
func call(fn func()) js.Func {
	var f js.Func
	f = js.FuncOf(func(js.Value, []js.Value) any { f.Release(); fn(); return nil })
	return f
}

func TestAMainloopRunsOnceAndAnotherAfterIt(t *testing.T) {
	l := New()
	require.False(t, l.OnThread())
	require.NoError(t, guest.RunTask(l, func(context.Context) error { return nil }, nil))
	require.True(t, l.OnThread())
	require.Equal(t, errTwice, l.Mainloop(func() error { return nil }))
	run(t, func(ctx context.Context) error { return guest.Sleep(ctx, time.Millisecond) })
	h, err := host.Open("browser")
	require.NoError(t, err)
	require.IsType(t, l, h)
}

func TestQuitUnwindsTheTasks(t *testing.T) {
	l, unwound := New(), false
	err := guest.RunTask(l, func(ctx context.Context) error {
		js.Global().Call("setTimeout", call(l.Quit), 1)
		defer func() { unwound = true }()
		return guest.Park(ctx)
	}, nil)
	require.NoError(t, err)
	require.True(t, unwound)
}

// A task that only yields leaves the page its turns: timers, and frames where there are any.
func TestATaskThatOnlyYieldsStarvesNeitherThePageNorGoroutines(t *testing.T) {
	run(t, func(ctx context.Context) error {
		busy := guest.Go(ctx, func(ctx context.Context) error {
			for guest.Yield(ctx) == nil {
			}
			return nil
		})
		defer busy.Cancel(nil)
		ticks := 0
		tick := js.FuncOf(func(js.Value, []js.Value) any { ticks++; return nil })
		defer tick.Release()
		timer := js.Global().Call("setInterval", tick, 16)
		defer js.Global().Call("clearInterval", timer)
		frames := 0
		for _, err := range Frames(ctx) {
			if err != nil {
				return err
			}
			if frames++; frames == 20 {
				break
			}
		}
		assert.Greater(t, ticks, 3, "in the time of 20 frames")
		v, err := guest.Background(ctx, func(context.Context) (int, error) { return 42, nil })
		assert.Equal(t, 42, v)
		return err
	})
}

func TestAPromiseIsAWait(t *testing.T) {
	run(t, func(ctx context.Context) error {
		v, err := Await(ctx, eval(`new Promise((done) => setTimeout(() => done(42), 5))`))
		assert.NoError(t, err)
		assert.Equal(t, 42, v.Int())
		v, err = Await(ctx, js.ValueOf("no promise"))
		assert.NoError(t, err)
		assert.Equal(t, "no promise", v.String())
		v, err = guest.Background(ctx, func(ctx context.Context) (js.Value, error) {
			return Await(ctx, eval(`Promise.resolve("on a goroutine")`))
		})
		assert.Equal(t, "on a goroutine", v.String())
		return err
	})
}

func TestTheReasonOfARejectedPromiseIsTheError(t *testing.T) {
	run(t, func(ctx context.Context) error {
		for script, want := range map[string]string{
			`Promise.reject(new TypeError("no network"))`:                        "TypeError: no network",
			`Promise.reject("a string")`:                                         "a string",
			`Promise.reject()`:                                                   "undefined",
			`Promise.reject(Symbol("x"))`:                                        "Symbol(x)",
			`new Promise((_, no) => setTimeout(() => no(new Error("late")), 5))`: "Error: late",
		} {
			v, err := Await(ctx, eval(script))
			assert.EqualError(t, err, "browserhost: the promise was rejected: "+want)
			assert.True(t, v.IsUndefined())
			assert.True(t, errors.As(err, new(*Error)))
		}
		return nil
	})
}

func TestACancelledWaitDropsWhatComesOfThePromise(t *testing.T) {
	run(t, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		_, err := Await(short, eval(`new Promise((_, no) => setTimeout(() => no(new Error("nobody hears")), 20))`))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return guest.Sleep(ctx, 40*time.Millisecond)
	})
}

func TestACancelledWaitAborts(t *testing.T) {
	run(t, func(ctx context.Context) error {
		short, cancel := context.WithCancel(ctx)
		defer cancel()
		var signal js.Value
		_, err := Abortable(short, func(s js.Value) js.Value {
			signal = s
			time.AfterFunc(time.Millisecond, cancel)
			return eval(`new Promise(() => {})`)
		})
		assert.ErrorIs(t, err, context.Canceled)
		assert.True(t, signal.Get("aborted").Bool())
		_, err = Abortable(ctx, func(s js.Value) js.Value { signal = s; return js.ValueOf(1) })
		assert.NoError(t, err)
		assert.False(t, signal.Get("aborted").Bool())
		_, err = Abortable(short, func(js.Value) js.Value { t.Error("started"); return js.Null() })
		assert.ErrorIs(t, err, context.Canceled)
		return nil
	})
	require.Panics(t, func() { _, _ = Abortable(context.Background(), nil) })
}

func TestEventsAreKeptUntilTheyAreAskedFor(t *testing.T) {
	run(t, func(ctx context.Context) error {
		button := js.Global().Get("EventTarget").New()
		click := func(name string) bool {
			return button.Call("dispatchEvent", js.Global().Get("Event").New(name, map[string]any{"cancelable": true})).Bool()
		}
		heard := 0
		listening := guest.Go(ctx, func(ctx context.Context) error {
			for e := range Events(ctx, button, "click", PreventDefault) {
				assert.True(t, e.Get("defaultPrevented").Bool())
				if heard++; heard == 1 {
					_ = guest.Sleep(ctx, 10*time.Millisecond)
				}
			}
			return nil
		})
		assert.NoError(t, guest.Yield(ctx))
		for range 5 {
			assert.False(t, click("click"), "its default is prevented at once")
		}
		assert.True(t, click("other"))
		assert.NoError(t, guest.Sleep(ctx, 30*time.Millisecond))
		assert.Equal(t, 5, heard)
		listening.Cancel(nil)
		_ = listening.Wait(ctx)
		assert.True(t, click("click"), "no listener is left")

		js.Global().Call("setTimeout", call(func() { click("once") }), 1)
		e, err := Event(ctx, button, "once")
		assert.Equal(t, "once", e.Get("type").String())
		return err
	})
}

func TestEventsOfNothingPanic(t *testing.T) {
	run(t, func(ctx context.Context) error {
		for _, target := range []js.Value{js.Null(), js.Undefined(), js.ValueOf(1), eval("({})")} {
			assert.PanicsWithValue(t, "browserhost: Event called for a value that has no events; check that the page has this element",
				func() { _, _ = Event(ctx, target, "click") })
		}
		return nil
	})
	assert.PanicsWithValue(t, "browserhost: Event called without a guest; call it in a task, with the task's context",
		func() { _, _ = Event(context.Background(), js.Global().Get("EventTarget").New(), "click") })
}

func TestFramesEndWithTheirContext(t *testing.T) {
	run(t, func(ctx context.Context) error {
		short, cancel := context.WithCancel(ctx)
		defer cancel()
		rounds := 0
		var last error
		for dt, err := range Frames(short) {
			if rounds == 0 {
				assert.Zero(t, dt)
			}
			if rounds++; rounds == 3 {
				cancel()
			}
			last = err
		}
		assert.Equal(t, 4, rounds, "the last brings the error")
		assert.ErrorIs(t, last, context.Canceled)
		return Frame(ctx)
	})
}

// A handler of the program's is a goroutine of its own, and starts tasks as any does.
func TestHandlersOfTheProgramStartTasks(t *testing.T) {
	run(t, func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		ran := guest.NewFuture[bool]()
		js.Global().Call("setTimeout", call(func() {
			g.Go(func(ctx context.Context) error { ran.Resolve(true); return nil })
		}), 1)
		_, err := ran.Wait(ctx)
		return err
	})
}
