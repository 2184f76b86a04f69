// Package ebitenhost runs a guest in the main loop of an Ebitengine game. Tasks run in Update,
// one at a time. A task can wait for the next tick in the middle of a function.
//
//	err := ebitenhost.Run(game, func(ctx context.Context) error {
//		for x := range 100 {                  // a cutscene
//			hero.X = x
//			if err := ebitenhost.Tick(ctx); err != nil {
//				return err
//			}
//		}
//		return say(ctx, "Here we are.")
//	}, nil)
package ebitenhost

import (
	"sync/atomic"

	"github.com/hajimehoshi/ebiten/v2"

	"github.com/golodger/lodger/host"
)

// A Host is the main loop of a game. It is a [host.Mainloop] and a [host.Threader].
type Host struct {
	game  ebiten.Game
	queue *host.Queue
	ours  atomic.Bool // Mainloop runs the loop, not the program

	// UI thread only: the waits for the next tick, and what the close button does.
	waiting []func(struct{})
	closing func()
}

// New makes a host for a game. Each tick calls the game's Update after the guest's turn. Any
// goroutine. Never waits.
func New(game ebiten.Game) *Host {
	// Update is called in each tick, so there is nothing to wake.
	return &Host{game: game, queue: host.NewQueue(nil)}
}

// RunSyncSoonThreadsafe queues fn for the next Update. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe does the same. UI thread only. Never waits.
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) { h.queue.Post(fn) }

// OnThread reports whether the caller is on the game's thread. Any goroutine. Never waits.
func (h *Host) OnThread() bool { return h.queue.OnThread() }

// DoneCallback ends a loop that Mainloop runs. UI thread only. Never waits.
func (h *Host) DoneCallback(host.Outcome) { h.queue.End() }

// Mainloop runs the game until it ends or the guest has ended. Its error is the game's error.
// Waits.
func (h *Host) Mainloop(startGuest func() error) error {
	h.ours.Store(true)
	h.queue.Begin()
	defer h.queue.End()
	if err := startGuest(); err != nil {
		return err
	}
	return h.run()
}

// RunGame runs the game if your program has its own guest (guest.Start). Lock the goroutine to
// its thread before. Waits.
func (h *Host) RunGame() error {
	h.queue.Begin()
	defer h.queue.End()
	return h.run()
}

// run sets SingleThread. Without it Update would run on another goroutine.
func (h *Host) run() error {
	return ebiten.RunGameWithOptions(&ticking{h.game, h}, &ebiten.RunGameOptions{SingleThread: true})
}

// ticking is the game with a turn of the guest in each tick.
type ticking struct {
	ebiten.Game
	h *Host
}

func (t *ticking) Update() error {
	if err := t.h.tick(); err != nil {
		return err
	}
	return t.Game.Update()
}

// tick resumes the waits for the next tick, and gives the guest its turn.
func (h *Host) tick() error {
	if h.closing != nil && ebiten.IsWindowBeingClosed() {
		h.closing()
	}
	waiting := h.waiting
	h.waiting = nil
	for _, wake := range waiting {
		wake(struct{}{})
	}
	if !h.queue.Run() && h.ours.Load() {
		return ebiten.Termination
	}
	return nil
}
