package console

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/guest/internal/bridge"
)

const ms = time.Millisecond

// cellsOf returns the cells in which something was, from the first that was watched.
func (s seen) cellsOf() (list [][8]int64) {
	for _, c := range s.Cells {
		if c[6] == 0 {
			list = append(list, c)
		}
	}
	return list
}

// compute holds the thread.
//
//go:noinline
func compute(d time.Duration) { time.Sleep(d) }

// watching is virtually with a page that looks on for a while.
func watching(t *testing.T, body func(t *testing.T, g *guest.Guest, v *viewer)) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		read(t, v)
		time.Sleep(pace)
		body(t, g, v)
	})
}

// A turn is in the cells of its time, with its whole length; what is between turns is idle.
func TestTimelineHasTurns(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		s := read(t, v)
		time.Sleep(time.Second - time.Duration(s.Turns.Now)*ms%time.Second) // to a whole second
		s = read(t, v)
		first, before := s.Turns.Now/s.Turns.Grain, s.Turns.Turns
		require.NoError(t, g.Post(func() { compute(120 * ms) }))
		time.Sleep(200 * ms)
		require.NoError(t, g.Post(func() { compute(3 * ms) }))
		time.Sleep(pace)
		s = read(t, v)
		require.EqualValues(t, 50, s.Turns.Grain)
		require.EqualValues(t, 4000, s.Turns.Budget)
		require.EqualValues(t, 100_000, s.Turns.Slow)
		require.EqualValues(t, 120_000, s.Turns.Longest)
		require.Equal(t, 1, s.Turns.Slows)
		require.EqualValues(t, 450-150, s.Turns.Ago)
		require.Greater(t, s.Turns.Turns, before)
		long := [][8]int64{}
		for _, c := range s.cellsOf() {
			if c[0] >= first && c[5] > 0 {
				long = append(long, c)
			}
		}
		require.Equal(t, [][8]int64{ // number, turns, slow ones, busy, owed, longest, blind, held
			{first, 1 + long[0][1] - 1, 0, 50_000, 0, 120_000, 0, 0},
			{first + 1, 0, 0, 50_000, 0, 120_000, 0, 0},
			{first + 2, 0, 1, 20_000, 0, 120_000, 0, 0},
			{first + 4, 1, 0, 3_000, 0, 3_000, 0, 0},
		}, long)
	})
}

// The timeline shows a turn before it has ended, even while the thread does not answer.
func TestTimelineHasTheTurnThatGoesOn(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		require.NoError(t, g.Post(func() { compute(5 * time.Second) }))
		time.Sleep(time.Second)
		s := read(t, v)
		require.NotEmpty(t, s.Held)
		require.InDelta(t, 2_000_000, s.Turns.Longest, 1000)
		require.Equal(t, 1, s.Turns.Slows)
		require.Zero(t, s.Turns.Ago)
		require.InDelta(t, 2_000_000, s.Turns.Busy, 1000)
		time.Sleep(5 * time.Second)
		require.InDelta(t, 5_000_000, read(t, v).Turns.Longest, 1000)
	})
}

// A handler that holds the thread is in the timeline, and among the steps, though the guest
// has nothing to do: the page's own question waits.
func TestHandlerThatHoldsTheThreadIsSeenWhileAPageLooksOn(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		// as a toolkit calls one
		g.Host().RunSyncSoonThreadsafe(func() { compute(2 * time.Second) })
		time.Sleep(pace)
		s := read(t, v)
		require.Contains(t, s.Held, "console.compute")
		require.InDelta(t, 1_000_000, s.Turns.Owed, 1000)
		require.InDelta(t, 1_000_000, s.Turns.Held, 1000)
		require.Zero(t, s.Turns.HeldAgo)
		time.Sleep(3 * time.Second)
		s = read(t, v)
		require.Len(t, s.Steps, 1)
		step := s.Steps[0]
		require.Equal(t, "outside", step.Kind)
		require.InDelta(t, 2_000_000, step.For, 251_000, "from the page's question on")
		require.Equal(t, "console.compute", s.text(step.In))
		require.Contains(t, s.text(step.Line), "turns_test.go:")
		require.GreaterOrEqual(t, s.Turns.Owed, step.For)
		require.Equal(t, step.For, s.Turns.Held)
		require.InDelta(t, step.Ago, s.Turns.HeldAgo, 50)
		tall := 0
		for _, c := range s.cellsOf() {
			if c[7] == step.For {
				tall++
			}
		}
		require.InDelta(t, step.For/50_000, tall, 2, "it is as tall as it was long, in all its cells")
	})
}

// A page that is opened because the window is frozen sees, when that is over, what has frozen it.
func TestTimelineHasTheTurnInWhichThePageWasOpened(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		time.Sleep(time.Second)
		require.NoError(t, g.Post(func() { compute(5 * time.Second) }))
		time.Sleep(2 * time.Second)
		read(t, v)
		time.Sleep(4 * time.Second)
		s := read(t, v)
		require.InDelta(t, 5_000_000, s.Turns.Longest, 1000)
		require.InDelta(t, 5_000_000, s.Turns.Busy, 50_000)
		require.Equal(t, 1, s.Turns.Slows)
		require.Len(t, s.Steps, 1)
		require.EqualValues(t, 5_000_000, s.Steps[0].For)
		require.Equal(t, "console.compute", s.text(s.Steps[0].In))
	})
}

// The page is closed in the middle of a freeze, and opened again before it is over.
func TestPageThatReturnsInTheSameFreezeSeesIt(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		time.Sleep(time.Second)
		require.NoError(t, g.Post(func() { compute(30 * time.Second) }))
		time.Sleep(time.Second)
		read(t, v)
		time.Sleep(attention + 5*time.Second)
		require.Nil(t, v.record.watched())
		require.EqualValues(t, 17_000, read(t, v).HeldFor)
		for range 4 {
			time.Sleep(5 * time.Second)
			read(t, v)
		}
		s := read(t, v)
		require.EqualValues(t, 30_000_000, s.Turns.Longest)
		require.Len(t, s.Steps, 1)
	})
}

// No page has seen how the turn ended that ran when the watch ended.
func TestTimelineDoesNotTakeTheLastTurnForIdle(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		before := read(t, v).Turns.Now / grain.Milliseconds()
		require.NoError(t, g.Post(func() { compute(time.Hour) }))
		time.Sleep(attention + time.Second)
		require.Nil(t, v.record.watched())
		time.Sleep(time.Second)
		v.record.begin()
		require.NotNil(t, v.record.watched())
		v.record.mu.Lock()
		line := v.record.turns
		v.record.mu.Unlock()
		for n := before + 1; n < line.next-1; n++ {
			require.True(t, line.at(n).blind, n)
		}
		require.Less(t, line.frame(time.Duration(line.next)*grain).Watched, int64(2000))
	})
}

// The thread is never busy for longer than it was watched, also when the page was opened in the
// middle of a turn.
func TestBusyIsNoLongerThanWatched(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		time.Sleep(time.Second + 20*ms)
		busiest := int64(0)
		require.NoError(t, g.Post(func() { compute(2 * time.Second) }))
		time.Sleep(700 * ms)
		for range 5 {
			s := read(t, v)
			require.LessOrEqual(t, s.Turns.Busy+s.Turns.Owed, (s.Turns.Watched+1)*1000)
			busiest = max(busiest, s.Turns.Busy)
			time.Sleep(270 * ms)
		}
		require.Greater(t, busiest, int64(1_600_000), "a turn that had begun before says what was in its cells")
	})
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		g.Go(func(ctx context.Context) error {
			for range 20 {
				compute(70 * ms)
				if err := guest.Yield(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		for range 10 {
			s := read(t, v)
			require.LessOrEqual(t, s.Turns.Busy+s.Turns.Owed, (s.Turns.Watched+1)*1000)
			time.Sleep(110 * ms)
		}
	})
}

// Memory is bounded, whatever happens.
func TestTimelineForgets(t *testing.T) {
	var line timeline
	line.slow = 100 * ms
	for i := range time.Duration(100_000) {
		line.add(bridge.Turn{Asked: i * 7 * ms, Began: i*7*ms + ms, Ended: i*7*ms + 3*ms})
	}
	now := 99_999*7*ms + 3*ms
	f := line.frame(now)
	require.EqualValues(t, now/grain, f.Newest)
	require.InDelta(t, float64(timespan/(7*ms)), f.Turns, 10)
	require.InDelta(t, 2./7, float64(f.Busy)/float64(timespan.Microseconds()), 0.01)
	require.InDelta(t, 1./7, float64(f.Owed)/float64(timespan.Microseconds()), 0.01)
	require.EqualValues(t, timespan.Milliseconds(), f.Watched+50-f.Now%50, "the newest cell counts up to now")
	require.Less(t, len(f.list), 40*cells)

	// as on a machine that was asleep
	line.add(bridge.Turn{Asked: now, Began: now, Ended: now + time.Hour})
	f = line.frame(now + time.Hour)
	require.EqualValues(t, time.Hour.Microseconds(), f.Longest)
	require.InDelta(t, timespan.Microseconds(), f.Busy, float64(grain.Microseconds()))
	require.Equal(t, 1, f.Slows)

	f = line.frame(now + 2*time.Hour)
	require.Zero(t, f.Turns+f.Slows)
	require.Zero(t, f.Busy+f.Longest)
}

// What no page has looked at is not taken for idle.
func TestTimelineIsBlindWhileNobodyLooks(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		s := read(t, v)
		require.Less(t, s.Turns.Watched, int64(1000))
		require.NotNil(t, v.record.watched())
		time.Sleep(attention + time.Second)
		require.Nil(t, v.record.watched(), "the guest pays nothing while no page asks")
		require.NoError(t, g.Post(func() { compute(time.Second) }))
		time.Sleep(10 * time.Second)
		read(t, v)
		s = read(t, v)
		require.InDelta(t, attention.Milliseconds(), s.Turns.Watched, 1000)
		blind := 0
		for _, c := range s.Cells {
			blind += int(c[6])
		}
		require.InDelta(t, 11*20, blind, 20)
		require.Zero(t, s.Turns.Slows)
		require.Empty(t, s.Steps)
	})
}

// Two consoles see the same, and the end of one leaves the other's watch alone.
func TestConsolesShareTheWatch(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		other := newViewer(t.Context(), g)
		read(t, other)
		time.Sleep(pace)
		require.NoError(t, g.Post(func() { compute(20 * ms) }))
		time.Sleep(pace)
		require.Len(t, read(t, other).Steps, 1)
		other.wait()
		time.Sleep(pace)
		require.NoError(t, g.Post(func() { compute(30 * ms) }))
		time.Sleep(pace)
		require.Len(t, read(t, v).Steps, 2)
		require.Empty(t, read(t, other).Steps)
	})
}

// A page that was paused for long finds the slowest steps again. A console without a page for a
// minute has forgotten them.
func TestStepsAreKeptForAWhile(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		require.NoError(t, g.Post(func() { compute(20 * ms) }))
		time.Sleep(pace)
		require.Len(t, read(t, v).Steps, 1)
		time.Sleep(memory / 2)
		read(t, v)
		time.Sleep(pace)
		s := read(t, v)
		require.Len(t, s.Steps, 1)
		require.InDelta(t, (memory / 2).Milliseconds(), s.Steps[0].Ago, 1000)
		id := s.Steps[0].ID
		time.Sleep(memory + time.Second)
		require.False(t, v.keeps())
		read(t, v)
		require.NoError(t, g.Post(func() { compute(20 * ms) }))
		time.Sleep(pace)
		s = read(t, v)
		require.Len(t, s.Steps, 1)
		require.NotEqual(t, id, s.Steps[0].ID, "a number is not used again")
	})
}

func work(ctx context.Context) error {
	compute(30 * ms)
	_ = guest.Sleep(ctx, ms)
	compute(6 * ms)
	return nil
}

func TestStepsSayWhatHeldTheThread(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		for range 3 {
			g.Go(func(ctx context.Context) error {
				guest.Go(inspect.Named(ctx, "layout"), work)
				return nil
			})
			time.Sleep(time.Second)
		}
		require.NoError(t, g.Post(func() { compute(50 * ms) }))
		time.Sleep(time.Second)
		s := read(t, v)
		require.Len(t, s.Steps, 3)
		posted, first, second := s.Steps[0], s.Steps[1], s.Steps[2]

		require.Equal(t, "post", posted.Kind)
		require.EqualValues(t, 50_000, posted.For)
		require.Contains(t, s.text(posted.Func), "TestStepsSayWhatHeldTheThread")
		require.Contains(t, s.text(posted.At), "turns_test.go:")
		require.InDelta(t, 950, posted.Ago, 10)

		require.Equal(t, []any{"task", "layout", "console.work"}, []any{first.Kind, s.text(first.Name), s.text(first.Func)})
		require.EqualValues(t, 30_000, first.For)
		require.Equal(t, 3, first.Count)
		require.Equal(t, "console.compute", s.text(first.In))
		var calls []string
		for _, c := range first.Calls {
			calls = append(calls, s.text(c))
		}
		require.Equal(t, "console.compute", calls[2], "after time.Sleep")
		require.Equal(t, "console.work", calls[4])
		require.Len(t, calls, 6, "no line of the library's")

		require.EqualValues(t, 6_000, second.For)
		require.Equal(t, "console.work", s.text(second.Func))
		require.Empty(t, s.text(second.In), "it was over before it was looked at")
		require.Empty(t, second.Calls)
	})
}

func TestSlowestStepsAreFew(t *testing.T) {
	var l slowest
	step := func(i int, d time.Duration) bridge.Step {
		return bridge.Step{Func: "main.f" + string(rune('A'+i)), Began: time.Duration(i) * time.Second, For: d}
	}
	for i := range mostSteps + 10 {
		l.add(step(i, time.Duration(i+1)*ms), bridge.Seen{})
	}
	list := l.list(time.Minute)
	require.Len(t, list, mostSteps)
	require.Equal(t, 40*ms, list[0].step.For)
	require.Equal(t, 11*ms, list[mostSteps-1].step.For)
	l.add(step(0, 5*ms), bridge.Seen{}) // faster than all
	require.Equal(t, 11*ms, l.list(time.Minute)[mostSteps-1].step.For)
	l.add(step(39, 90*ms), bridge.Seen{})
	l.add(step(39, 20*ms), bridge.Seen{})
	require.Equal(t, 90*ms, l.list(time.Minute)[0].step.For)
	require.Equal(t, 3, l.list(time.Minute)[0].count)
	require.Empty(t, l.list(oldStep+2*time.Minute))
	for range 2 * manySteps { // no page asks
		l.arrive(step(0, ms))
	}
	require.Len(t, l.take(), manySteps)
	require.Empty(t, l.take())
}

// The console's part of a busy guest's turn, and of a frame.
func BenchmarkTimeline(b *testing.B) {
	var line timeline
	now := time.Duration(0)
	b.Run("turn", func(b *testing.B) {
		for b.Loop() {
			line.add(bridge.Turn{Asked: now, Began: now + 10, Ended: now + 4*ms})
			now += 4 * ms
		}
	})
	b.Run("frame", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			line.frame(now)
		}
	})
}

// Arguments show neither in the calls of a step nor anywhere else in a frame.
func TestStepsShowNoArguments(t *testing.T) {
	watching(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		const secret = "hunter2"
		require.NoError(t, g.Post(func() { holds(secret, 0xC0DE) }))
		time.Sleep(5 * time.Second)
		text := v.state(t.Context())
		time.Sleep(6 * time.Second)
		v.state(t.Context())
		time.Sleep(pace)
		s := read(t, v)
		require.Equal(t, "console.holds", s.text(s.Steps[0].In))
		text = append(text, v.state(t.Context())...)
		for _, hidden := range []string{secret, "0xc0de", "49374"} {
			require.False(t, bytes.Contains(text, []byte(hidden)), hidden)
		}
	})
}
