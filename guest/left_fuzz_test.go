package guest_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// What a background function leaves on the UI thread, line by line of a little program.
const (
	leaveReport  = iota // report to a Progress of the function
	leaveOuter          // report to a Progress of the task that waits
	leavePost           // post a function
	leaveCall           // have a function called that posts another, and reports
	leaveSpace          // sleep
	leaveOthers         // have another goroutine post a function
	leaveCancel         // cancel the task that waits, and go on
	leaveDefault        // nothing
	leaveCodes
)

// costs are how long a step takes: of these some end a turn, and some are half of one.
var costs = []time.Duration{0, 0, 100 * time.Microsecond, time.Millisecond, 4 * time.Millisecond,
	5 * time.Millisecond, 6 * time.Millisecond, 11 * time.Millisecond}

// FuzzWhatWorkLeavesComesBeforeItsResult has background functions leave posts and reports while
// the UI thread is busy: all of it has to run before the task that waits goes on.
func FuzzWhatWorkLeavesComesBeforeItsResult(f *testing.F) {
	// The result goes first, steps back, and the turn ends meanwhile.
	f.Add([]byte("Z 00  A0x0\x00d+"))
	// The cancellation wakes the task before the function has returned.
	f.Add([]byte("0aBB~"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4 || len(data) > 64 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			opts := quiet()
			opts.Budget = 10 * time.Millisecond
			if err := really(opts, func(ctx context.Context) error { return leaving(t, ctx, data) }); err != nil {
				t.Error(err)
			}
		})
	})
}

// leaving runs three background functions, which share the program, beside tasks and a goroutine
// that keep the UI thread busy.
func leaving(t *testing.T, ctx context.Context, data []byte) error {
	cost := func(i int) time.Duration { return costs[int(data[i%len(data)])>>4%len(costs)] }
	begun := time.Now()
	busy := guest.Go(ctx, func(ctx context.Context) error {
		for i := 0; guest.Yield(ctx) == nil; i++ {
			time.Sleep(max(cost(i), time.Microsecond)) // the clock must go on
		}
		return nil
	})
	flood := guest.Async(ctx, func(ctx context.Context) (int, error) {
		return guest.Background(ctx, func(ctx context.Context) (int, error) {
			for i := 1; ctx.Err() == nil && time.Since(begun) < time.Second; i += 3 {
				_ = guestOf(ctx).Post(func() { time.Sleep(cost(i)) })
				time.Sleep(max(cost(i+1), time.Millisecond))
			}
			return 0, nil
		})
	})
	var works []*guest.Task
	for n := range 3 {
		works = append(works, guest.Go(ctx, func(ctx context.Context) error {
			l := &leaver{t: t, ctx: ctx, lines: data[n*len(data)/3 : (n+1)*len(data)/3], submit: data[0]>>n&1 == 1}
			return l.run()
		}))
	}
	for _, work := range works {
		_ = work.Wait(context.WithoutCancel(ctx))
	}
	busy.Cancel(nil)
	flood.Cancel(nil)
	return nil
}

// A leaver is a background function and the task that waits for it.
type leaver struct {
	t      *testing.T
	ctx    context.Context
	task   *guest.Task
	lines  []byte
	submit bool

	reported, shown [2]int // to its own Progress, and to that of the task
	left, ran       int
	cancelled       bool
	trace           []string
}

func (l *leaver) run() error {
	l.task, _ = guest.CurrentTask()
	outer := flow.NewProgress(l.ctx, func(v int) { l.shown[1] = v })
	fn := func(ctx context.Context) (int, error) {
		inner := flow.NewProgress(ctx, func(v int) { l.shown[0] = v })
		for i, line := range l.lines {
			l.leave(ctx, int(line)%leaveCodes, costs[int(line)>>4%len(costs)], i+1, inner, outer)
		}
		return 0, nil
	}
	var err error
	if l.submit {
		_, err = guest.Submit(l.ctx, fn).Wait(context.WithoutCancel(l.ctx))
	} else {
		_, err = guest.Background(l.ctx, fn)
	}
	if l.ran != l.left {
		l.t.Errorf("of %d posted functions %d had run: %v", l.left, l.ran, l.trace)
	}
	if !l.cancelled && l.shown != l.reported {
		l.t.Errorf("reported %v, shown %v: %v", l.reported, l.shown, l.trace)
	}
	return err
}

// leave runs a line. On the goroutine of the function.
func (l *leaver) leave(ctx context.Context, code int, cost time.Duration, i int, inner, outer *flow.Progress[int]) {
	l.trace = append(l.trace, fmt.Sprint(code, "/", cost))
	post := func() {
		if guestOf(ctx).Post(func() { time.Sleep(cost); l.ran++ }) == nil {
			l.left++
		}
	}
	switch code {
	case leaveReport:
		l.reported[0] = i
		inner.Report(i)
	case leaveOuter:
		l.reported[1] = i
		outer.Report(i)
	case leavePost:
		post()
	case leaveCall:
		_, _ = guest.CallOnMain(ctx, func(context.Context) (int, error) {
			post()
			l.reported[0] = i
			inner.Report(i)
			return 0, nil
		})
	case leaveSpace:
		time.Sleep(cost)
	case leaveOthers:
		elsewhere(func() { _ = guestOf(ctx).Post(func() { time.Sleep(cost) }) })
	case leaveCancel:
		if cost == costs[7] { // seldom, else there is little to see
			l.cancelled = true // no reports are delivered any more
			l.task.Cancel(nil)
		}
	}
}
