package sched

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A schedule is one play: a host runs the pump's turns, and lets other actors move at every
// boundary between two operations of the pump. The plan says which actor is next; the pump is
// one of them. So a test can play all interleavings of a few actors, one after the other, and
// can repeat each of them.
//
//	plan:  a b p p a p …   a, b: the next move of actor a or b, on its goroutine
//	                       p:    the pump goes on to its next boundary, or the host sleeps on
//
// Go's scheduler decides nothing here: synctest.Wait returns when a move is complete.
type schedule struct {
	*client
	plan   []byte
	actors []*actor
	pause  pause
	turns  int // turns of the pump

	// fine puts a boundary into each step and on both sides of each lock. Without it the pump
	// has three operations: it comes, runs and rests.
	fine bool

	mu    sync.Mutex // synctest.Wait orders all but the timers' goroutines
	owed  []func()   // wake-ups that the host was asked for and has not called yet
	calls int        // requests that the host has received
	pokes int        // requests of timers, which may ask once more
	on    *actor     // the actor that moves; nil: the pump

	accepted, ran []int // posts of each actor, and posts from inside their steps
	check         []func()
}

// An actor makes moves.
type actor struct {
	nth   int
	moves []func()
	held  []chan struct{} // one channel for each of its stopped goroutines
}

// A pause is a place where the goroutine of a move stops until the actor's next turn, if the
// move asks the host for a wake-up.
type pause int

const (
	noPause    pause = iota
	beforeHost       // between the lock of the inbox and the host
	afterHost        // the host may call the wake-up before RequestWakeup has returned
)

// moves are what actors do. Each returns the move, and may ask for a check at the end.
var moves = map[byte]func(s *schedule, a *actor) func(){
	'p': (*schedule).posting,
	'c': (*schedule).cancelling,
	'd': (*schedule).deadline,
	'r': (*schedule).resolving,
	's': (*schedule).spawning,
	'e': (*schedule).endingAll,
}

// posting posts a function, which posts another one from inside its step.
func (s *schedule) posting(a *actor) func() {
	return func() { s.post(a.nth, func() { s.post(len(s.actors)+a.nth, func() {}) }) }
}

// post posts a function on line nth, and reports an error if the functions of a line run out of
// order.
func (s *schedule) post(nth int, fn func()) {
	n := s.accepted[nth]
	if s.pump.Post(func() {
		s.boundary(s.fine)
		if s.ran[nth] != n {
			s.t.Errorf("post %d of line %d ran as number %d", n, nth, s.ran[nth])
		}
		s.ran[nth]++
		if s.heard.drained > 0 {
			s.t.Error("a post ran after Drained")
		}
		fn()
	}) {
		s.accepted[nth]++
	}
}

// task starts a task with boundaries before and behind it, and checks at the end of the play
// that the task has ended.
func (s *schedule) task(fn func(t *task)) *task {
	started := s.start(func(t *task) {
		s.boundary(s.fine)
		fn(t)
		s.boundary(s.fine)
	})
	if started != nil {
		s.check = append(s.check, func() {
			if !started.done {
				s.t.Error("a task waits forever")
			}
		})
	}
	return started
}

// cancelling ends the wait of a task by a control message; the task waits for nothing else.
func (s *schedule) cancelling(*actor) func() {
	parked := s.task((*task).park)
	return parked.cancel
}

// deadline lets a deadline come: a millisecond passes before the pump goes on.
func (s *schedule) deadline(*actor) func() {
	s.task(func(t *task) { t.sleep(time.Millisecond) })
	return nil
}

// resolving wakes a task.
func (s *schedule) resolving(*actor) func() {
	var happens signal
	s.task(func(t *task) { t.await(&happens) })
	return happens.raise
}

// spawning starts a task that yields once.
func (s *schedule) spawning(*actor) func() { return func() { s.task((*task).yield) } }

// endingAll ends all tasks, and the pump.
func (s *schedule) endingAll(*actor) func() { return s.cancel }

// play runs a schedule. Each of the programs is an actor, with a letter for each move.
func play(t *testing.T, plan string, fine bool, pause pause, programs ...string) {
	lines := 2 * len(programs)
	s := &schedule{client: &client{t: t}, plan: []byte(plan), fine: fine, pause: pause,
		accepted: make([]int, lines), ran: make([]int, lines)}
	s.pump.Init(s, budget, nil)
	s.pump.inbox.wakes = [2]func(){func() { s.bring(0) }, func() { s.bring(1) }}
	s.enter()
	for i, program := range programs {
		a := &actor{nth: i}
		for _, letter := range []byte(program) {
			a.moves = append(a.moves, moves[letter](s, a))
		}
		s.actors = append(s.actors, a)
	}
	s.host()
	require.Empty(t, s.plan)
	time.Sleep(10 * time.Millisecond) // let the deadlines of late tasks come
	synctest.Wait()
	s.host()
	for _, check := range s.check {
		check()
	}
	require.Equal(t, s.accepted, s.ran, "posts accepted, and run")
	require.LessOrEqual(t, s.calls, 1+s.turns+s.pokes, "wake-ups asked of the host")
	s.cancel()
	s.host()
	require.Equal(t, 1, s.heard.drained, "the pump does not end")
	require.Empty(t, s.heard.faults)
	require.Empty(t, s.heard.failed)
	require.Equal(t, s.accepted, s.ran)
}

// host calls wake-ups until no move is left and it owes none.
func (s *schedule) host() {
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

// release lets all stopped goroutines go on.
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

// bring does what wakeup and RunTurn do, with boundaries between the operations.
func (s *schedule) bring(nth uint8) {
	p := &s.pump
	if !s.Admit() || !p.inbox.expects(nth) {
		return
	}
	s.turns++
	s.boundary(s.fine)
	p.begin()
	s.boundary(true)
	for !p.runBatches() {
	}
	s.boundary(true)
	if p.phase == closed && p.ready() == 0 {
		p.stopCoros()
		s.Drained()
		p.inTurn = false
		return
	}
	more := p.more()
	s.boundary(s.fine)
	p.giveBack(more)
}

// boundary is a place between two operations of the pump: the actors move until the plan lets
// the pump go on.
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

// RequestWakeup is part of Client.
func (s *schedule) RequestWakeup(wake func(), onThread bool) {
	if onThread {
		s.boundary(s.fine)
		s.hear(wake)
		return
	}
	s.mu.Lock()
	a := s.on
	if a == nil { // at the start, or a timer between the plays
		s.pokes++
	}
	s.mu.Unlock()
	s.stop(a, beforeHost)
	s.hear(wake)
	s.stop(a, afterHost)
}

// stop stops an actor's goroutine if it is to stop at this place.
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

// hear notes that the host was asked for a wake-up.
func (s *schedule) hear(wake func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owed = append(s.owed, wake)
	s.calls++
}
