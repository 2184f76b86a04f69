package sched

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A sleeper is a coroutine or a napper that waits for a time, in the model of FuzzTimers.
type sleeper struct {
	what any
	when time.Duration
}

// A napper is a Timed for tests.
type napper struct {
	timers *timers
	seq    uint32
}

func (n *napper) Run(*Coro)             {}
func (n *napper) Waits(seq uint32) bool { return n.seq == seq }

func (n *napper) Due() {
	n.seq++
	n.timers.sleeping--
}

// FuzzTimers compares the heap of deadlines with a list that is sorted at each question.
func FuzzTimers(f *testing.F) {
	f.Add([]byte{0, 5, 0, 5, 1, 3, 3, 10})
	f.Add([]byte{0, 5, 1, 5, 0, 5, 1, 5, 0, 5, 1, 5, 0, 5, 1, 5, 3, 10})
	f.Add([]byte{0, 9, 0, 8, 0, 7, 2, 1, 3, 8, 3, 1})
	f.Add([]byte{4, 3, 3, 2, 4, 9, 0, 1, 3, 20, 4, 1, 1, 7, 3, 3})
	for seed := range uint64(20) {
		random, program := rand.New(rand.NewPCG(seed, 0)), make([]byte, 1000)
		for i := range program {
			program[i] = byte(random.Uint32())
		}
		f.Add(program)
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		var ts timers
		ts.asked = math.MaxUint32 - 3 // so that it overflows
		var model []sleeper           // in the order of asking
		now := time.Duration(1)
		program = program[:min(len(program), 1000)]
		for ; len(program) >= 2; program = program[2:] {
			n := program[1]
			switch program[0] % 5 {
			case 0: // a coroutine sleeps
				c, when := &Coro{seq: 1}, now+time.Duration(n)
				ts.sleeping++
				ts.add(when, c, c.seq)
				model = append(model, sleeper{c, when})
			case 1: // a napper sleeps, without a coroutine
				nap, when := &napper{&ts, 9}, now+time.Duration(n)
				ts.sleeping++
				ts.add(when, nap, nap.seq)
				model = append(model, sleeper{nap, when})
			case 2: // a sleep ends early
				if len(model) > 0 {
					i := int(n) % len(model)
					wake(&ts, model[i].what)
					model = slices.Delete(model, i, i+1)
				}
			case 3: // time goes by
				now += time.Duration(n)
				model = wakesInOrder(t, &ts, now, model)
				if ts.limit <= now {
					ts.limit = 0
				}
			case 4: // the client sets its deadline
				ts.limit = now + 1 + time.Duration(n)
			}
			require.LessOrEqual(t, len(ts.heap), max(65, 2*ts.sleeping+2), "the leftovers are swept")
			next := ts.next()
			require.Equal(t, len(ts.heap) == 0 && ts.limit == 0, next == 0, "zero is no time")
			for _, s := range model {
				require.LessOrEqual(t, next, s.when)
			}
			if ts.limit != 0 {
				require.LessOrEqual(t, next, ts.limit)
			}
		}
	})
}

// wake ends the wait of a coroutine or napper.
func wake(ts *timers, what any) {
	if c, ok := what.(*Coro); ok {
		c.seq++
		ts.sleeping--
	} else {
		what.(Timed).Due()
	}
}

// wakesInOrder wakes what is due, compares it with the model, and returns what still sleeps.
func wakesInOrder(t *testing.T, ts *timers, now time.Duration, model []sleeper) (left []sleeper) {
	var want, got []sleeper
	for _, s := range model {
		if s.when <= now {
			want = append(want, s)
		} else {
			left = append(left, s)
		}
	}
	slices.SortStableFunc(want, func(a, b sleeper) int { return cmp.Compare(a.when, b.when) })
	for {
		d, ok := ts.due(now)
		if !ok {
			break
		}
		if d.live() {
			got = append(got, sleeper{d.what, d.when})
			if e := d.end(); !e.begins() {
				wake(ts, d.what)
			}
		}
	}
	require.True(t, slices.Equal(want, got), "%v, not %v", got, want)
	return left
}

func TestTimersSweepDeadlinesOfWaitsThatEndedEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		longest := 0
		c.run(func(t *task) {
			for range 1000 {
				seq := t.co.Seq()
				time.AfterFunc(time.Second, func() { c.pump.Wake(t.co, seq) })
				t.sleep(1000 * time.Hour)
				longest = max(longest, len(c.pump.timers.heap))
			}
		})
		require.LessOrEqual(t, longest, 66)
		require.Greater(t, longest, 60)
	})
}

func TestTimersWakeInOrderAndNoneEarly(t *testing.T) {
	random := seeded(t)
	type order struct {
		when time.Duration
		nth  int
	}
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		var last order
		woken := 0
		c.run(func(*task) {
			for nth := range 2000 {
				d := time.Duration(1+random.IntN(500)) * time.Millisecond
				c.start(func(sleeper *task) {
					start := time.Now()
					sleeper.sleep(d)
					if took := time.Since(start); took != d {
						t.Errorf("woken after %v instead of %v", took, d)
					}
					this := order{d, nth}
					if this.when < last.when || this.when == last.when && this.nth < last.nth {
						t.Errorf("%v came after %v", this, last)
					}
					last = this
					woken++
				})
			}
		})
		require.Equal(t, 2000, woken)
	})
}

// Timers wake their tasks while the pump is busy, because the clock is read after some steps.
func TestTimersWakeWhileThePumpIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const step = 10 * time.Microsecond
		c, late := newClient(t), time.Duration(-1)
		c.start(func(t *task) {
			when := c.pump.Deadline(time.Millisecond)
			t.sleepUntil(when)
			late = c.pump.Since() - when
		})
		c.run(func(t *task) {
			for range 1000 {
				time.Sleep(step)
				t.yield()
			}
		})
		require.GreaterOrEqual(t, late, time.Duration(0))
		require.LessOrEqual(t, late, (maxStride+1)*step)
	})
}

func TestTimerOfALongWaitLooksAtTheClockOnceADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		start := time.Now()
		c.run(func(t *task) { t.sleep(100 * longest) })
		require.Equal(t, 100*longest, time.Since(start))
		require.EqualValues(t, 1+100, c.main.Asked.Load())
	})
}

// An alarm is a task that begins at a time.
type alarm struct {
	task
	napper
}

func (a *alarm) Run(co *Coro) { a.task.Run(co) }

func TestTimedBeginsByTheClockUnlessItsWaitHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		start := time.Now()
		set := func(d time.Duration, fn func()) *alarm {
			a := &alarm{task{client: c, fn: func(*task) { fn() }}, napper{&c.pump.timers, 7}}
			c.live++
			c.pump.Sleeps(1)
			c.pump.BeginAt(c.pump.Deadline(d), a, a.seq)
			return a
		}
		c.run(func(main *task) {
			set(time.Minute, func() {
				s.step(3)
				require.Equal(t, time.Minute, time.Since(start))
				require.Zero(t, c.pump.Counts(true).Sleeping, "it is due")
			})
			early := set(time.Second, func() {
				s.step(2)
				require.Zero(t, time.Since(start))
			})
			early.Due() // woken early, and not again when its time comes
			c.pump.Begin(early)
			require.Equal(t, Counts{Begun: 1, Sleeping: 1, Queued: 1}, c.pump.Counts(true))
			require.Empty(t, c.pump.idle, "it holds no coroutine")
			s.step(1)
		})
		s.step(4)
	})
}

func TestDeadlineIsAsFarAwayAsTheClockCanCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		time.Sleep(time.Hour)
		require.Equal(t, time.Hour+time.Minute, c.pump.Deadline(time.Minute))
		require.Equal(t, endOfTime, c.pump.Deadline(endOfTime))
		require.Equal(t, endOfTime, c.pump.Deadline(endOfTime-time.Hour))
	})
}

func TestDeadlineOfTheClientPassesOnceAndALaterOneReplacesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		start := time.Now()
		c.onDeadline = func() {
			require.False(t, c.pump.HasDeadline())
			if len(c.heard.deadlines) == 1 {
				c.pump.SetDeadline(c.pump.Deadline(time.Second)) // a second deadline
			}
		}
		c.run(func(t *task) {
			c.pump.SetDeadline(c.pump.Deadline(time.Second))
			c.pump.SetDeadline(c.pump.Deadline(time.Minute))
			t.sleep(time.Hour)
		})
		passed := start.Add(time.Minute)
		require.Equal(t, []time.Time{passed, passed.Add(time.Second)}, c.heard.deadlines)
	})
}
