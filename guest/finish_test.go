package guest

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

func TestFinishAgainReturnsTheSameAnywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		g.Go(park)
		time.AfterFunc(time.Second, l.Quit)
		report := embedded(l, g)
		require.Len(t, report.Cancelled, 1, "not the guest's own wait for its end")
		require.Equal(t, report, g.Finish())
		elsewhere(func() { assert.Equal(t, report, g.Finish()) })
		require.Len(t, l.Outcomes, 1)
	})
}

func park(ctx context.Context) error { return Park(ctx) }

func TestFinishWhileTheLoopRunsPanicsWithTheRemedy(t *testing.T) {
	const want = "guest: Finish called while the host's loop runs; call Cancel, and call Finish after the loop has returned"
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		_, err := Run(l, func(ctx context.Context) (int, error) {
			g, _ := FromContext(ctx)
			assert.PanicsWithValue(t, want, func() { g.Finish() }, "in a task")
			l.Post(func() { assert.PanicsWithValue(t, want, func() { g.Finish() }, "in a handler") })
			l.OnDone = func(host.Outcome) { assert.PanicsWithValue(t, want, func() { g.Finish() }, "in DoneCallback") }
			elsewhere(func() { assert.PanicsWithValue(t, want, func() { g.Finish() }, "anywhere") })
			return 0, Sleep(ctx, time.Second)
		}, nil)
		require.NoError(t, err)
	})
	synctest.Test(t, func(t *testing.T) { // embedded
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(context.Context) error {
			assert.PanicsWithValue(t, want, func() { g.Finish() }, "in a task")
			return nil
		}, nil)
		require.NoError(t, err)
		l.OnDone = func(host.Outcome) { assert.PanicsWithValue(t, want, func() { g.Finish() }, "in DoneCallback") }
		require.NoError(t, embedded(l, g).Err)
	})
}

// The guest is on no list of live ones any more, and yet this is the UI thread.
func TestWaitInDoneCallbackIsRefused(t *testing.T) {
	needThreads(t)
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var task *Task
		g, err := Start(l, func(ctx context.Context) error {
			task = Go(ctx, func(context.Context) error { return nil })
			return nil
		}, nil)
		require.NoError(t, err)
		l.OnDone = func(host.Outcome) {
			assert.ErrorIs(t, task.Wait(context.Background()), ErrWouldDeadlock)
			assert.NoError(t, task.Err(), "which has ended")
		}
		require.NoError(t, embedded(l, g).Err)
		require.NoError(t, task.Wait(context.Background()))
	})
}

func TestFinishOnAWrongGoroutinePanicsWithTheRemedy(t *testing.T) {
	needThreads(t)
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{Stays: true}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		time.AfterFunc(time.Second, l.Quit)
		defer looptest.Lock()()
		require.NoError(t, l.Mainloop(nil))
		elsewhere(func() {
			assert.PanicsWithValue(t, "guest: Finish called on another thread than that of the host's loop; "+
				"call it on the loop's goroutine, and lock that goroutine with runtime.LockOSThread before the loop", func() { g.Finish() })
		})
		require.NoError(t, g.Finish().Err)
	})
}

func TestFinishInDoneCallbackOfALoopThatNeverRanPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, told := &scriptLoop{}, 0
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		l.OnDone = func(host.Outcome) {
			told++
			assert.PanicsWithValue(t, finishInLoop, func() { g.Finish() })
		}
		g.Finish()
		require.Equal(t, 1, told)
	})
}

func TestFinishOfALoopThatNeverRanEndsTheGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, err := Start(&scriptLoop{}, func(ctx context.Context) error { return Park(ctx) }, nil)
		require.NoError(t, err)
		defer looptest.Lock()()
		require.ErrorIs(t, g.Finish().Err, ErrHostGone)
	})
}
