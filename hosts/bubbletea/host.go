// Package teahost runs a guest in the event loop of a Bubble Tea program (v2). It has calls for
// the questions that a terminal program asks.
//
//	teahost.Run(func(ctx context.Context, ui *teahost.UI) error {
//		name, err := ui.Prompt(ctx, "What is your name?")
//		if err != nil {
//			return err // also if Ctrl+C was pressed
//		}
//		ui.Printf("Hello, %s.", name)
//		return nil
//	})
//
// You don't need [UI]: [New] takes any model. Tasks change the model, and it is drawn after each
// turn.
package teahost

import (
	"context"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"github.com/golodger/lodger/host"
)

// A Host is the event loop of one Bubble Tea program. It is a [host.Mainloop] and a
// [host.Threader].
type Host struct {
	queue   *host.Queue
	program *tea.Program
	kill    context.CancelFunc // releases wake-ups that a loop has not taken
	ours    atomic.Bool        // Mainloop runs the loop, not the program
}

// A turn is the message with which the loop calls the guest. Models get it, too, so that what
// tasks have changed is drawn. They ignore it, as any unknown message.
type turn struct{}

// New makes a program of a model, and a host in its loop. The options must not include
// tea.WithFilter or tea.WithContext, which the host needs itself. Any goroutine. Never waits.
func New(model tea.Model, opts ...tea.ProgramOption) *Host {
	h := &Host{}
	h.queue = host.NewQueue(h.wake)
	ctx, kill := context.WithCancel(context.Background())
	h.kill = kill
	h.program = tea.NewProgram(model, append(opts, tea.WithFilter(h.filter), tea.WithContext(ctx))...)
	return h
}

// Program returns the program. Its Send waits for the loop, so never call Send on the UI thread.
// Any goroutine. Never waits.
func (h *Host) Program() *tea.Program { return h.program }

// RunSyncSoonThreadsafe queues fn for the loop. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe does the same. UI thread only. Never waits.
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) { h.queue.Post(fn) }

// OnThread reports whether the caller is on the thread of the loop. Any goroutine. Never waits.
func (h *Host) OnThread() bool { return h.queue.OnThread() }

// DoneCallback ends a loop that Mainloop runs, after it has drawn once more. UI thread only.
// Never waits.
func (h *Host) DoneCallback(host.Outcome) { h.queue.End() }

// wake sends a turn to the loop. Send waits until the loop takes it or has ended, so wake uses a
// goroutine, one at a time.
func (h *Host) wake() { go h.program.Send(turn{}) }

// filter gets each message first, on the loop's goroutine.
func (h *Host) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	if _, ok := msg.(turn); ok && !h.queue.Run() && h.ours.Load() {
		return tea.QuitMsg{}
	}
	return msg
}

// Mainloop runs the program until it quits or the guest has ended. Its error is the program's
// error, such as tea.ErrInterrupted after a SIGINT. Waits.
func (h *Host) Mainloop(startGuest func() error) error {
	h.ours.Store(true)
	defer h.end()
	h.queue.Begin()
	if err := startGuest(); err != nil {
		return err
	}
	_, err := h.program.Run()
	return err
}

// Run runs the program if yours has its own guest (guest.Start). It returns what the program's
// Run returns. Lock the goroutine to its thread before. Waits.
func (h *Host) Run() (tea.Model, error) {
	defer h.end()
	h.queue.Begin()
	return h.program.Run()
}

// end runs when the loop has ended, for whatever reason.
func (h *Host) end() {
	h.queue.End()
	h.kill()
}
