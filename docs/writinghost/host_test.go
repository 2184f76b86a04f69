// Package writinghost_test has the host of docs/hosts.md, over a toolkit that stands for any, and
// proves it.
package writinghost_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	"github.com/golodger/lodger/hosts/headless"
)

// A kit stands for a toolkit that one can iterate.
type kit struct {
	events chan struct{}
	quit   atomic.Bool
}

var toolkit = &kit{events: make(chan struct{}, 1)}

func (k *kit) WaitEvents()   { <-k.events }
func (k *kit) Quitted() bool { return k.quit.Load() }
func (k *kit) Quit()         { k.quit.Store(true); k.PostEmptyEvent() }

func (k *kit) PostEmptyEvent() {
	select {
	case k.events <- struct{}{}:
	default:
	}
}

type Host struct{ queue *host.Queue }

func New() (*Host, error) {
	h := &Host{}
	h.queue = host.NewQueue(h.wake) // wake: have the loop call h.queue.Run soon, on its thread
	return h, nil
}

func (h *Host) RunSyncSoonThreadsafe(fn func())    { h.queue.Post(fn) }
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) { h.queue.Post(fn) }
func (h *Host) OnThread() bool                     { return h.queue.OnThread() }
func (h *Host) DoneCallback(host.Outcome)          { h.queue.End() } // ends the loop, too

func (h *Host) Mainloop(startGuest func() error) error {
	h.queue.Begin()
	defer h.queue.End() // however the loop ends
	if err := startGuest(); err != nil {
		return err
	}
	for h.queue.Run() && !toolkit.Quitted() {
		toolkit.WaitEvents() // returns when there was an event, or somebody has called wake
	}
	return nil
}

func (h *Host) wake() { toolkit.PostEmptyEvent() } // any goroutine

func TestMain(m *testing.M) {
	hosttest.Main(m, New, &hosttest.Options[*Host]{
		Quit: func(h *Host) { toolkit.Quit() }, // the toolkit's own quit, behind the host's back
	})
}

func TestHost(t *testing.T)   { hosttest.Run(t) }
func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }

// Beside a toolkit that takes calls from any goroutine, no host is needed.
func TestHeadlessBesideAToolkit(t *testing.T) {
	ended := make(chan error)
	beside := func() {
		go headless.Run(func(ctx context.Context) (struct{}, error) { ended <- guest.Yield(ctx); return struct{}{}, nil }, nil)
	}
	beside()
	require.NoError(t, <-ended)
}
