package flow_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func equal[T comparable](a, b T) bool { return a == b }

func TestVarShowsTheNewestAndTheLastValue(t *testing.T) {
	for caller := range callers {
		inBubble(t, func(w *world) {
			x := flow.NewVar("first")
			var seen []string
			cancel := w.start(caller, func(ctx context.Context) {
				for v, err := range x.Values(ctx) {
					if err != nil {
						seen = append(seen, "end")
						return
					}
					seen = append(seen, v)
					_ = guest.Sleep(ctx, time.Second)
				}
			})
			synctest.Wait()
			x.Set("missed")
			x.Set("second")
			time.Sleep(time.Hour)
			synctest.Wait()
			x.Set("third")
			time.Sleep(time.Hour)
			x.Set("last")
			synctest.Wait()
			require.Equal(t, []string{"first", "second", "third", "last"}, seen)
			cancel()
			synctest.Wait()
			require.Equal(t, "end", seen[len(seen)-1])
		})
	}
}

func TestVarHandsOverTheNewestValueWithTheCancellation(t *testing.T) {
	inBubble(t, func(w *world) {
		var x flow.Var[int]
		boom := errors.New("boom")
		var got int
		var why error
		task := w.g.Go(func(ctx context.Context) error {
			for got, why = range x.Values(ctx) {
			}
			return why
		})
		synctest.Wait()
		w.onUI(func() {
			x.Set(7)
			task.Cancel(boom) // before the task has seen the 7
		})
		synctest.Wait()
		require.Equal(t, 7, got)
		require.ErrorIs(t, why, boom)
		require.ErrorIs(t, why, context.Canceled)
	})
}

func TestVarWithEqualityTellsOnlyWhatIsNew(t *testing.T) {
	inBubble(t, func(w *world) {
		x := flow.NewVarFunc(1, equal)
		var ranged, bound []int
		w.g.Go(func(ctx context.Context) error {
			x.Bind(ctx, func(v int) { bound = append(bound, v) })
			for v, err := range x.Values(ctx) {
				if err != nil {
					return err
				}
				ranged = append(ranged, v)
			}
			return nil
		})
		synctest.Wait()
		x.Set(1)
		w.onUI(func() { x.Set(2); x.Set(1) }) // changed, and changed back
		synctest.Wait()
		x.Set(3)
		x.Set(3)
		synctest.Wait()
		require.Equal(t, []int{1, 3}, ranged)
		require.Equal(t, []int{1, 3}, bound)
	})
}

func TestVarUpdatesComeOneAfterAnother(t *testing.T) {
	x := flow.NewVar(0)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				x.Update(func(n int) int { return max(n, x.Get()) + 1 })
			}
		})
	}
	all.Wait()
	require.Equal(t, 800, x.Get())
	require.Panics(t, func() { x.Update(func(int) int { panic("no") }) })
	require.Equal(t, 801, x.Update(func(n int) int { return n + 1 }), "a panic holds nobody up")
}

func TestBindIsCalledOnTheUIThreadOnceATurn(t *testing.T) {
	inBubble(t, func(w *world) {
		x := flow.NewVar(0)
		var seen []int
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		w.onUI(func() {
			x.Bind(ctx, func(v int) {
				_, inTask := guest.CurrentTask()
				assert.False(t, inTask)
				_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, nil })
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock, "so it is on the UI thread")
				seen = append(seen, v)
			})
			assert.Empty(t, seen, "never at once")
			x.Set(1)
		})
		synctest.Wait()
		require.Equal(t, []int{1}, seen)
		w.onUI(func() {
			for i := range 1000 {
				x.Set(i)
			}
		})
		synctest.Wait()
		require.Equal(t, []int{1, 999}, seen)
		cancel()
		x.Set(5)
		synctest.Wait()
		x.Set(6)
		synctest.Wait()
		require.Equal(t, []int{1, 999}, seen)
	})
}

func TestBindEndsWithItsTaskAndSurvivesAPanic(t *testing.T) {
	inBubble(t, func(w *world) {
		x := flow.NewVar(0)
		var seen []int
		task := w.g.Go(func(ctx context.Context) error {
			x.Bind(ctx, func(v int) {
				seen = append(seen, v)
				if v == 1 {
					panic("a bad value")
				}
			})
			return guest.Park(ctx)
		})
		synctest.Wait()
		for i := range 3 {
			x.Set(i)
			synctest.Wait()
		}
		require.Equal(t, []int{0, 0, 1, 2}, seen)
		task.Cancel(nil)
		synctest.Wait()
		x.Set(3)
		synctest.Wait()
		require.Len(t, seen, 4)
	})
}

func TestBindEndsWithItsScopeAndItsBackgroundFunction(t *testing.T) {
	inBubble(t, func(w *world) {
		x := flow.NewVar(0)
		var scoped, background []int
		w.g.Go(func(ctx context.Context) error {
			assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
				x.Bind(ctx, func(v int) { scoped = append(scoped, v) })
				return guest.Sleep(ctx, time.Second)
			}))
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				x.Bind(ctx, func(v int) { background = append(background, v) })
				return 0, nil
			})
			assert.NoError(t, err)
			assert.Equal(t, []int{0}, background, "before Background returns")
			return guest.Park(ctx)
		})
		time.Sleep(time.Minute)
		x.Set(1)
		synctest.Wait()
		require.Equal(t, []int{0}, scoped)
		require.Equal(t, []int{0}, background)
	})
}

// Writers, watchers and bindings at once: nobody sees an old value after a newer one, and all
// see the last.
func TestVarLosesNoLastValue(t *testing.T) {
	inWorld(t, func(w *world) {
		const writers, rounds = 3, 200
		const last = writers * rounds
		x := flow.NewVar(0)
		var watching, writing sync.WaitGroup
		for i := range 6 {
			watching.Add(1)
			w.start(i, func(ctx context.Context) {
				defer watching.Done()
				before := -1
				for v, err := range x.Values(ctx) {
					if !assert.NoError(t, err) || v == last {
						return
					}
					assert.Greater(t, v, before)
					before = v
				}
			})
		}
		var bound atomic.Int64
		done := make(chan struct{})
		w.g.Go(func(ctx context.Context) error {
			x.Bind(ctx, func(v int) {
				assert.GreaterOrEqual(t, int64(v), bound.Swap(int64(v)))
				if v == last {
					close(done)
				}
			})
			return guest.Park(ctx)
		})
		for range writers {
			writing.Go(func() {
				for range rounds {
					x.Update(func(n int) int { return n + 1 })
				}
			})
		}
		writing.Wait()
		watching.Wait()
		<-done
	})
}

// giveWay lets other goroutines run where all share one thread and none is preempted.
func giveWay() {
	if runtime.GOARCH == "wasm" {
		runtime.Gosched()
	}
}

// Bindings that come and go while others set.
func TestBindIsNotCalledOnceItsContextIsDone(t *testing.T) {
	inWorld(t, func(w *world) {
		x := flow.NewVar(0)
		var setting sync.WaitGroup
		over := make(chan struct{})
		for range 2 {
			setting.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-over:
						return
					default:
						x.Set(i)
						giveWay()
					}
				}
			})
		}
		task := w.g.Go(func(ctx context.Context) error {
			for range 200 {
				derived, cancel := context.WithCancel(ctx)
				calls := make(chan struct{}, 1)
				x.Bind(derived, func(int) {
					assert.NoError(t, derived.Err())
					select {
					case calls <- struct{}{}:
					default:
					}
				})
				_, _, err := flow.Recv(ctx, calls) // at least once
				assert.NoError(t, err)
				cancel()
			}
			return nil
		})
		assert.NoError(t, task.Wait(context.Background()))
		close(over)
		setting.Wait()
	})
}

func TestVarKeepsNothingOfWhoHasGone(t *testing.T) {
	inBubble(t, func(w *world) {
		var x flow.Var[int]
		var cancels []func()
		for i := range 30 {
			cancels = append(cancels, w.start(i, func(ctx context.Context) {
				for range x.Values(ctx) {
				}
			}))
		}
		widget := bindWidget(w, &x)
		synctest.Wait()
		runtime.GC()
		require.NotNil(t, widget.Value())
		for _, cancel := range cancels {
			cancel()
		}
		w.onUI(func() {}) // or a register still holds something
		synctest.Wait()
		x.Set(1)
		runtime.GC()
		require.NotNil(t, widget.Value())
		w.g.Cancel(nil)
		synctest.Wait()
		runtime.GC()
		require.Nil(t, widget.Value())
		require.Zero(t, testing.AllocsPerRun(100, func() { x.Set(1) }), "to set is free")
	})
}

// bindWidget binds to x what a task owns, which lives as long as the guest.
func bindWidget(w *world, x *flow.Var[int]) weak.Pointer[[1000]int] {
	widget := new([1000]int)
	p := weak.Make(widget)
	w.g.Go(func(ctx context.Context) error {
		x.Bind(ctx, func(v int) { widget[0] = v })
		return guest.Park(ctx)
	})
	return p
}

const (
	varSet = iota
	varUpdate
	varWatch
	varGo
	varCancel
	varBurst // several values in one posted function
	varCodes
)

// FuzzVar does the same with a Var and with a plain list of all values.
func FuzzVar(f *testing.F) {
	f.Add([]byte{varWatch, 0, varWatch, 1, varSet, 2, varGo, 0, varSet, 3, varSet, 4, varGo, 1, varCancel, 0}, true)
	f.Add([]byte{varWatch, 3, varWatch, 5, varBurst, 7, varGo, 0, varUpdate, 0, varBurst, 9, varCancel, 0, varSet, 1}, false)
	f.Add([]byte{varWatch, 0, varSet, 1, varSet, 0, varGo, 0, varWatch, 5, varSet, 1, varSet, 1, varGo, 0, varGo, 0}, true)
	f.Fuzz(func(t *testing.T, data []byte, equality bool) {
		program := instructions(data, varCodes)
		bursts := slices.ContainsFunc(program, func(in instruction) bool { return in.code == varBurst })
		inBubble(t, func(w *world) {
			x, m := flow.NewVar(0), &varModel{values: []int{0}, equality: equality}
			if equality {
				x = flow.NewVarFunc(0, equal)
			}
			var got ledger
			var gates []chan struct{}
			var cancels []func()
			for _, in := range program {
				switch v := in.arg % 3; in.code {
				case varSet:
					x.Set(v)
					m.set(v)
				case varUpdate:
					x.Update(func(old int) int { return old + v })
					m.set(m.values[len(m.values)-1] + v)
				case varWatch:
					caller, gate := in.arg%(callers+1), make(chan struct{})
					if bursts && caller == aGoroutine {
						caller = aTask // a goroutine may see what comes within a burst, or not
					}
					i := got.add("")
					gates = append(gates, gate)
					if caller == callers {
						ctx, cancel := context.WithCancel(context.Background())
						cancels = append(cancels, cancel)
						w.onUI(func() { x.Bind(ctx, func(v int) { got.more(i, "%d ", v) }) })
					} else {
						cancels = append(cancels, w.start(caller, func(ctx context.Context) {
							for v, err := range x.Values(ctx) {
								if err != nil {
									got.more(i, "end %d", v)
									return
								}
								got.more(i, "%d ", v)
								_, _, _ = flow.Recv(ctx, gate)
							}
						}))
					}
					m.all = append(m.all, &varWatcher{bound: caller == callers, waits: true, seen: -1})
				case varGo:
					if len(m.all) > 0 {
						if i := in.arg % len(m.all); m.all[i].open() {
							gates[i] <- struct{}{}
						}
					}
				case varCancel:
					if len(m.all) > 0 {
						cancels[in.arg%len(m.all)]()
						m.cancel(in.arg % len(m.all))
					}
				case varBurst:
					w.onUI(func() {
						for _, v := range []int{1, v, 2, 2 - v} {
							x.Set(v)
							m.set(v)
						}
					})
				}
				synctest.Wait()
				m.settle()
				if want := m.String(); got.String() != want {
					t.Fatalf("after %v of %v (equality %v)\n model: %s\n   got: %s", in, program, equality, want, got.String())
				}
			}
			for _, cancel := range cancels {
				cancel()
			}
		})
	})
}

func TestUntilWaitsForAValue(t *testing.T) {
	inBubble(t, func(w *world) {
		for caller := range callers {
			x := flow.NewVar(1)
			got := make(chan int, 2)
			w.start(caller, func(ctx context.Context) {
				for range 2 { // the second time it is so already
					v, err := x.Until(ctx, func(v int) bool { return v >= 3 })
					assert.NoError(t, err)
					got <- v
				}
			})
			synctest.Wait()
			x.Set(2)
			synctest.Wait()
			require.Empty(t, got)
			x.Set(3)
			require.Equal(t, 3, <-got)
			require.Equal(t, 3, <-got)
		}
	})
}

// A program's function for equality may panic. The Var stays usable.
func TestVarSurvivesAPanicOfItsEquality(t *testing.T) {
	v := flow.NewVarFunc[any](0, func(a, b any) bool { return a == b })
	v.Set([]int{1})
	require.Panics(t, func() { v.Set([]int{2}) })
	v.Set(3)
	require.Equal(t, 3, v.Get())
}
