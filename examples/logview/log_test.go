package logview

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
)

// open returns a log that collects, and a count of the changes of its rows.
func open(ctx context.Context, keep int, box *flow.MailboxOptions) (l *Log, collect *guest.Task, changes *int) {
	changes = new(int)
	l = New(ctx, keep, box, func() { *changes++ })
	return l, guest.Go(ctx, l.Collect), changes
}

// flood writes what a source with these lines of each of four workers writes, and returns when all
// of it has been collected.
func flood(ctx context.Context, t *testing.T, l *Log, collect *guest.Task, lines int) {
	source := Source{Rate: 100_000, Workers: 4, Lines: lines, Write: l.Writer(false)}
	require.NoError(t, source.Run(ctx))
	l.Lines.Close()
	require.NoError(t, collect.Wait(ctx))
}

func rows(l *Log) (all []string) {
	for i := range l.Len() {
		all = append(all, l.Row(i))
	}
	return all
}

func TestLogTakesAHundredThousandLinesASecond(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		l, collect, changes := open(ctx, 1000, nil)
		begin := time.Now()
		said := ""
		guest.After(ctx, 2500*time.Millisecond, func(context.Context) error { said = l.Status.Get(); return nil })
		flood(ctx, t, l, collect, 75_000)
		require.Less(t, time.Since(begin), 3100*time.Millisecond)
		require.Equal(t, 300_000, l.Received())
		require.Zero(t, l.Lines.Dropped())
		require.Equal(t, 1000, l.Len())
		require.Contains(t, l.Row(999), " request 0074999 ")
		require.Regexp(t, `^(99|100)\d{3} lines/s, (19|20)\d{4} so far, 0 dropped$`, said)
		require.LessOrEqual(t, *changes, 3100/16, "at most once a frame")
	}, nil)
}

func TestLogCountsWhatTheMailboxDrops(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		l, collect, _ := open(ctx, 1000, &flow.MailboxOptions{Limit: 100})
		flood(ctx, t, l, collect, 25_000)
		require.Equal(t, 100_000, l.Received()+int(l.Lines.Dropped()))
		require.Less(t, l.Received(), 10_000)
		require.Contains(t, l.Row(l.Len()-1), " request 0024999 ", "the last is always shown")
		require.Contains(t, l.Status.Get(), fmt.Sprintf(" %d dropped", l.Lines.Dropped()))
	}, nil)
}

func TestLogFilterFindsWhatBruteForceFinds(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		l, collect, _ := open(ctx, 5000, nil)
		for i, text := range []string{"ERROR", "W", "WA", "WAR", "WARN"} {
			// as it is typed, in the flood
			at := time.Duration(200+i*100) * time.Millisecond
			guest.After(ctx, at, func(context.Context) error { l.Filter(text); return nil })
		}
		flood(ctx, t, l, collect, 25_000)
		var want []string
		for line := range l.all.Lines() {
			if strings.Contains(line.Text, "WARN") {
				want = append(want, line.Text)
			}
		}
		require.NotEmpty(t, want)
		require.Equal(t, want, rows(l))
		l.Filter("")
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		require.Equal(t, 5000, l.Len())
	}, nil)
}

// In real time, because a search yields only if the clock advances while it computes.
func TestLogNeverShowsAnOlderFilter(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		const many = 2_000_000
		var l *Log
		var shown []string
		l = New(ctx, many, nil, func() { shown = append(shown, l.filter) })
		for n := range many {
			l.all.Add(fmt.Sprint("line ", n%10))
		}
		l.Filter("line 3")
		for !l.find.Busy().Get() {
			require.NoError(t, guest.Yield(ctx))
		}
		require.NoError(t, guest.Yield(ctx)) // the search is under way, and has given way
		require.Empty(t, shown)
		l.Filter("line 7")
		l.add([]string{"line 3", "line 7, late"})
		for l.find.Busy().Get() {
			require.NoError(t, guest.Yield(ctx))
		}
		require.Equal(t, []string{"", "line 7"}, shown, "the late lines, and the newer filter")
		require.Equal(t, many/10+1, l.Len())
		require.Equal(t, "line 7, late", l.Row(l.Len()-1))
	}, &guesttest.Options{RealTime: true})
}

func TestLogHoldsItsRowsWhilePaused(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		l, _, changes := open(ctx, 3, nil)
		settle := func() { require.NoError(t, guest.Sleep(ctx, 20*time.Millisecond)) }
		put := func(lines ...string) {
			for _, line := range lines {
				l.Lines.Put(line)
			}
			settle()
		}
		put("a1", "b1", "a2")
		l.Follow(false)
		settle()
		before := *changes
		put("b2", "a3", "b3", "a4")
		require.Equal(t, []string{"a1", "b1", "a2"}, rows(l))
		require.Equal(t, before, *changes)
		l.Filter("a")
		settle()
		require.Equal(t, []string{"a1", "a2"}, rows(l))
		require.Contains(t, l.Status.Get(), "; paused, 4 more")
		l.Follow(true)
		settle()
		require.Equal(t, []string{"a3", "a4"}, rows(l))
		put("b4", "a5")
		require.Equal(t, []string{"a4", "a5"}, rows(l))
		require.NotContains(t, l.Status.Get(), "paused")

		l.Clear()
		require.Zero(t, l.Len())
		put("a6", "b6")
		require.Equal(t, []string{"a6"}, rows(l))
		l.Follow(false)
		l.Clear()
		put("a7")
		require.Zero(t, l.Len())
		l.Follow(true)
		settle()
		require.Equal(t, []string{"a7"}, rows(l))
		l.Lines.Close()
	}, nil)
}
