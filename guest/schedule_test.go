package guest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

// A model host plays schedules: it runs the pump as the host's loop does, and lets other actors move at every boundary between two of the
// pump's operations, in the order of a plan. The plan says who is next; the pump is one of them. So all interleavings of a few
// actors can be played, one after the other, and each can be played again.
//
//	plan:  a b p p a p …      a, b: the next move of actor a, b, on a goroutine of its own
//	                          p:    the pump goes on to its next boundary, or the host goes on sleeping
//
// Nothing of this is left to Go's scheduler: synctest.Wait tells when a move has been made.

// A schedule is one play.
type schedule struct {
	t      *testing.T
	g      *Guest
	plan   []byte
	actors []*actor
	fine   bool // the pump has a boundary in each step and on both sides of each lock; else it comes, runs and rests
	pause  pause
	turns  int // of the pump

	mu    sync.Mutex // synctest.Wait orders all but the timers' goroutines
	owed  []func()   // the wake-ups that the host was asked for and has not brought
	calls int        // that the host heard
	pokes int        // of timers, which may ask once more
	on    *actor     // whose move it is; nil: the pump's

	accepted, ran []int // posts of each actor, and those made in their steps
	check         []func()
	done          bool // DoneCallback came
}

// An actor makes moves.
type actor struct {
	nth   int
	moves []func()
	held  []chan struct{} // where its goroutines have stopped
}

// pause is where the goroutine of a move stops that asks the host for a wake-up, until the actor's next turn.
type pause int

const (
	noPause    pause = iota
	beforeHost       // between the lock of the inbox and the host
	afterHost        // the host has heard it, and may bring the wake-up before the call has returned
)

// moves are what actors do. Each returns the move, and may ask for a check at the end.
var moves = map[byte]func(s *schedule, a *actor) func(){
	'p': (*schedule).posting,
	'c': (*schedule).cancelling,
	'd': (*schedule).deadline,
	'r': (*schedule).resolving,
	's': (*schedule).spawning,
	'e': (*schedule).ending,
}

// posting posts a function, which posts another one from inside its step.
func (s *schedule) posting(a *actor) func() {
	return func() { s.post(a.nth, func() { s.post(len(s.actors)+a.nth, func() {}) }) }
}

// post posts a function of which nth counts the order.
func (s *schedule) post(nth int, fn func()) {
	n := s.accepted[nth]
	err := s.g.Post(func() {
		s.boundary(s.fine)
		if s.ran[nth] != n {
			s.t.Errorf("post %d of line %d ran as number %d", n, nth, s.ran[nth])
		}
		s.ran[nth]++
		if s.done {
			s.t.Error("a post ran after DoneCallback")
		}
		fn()
	})
	if err == nil {
		s.accepted[nth]++
	} else if err != ErrFinished {
		s.t.Errorf("Post returned %v", err)
	}
}

// task starts a task with boundaries before it and behind it, and asks for a check: that it ends.
func (s *schedule) task(fn func(ctx context.Context) error) *Task {
	task := s.g.Go(func(ctx context.Context) error {
		s.boundary(s.fine)
		defer s.boundary(s.fine)
		return fn(ctx)
	})
	s.check = append(s.check, func() {
		select {
		case <-task.Done():
		default:
			s.t.Errorf("task %v waits for ever", task)
		}
	})
	return task
}

// cancelling cancels a task that waits for nothing else.
func (s *schedule) cancelling(*actor) func() {
	task := s.task(Park)
	return func() { task.Cancel(nil) }
}

// deadline lets one come: a millisecond passes, before the goroutine begins.
func (s *schedule) deadline(*actor) func() {
	s.task(func(ctx context.Context) error { return Sleep(ctx, time.Millisecond) })
	return nil
}

// resolving resolves what a task waits for.
func (s *schedule) resolving(*actor) func() {
	f := NewFuture[int]()
	s.task(func(ctx context.Context) error { return f.awaitError(ctx) })
	return func() { f.Resolve(1) }
}

// spawning starts a task that gives way once.
func (s *schedule) spawning(*actor) func() { return func() { s.task(Yield) } }

// ending asks the guest to end.
func (s *schedule) ending(*actor) func() { return func() { s.g.Cancel(nil) } }

// play runs a schedule. Each of the programs is an actor, with a letter for each move.
func play(t *testing.T, plan string, fine bool, pause pause, programs ...string) {
	s := &schedule{t: t, plan: []byte(plan), fine: fine, pause: pause, accepted: make([]int, 2*len(programs)), ran: make([]int, 2*len(programs))}
	var err error
	s.g, err = newGuest("Start", s, nil, nil)
	require.NoError(t, err)
	s.g.thread.Store(uint64(host.CurrentThread()))
	s.g.wakes = [2]func(){func() { s.bring(0) }, func() { s.bring(1) }}
	s.g.begin()
	for i, program := range programs {
		a := &actor{nth: i}
		for _, letter := range []byte(program) {
			a.moves = append(a.moves, moves[letter](s, a))
		}
		s.actors = append(s.actors, a)
	}
	s.loop()
	require.Empty(t, s.plan)
	time.Sleep(10 * time.Millisecond) // the deadlines of tasks that began late
	synctest.Wait()
	s.loop()
	for _, check := range s.check {
		check()
	}
	require.Equal(t, s.accepted, s.ran, "posts accepted, and run")
	require.LessOrEqual(t, s.calls, 1+s.turns+s.pokes, "wake-ups asked of the host")
	s.g.Cancel(nil)
	s.loop()
	require.True(t, s.done, "the guest does not end")
	report := s.g.Finish()
	require.NoError(t, report.Err)
	require.Zero(t, report.Dropped)
	require.Equal(t, s.accepted, s.ran)
}

// loop is the host's: it brings wake-ups until nobody moves and none is owed.
func (s *schedule) loop() {
	for {
		s.boundary(true)
		if wake := s.nextOwed(); wake != nil {
			wake()
		} else if len(s.plan) == 0 && !s.release() {
			return
		}
	}
}

func (s *schedule) nextOwed() (wake func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.owed) > 0 {
		wake = s.owed[0]
		s.owed = s.owed[1:]
	}
	return wake
}

// release lets all go on who have stopped.
func (s *schedule) release() (any bool) {
	for _, a := range s.actors {
		any = s.goOn(a) || any
	}
	return any
}

// goOn lets the actor's goroutines go on.
func (s *schedule) goOn(a *actor) bool {
	s.mu.Lock()
	held := a.held
	a.held = nil
	s.mu.Unlock()
	for _, stopped := range held {
		close(stopped)
		synctest.Wait()
	}
	return len(held) > 0
}

// bring is wakeUp and pump, with the boundaries between them.
func (s *schedule) bring(nth uint8) {
	g := s.g
	if !g.admit() || !g.expects(nth) {
		return
	}
	s.turns++
	s.boundary(s.fine)
	g.arrive()
	s.boundary(true)
	for !g.turn() {
	}
	s.boundary(true)
	if g.state == closing && g.ready.n == 0 {
		g.finalize()
		g.pumping = false
		return
	}
	more := g.more()
	s.boundary(s.fine)
	g.depart(more)
}

// boundary is a place between two operations of the pump: the others move until the plan has the pump go on.
func (s *schedule) boundary(here bool) {
	for here && len(s.plan) > 0 {
		next := s.plan[0]
		s.plan = s.plan[1:]
		if next == 'p' {
			return
		}
		a := s.actors[next-'a']
		if s.goOn(a) || len(a.moves) == 0 {
			continue
		}
		move := a.moves[0]
		a.moves = a.moves[1:]
		s.turnOf(a)
		if move == nil {
			time.Sleep(time.Millisecond)
		} else {
			go move()
		}
		synctest.Wait()
		s.turnOf(nil)
	}
}

func (s *schedule) turnOf(a *actor) {
	s.mu.Lock()
	s.on = a
	s.mu.Unlock()
}

// RunSyncSoonThreadsafe is part of host.Host, as are the two below.
func (s *schedule) RunSyncSoonThreadsafe(fn func()) {
	s.mu.Lock()
	a := s.on
	if a == nil { // at the start, or a timer between the plays
		s.pokes++
	}
	s.mu.Unlock()
	s.stop(a, beforeHost)
	s.hear(fn)
	s.stop(a, afterHost)
}

// stop stops an actor's goroutine if this is the place for it.
func (s *schedule) stop(a *actor, at pause) {
	if a == nil || s.pause != at {
		return
	}
	stopped := make(chan struct{})
	s.mu.Lock()
	a.held = append(a.held, stopped)
	s.mu.Unlock()
	<-stopped
}

// hear: the host has heard of a wake-up.
func (s *schedule) hear(wake func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owed = append(s.owed, wake)
	s.calls++
}

func (s *schedule) RunSyncSoonNotThreadsafe(fn func()) {
	s.boundary(s.fine)
	s.hear(fn)
}

func (s *schedule) DoneCallback(host.Outcome) { s.done = true }

// interleave visits every plan in which actor i, or the pump, which is the last, is named as often as moves says.
func interleave(moves []int, visit func(plan string)) (plans int) {
	left := append([]int(nil), moves...)
	var plan []byte
	var next func()
	next = func() {
		over := true
		for i := range left {
			if left[i] == 0 {
				continue
			}
			over = false
			left[i]--
			name := byte('a' + i)
			if i == len(left)-1 {
				name = 'p'
			}
			plan = append(plan, name)
			next()
			plan = plan[:len(plan)-1]
			left[i]++
		}
		if over {
			plans++
			visit(string(plan))
		}
	}
	next()
	return plans
}

// onStage calls fn in a bubble, on a locked thread.
func onStage(t *testing.T, fn func(t *testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		fn(t)
	})
}

// everySchedule plays all plans for the actors and a pump with so many operations.
func everySchedule(t *testing.T, pump int, fine bool, pause pause, programs ...string) (plans int) {
	counts := make([]int, 0, len(programs)+1)
	for _, program := range programs {
		n := len(program)
		if pause != noPause {
			n *= 2
		}
		counts = append(counts, n)
	}
	onStage(t, func(t *testing.T) {
		plans = interleave(append(counts, pump), func(plan string) {
			if !t.Failed() {
				play(t, plan, fine, pause, programs...)
				if t.Failed() {
					t.Logf("the plan was %q for %q; fine %v, pause %v", plan, programs, fine, pause)
				}
			}
		})
	})
	return plans
}

// TestNoScheduleLosesAWakeUp plays every schedule of three actors with three operations each, of which the pump is one (it
// comes, runs, rests); then with more boundaries, and with actors that stop before or behind the host's call.
func TestNoScheduleLosesAWakeUp(t *testing.T) {
	pairs := [][2]string{{"ppp", "ppp"}, {"ppp", "ccc"}, {"ppp", "ddd"}, {"ccc", "ddd"}, {"rrr", "ddd"}, {"ppp", "sce"}, {"ddd", "pre"}}
	for _, pair := range pairs {
		t.Run(fmt.Sprint(pair), func(t *testing.T) {
			t.Parallel() // most of the time goes into waking threads
			if Raced {
				require.Equal(t, 210, everySchedule(t, 3, false, noPause, pair[0][1:], pair[1][1:]))
				return
			}
			require.Equal(t, 1680, everySchedule(t, 3, false, noPause, pair[0], pair[1]))
			one, two := pair[0][1:], pair[1][1:]
			if long {
				require.Equal(t, 60_060, everySchedule(t, 8, true, noPause, pair[0], pair[1]))
				require.Equal(t, 60_060, everySchedule(t, 3, false, beforeHost, pair[0], two))
				require.Equal(t, 60_060, everySchedule(t, 3, false, afterHost, pair[0], two))
				return
			}
			require.Equal(t, 2970, everySchedule(t, 8, true, noPause, one, two))
			require.Equal(t, 2970, everySchedule(t, 8, true, beforeHost, one[1:], two[1:]))
			require.Equal(t, 2970, everySchedule(t, 8, true, afterHost, one[1:], two[1:]))
		})
	}
}

// TestNoRandomScheduleLosesAWakeUp has more actors, more moves, and all boundaries.
func TestNoRandomScheduleLosesAWakeUp(t *testing.T) {
	rounds := 2_000
	switch {
	case Raced:
		rounds = 200
	case long:
		rounds = 200_000
	}
	r := Seeded(t)
	onStage(t, func(t *testing.T) {
		for range rounds {
			programs := make([]string, 2+r.IntN(5))
			pause := pause(r.IntN(3))
			var plan []byte
			for i := range programs {
				for range 1 + r.IntN(8) {
					programs[i] += string("ppccddrrsssse"[r.IntN(12+r.IntN(2))]) // few end the guest
					plan = append(plan, byte('a'+i))
					if pause != noPause {
						plan = append(plan, byte('a'+i))
					}
				}
			}
			for range r.IntN(4 * len(plan)) {
				plan = append(plan, 'p')
			}
			r.Shuffle(len(plan), func(i, j int) { plan[i], plan[j] = plan[j], plan[i] })
			if play(t, string(plan), true, pause, programs...); t.Failed() {
				t.Fatalf("the plan was %q for %q; pause %v", plan, programs, pause)
			}
		}
	})
}
