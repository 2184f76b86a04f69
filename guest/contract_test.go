package guest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

func TestInlineHostIsToldSoOnceAndNothingRunsInline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		l.OnAsk = func(fn func()) bool { fn(); return true }
		ran := 0
		defer looptest.Lock()()
		l.Settle()
		g, err := Start(l, func(context.Context) error { ran++; return nil }, &Options{Logger: book.logger()})
		require.NoError(t, err)
		for range 10 {
			require.NoError(t, g.Post(func() { ran++ }))
			time.Sleep(2 * time.Second)
		}
		require.Zero(t, ran)
		require.Greater(t, l.Asked.Load(), int64(5))
		require.Equal(t, `level=ERROR msg="guest: the host broke its contract: it ran a wake-up inside the call that `+
			`asked for it; test it with host/hosttest" host=*looptest.Loop`, book.lines()[0])
		if !nameless {
			require.Len(t, book.lines(), 2)
			require.Contains(t, book.lines()[1], wrongThread, "when the watch asked again")
		}
		err = g.Finish().Err
		require.ErrorContains(t, err, "the host's loop ended before main began")
		require.ErrorIs(t, err, ErrHostGone)
		require.Equal(t, 10, ran, "what was posted runs; main never begins")
	})
}

// TestHostThatIsInlineBeforeTheFirstTurnHarmsNothing: nobody has seen the loop by then, and a
// host that is no Threader has not said which thread it will be.
func TestHostThatIsInlineBeforeTheFirstTurnHarmsNothing(t *testing.T) {
	for name, knows := range map[string]bool{"its thread is known": true, "it is no Threader": false} {
		for inline := range 3 { // of the calls before the loop
			t.Run(fmt.Sprint(name, ", call ", inline), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var book logbook
					var g *Guest
					var err error
					l, ran := &scriptLoop{}, 0
					l.OnAsk = func(fn func()) bool {
						asked := int(l.Asked.Load())
						if asked-1 == inline {
							fn()
							return true
						}
						return asked <= 3 // lost
					}
					start := func() {
						var h host.Host = l
						if !knows {
							h = &struct{ host.Host }{l}
						}
						g, err = Start(h, func(context.Context) error { ran++; return nil }, &Options{Logger: book.logger()})
						for range 3 {
							require.NoError(t, g.Post(func() { ran++ }))
							time.Sleep(4 * lostAfter) // so that the host is asked again
						}
					}
					defer looptest.Lock()()
					if knows {
						l.Settle()
						start()
					} else {
						elsewhere(start)
					}
					require.NoError(t, err)
					require.Zero(t, ran)
					require.Len(t, book.lines(), 1)
					what := "it ran a wake-up inside the call that asked for it"
					if knows && inline > 0 && !nameless {
						what = wrongThread // of the watch, which asked again
					}
					require.Contains(t, book.lines()[0], what)
					require.NoError(t, embedded(l, g).Err)
					require.Equal(t, 4, ran)
				})
			})
		}
	}
}

func TestHostThatPanicsIsToldSoOnceHoweverItPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		l.OnAsk = func(func()) bool { panic(l.Asked.Load()) } // another value each time
		g, err := Start(l, nil, &Options{Logger: book.logger()})
		require.NoError(t, err)
		for range 5 {
			time.Sleep(5 * lostAfter / 2)
			require.NoError(t, g.Post(func() {}))
		}
		require.Equal(t, int64(13), l.Asked.Load(), "at once, and every second")
		require.Len(t, book.lines(), 1)
		require.Contains(t, book.lines()[0], "its RunSyncSoon method panicked")
		defer looptest.Lock()()
		require.NoError(t, g.Finish().Err)
	})
}

// TestModalCallThatTheHostOwesCanBeCancelled: Modal waits for as long as the host owes the
// call, or until it is cancelled.
func TestModalCallThatTheHostOwesCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(ctx context.Context) error {
			deaf := true
			l.OnAsk = func(fn func()) bool { return deaf && fmt.Sprintf("%p", fn) == fmt.Sprintf("%p", g.modals.run) }
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			err := Modal(ctx, func() { t.Error("a withdrawn call ran") })
			deaf = false
			return err
		}, nil)
		require.NoError(t, err)
		require.ErrorIs(t, embedded(l, g).Err, context.DeadlineExceeded)
		g.modals.run() // much too late
	})
}

func TestModalCallThatTheHostHasLostIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		lost := 0
		ran := 0
		g, err := Start(l, func(ctx context.Context) error {
			l.OnAsk = func(fn func()) bool {
				if fmt.Sprintf("%p", fn) != fmt.Sprintf("%p", g.modals.run) || lost > 0 {
					return false
				}
				lost++
				return true
			}
			// any sign of life
			Go(ctx, func(ctx context.Context) error { return Sleep(ctx, 2*lostAfter) })
			// at time 0 nothing looks asked for
			if err := Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			return Modal(ctx, func() { ran++ })
		}, nil)
		require.NoError(t, err)
		require.NoError(t, embedded(l, g).Err)
		require.Equal(t, 1, lost)
		require.Equal(t, 1, ran)
	})
}

// TestModalCallMayBeginInsideAnother: in the nested loop of the first, with no turn of the pump
// between them.
func TestModalCallMayBeginInsideAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		c := &chapters{t: t}
		g, err := Start(l, func(ctx context.Context) error {
			Go(ctx, func(ctx context.Context) error { return Modal(ctx, func() { c.step(2) }) })
			return Modal(ctx, func() {
				c.step(1)
				l.Nest()
				c.step(3)
			})
		}, nil)
		require.NoError(t, err)
		require.NoError(t, embedded(l, g).Err)
		c.step(4)
	})
}

// A spendingContext spends the budget when it is found to be done.
type spendingContext struct {
	context.Context
	g *Guest
}

func (c spendingContext) Err() error {
	err := c.Context.Err()
	if err != nil {
		spendBudget(c.g)
	}
	return err
}

func TestModalCallThatIsRefusedNeverBegins(t *testing.T) {
	// The refusal gives way when the budget is spent, and the host's call comes just then.
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(ctx context.Context) error {
			t := Go(ctx, func(ctx context.Context) error {
				ran := false
				l.OnAsk = func(fn func()) bool {
					if fmt.Sprintf("%p", fn) == fmt.Sprintf("%p", g.modals.run) {
						return true // comes below
					}
					return false
				}
				err := Modal(spendingContext{ctx, g}, func() { ran = true })
				if err != nil && ran {
					return errors.New("refused, and yet it ran")
				}
				return nil
			})
			if err := Yield(ctx); err != nil {
				return err
			}
			if err := Sleep(ctx, time.Second); err != nil {
				return err
			}
			t.Cancel(nil)
			if err := Yield(ctx); err != nil { // now the task has been woken, behind this one
				return err
			}
			l.PostFirst(g.modals.run)
			return t.Wait(ctx)
		}, nil)
		require.NoError(t, err)
		require.NoError(t, embedded(l, g).Err)
	})
}

// TestRunsThreadIsThatOfTheFirstWakeUpOnlyIfTheHostDoesNotSay: nothing better is known then.
func TestRunsThreadIsThatOfTheFirstWakeUpOnlyIfTheHostDoesNotSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		bare := struct{ host.Host }{l} // no Threader
		g, err := Start(&bare, nil, nil)
		require.NoError(t, err)
		g.Cancel(nil)
		require.NoError(t, embedded(l, g).Err)
		require.True(t, g.place.Hosts(host.Thread(l.Thread.Load())))
	})
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		l.Thread.Store(1 << 40) // some thread, and not ours
		g, err := Start(l, nil, &Options{Logger: book.logger()})
		require.NoError(t, err)
		l.Nest()
		require.Equal(t, 1, book.count("it ran a wake-up on another thread than its own"))
		defer looptest.Lock()()
		g.Finish()
	})
}

func TestNestedLoopInATaskPausesTheTasksAndIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		c := &chapters{t: t}
		var wake func()
		l.OnAsk = func(fn func()) bool { wake = fn; return false }
		g, err := Start(l, func(ctx context.Context) error {
			c.step(1)
			other := Go(ctx, func(context.Context) error { c.step(4); return nil })
			l.Post(wake) // as a toolkit does that was asked before
			l.Post(func() { c.step(2) })
			l.Nest()
			c.step(3)
			return other.Wait(ctx)
		}, &Options{Logger: book.logger()})
		require.NoError(t, err)
		require.NoError(t, embedded(l, g).Err)
		c.step(5)
		require.Len(t, book.lines(), 1)
		require.Contains(t, book.lines()[0], "runs a nested loop")
		require.Contains(t, book.lines()[0], "guest.Modal")
		require.Contains(t, book.lines()[0], "TestNestedLoopInATask")
	})
}
