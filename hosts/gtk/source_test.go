//go:build cgo

package gtkhost_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

func TestBusyGuestLeavesWorseSourcesTheirTurn(t *testing.T) {
	idles := map[glib.Priority]int{}
	ready := 0
	locked(t)
	err := gtkhost.Run(func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			for _, p := range []glib.Priority{glib.PRIORITY_HIGH_IDLE, glib.PRIORITY_DEFAULT_IDLE, glib.PRIORITY_LOW} {
				glib.IdleAddPriority(p, func() { idles[p]++ })
			}
			// Both go on, however slow the machine is: so it is busy until both have, and not
			// for a time.
			limit := time.Now().Add(10 * time.Second)
			for (len(idles) < 3 || ready <= 1000) && time.Now().Before(limit) {
				if err := guest.Yield(ctx); err != nil {
					return err
				}
				if ready++; ready == 1 {
					guest.Go(ctx, func(ctx context.Context) error { // so that every Yield switches
						for guest.Yield(ctx) == nil {
						}
						return nil
					})
				}
			}
			return errors.New("enough")
		})
	}, nil)
	require.EqualError(t, err, "enough")
	require.Len(t, idles, 3)
	require.Greater(t, ready, 1000)
}

// A function that posts itself makes short turns. GLib's loop comes to sources of a lower
// priority all the same: once in a while, not after each turn.
func TestShortTurnsLeaveWorseSourcesTheirTurn(t *testing.T) {
	h := newHost(t)
	turns, idles := 0, map[glib.Priority]int{}
	priorities := []glib.Priority{glib.PRIORITY_HIGH_IDLE + 50, glib.PRIORITY_DEFAULT_IDLE, glib.PRIORITY_LOW}
	var last glib.SourceHandle
	var begin, end time.Time
	err := h.Mainloop(func() error {
		var turn func()
		turn = func() {
			if turns++; turns == 1 {
				begin = time.Now()
			}
			if len(idles) == len(priorities) && turns > 2000 || turns > 5_000_000 {
				end = time.Now()
				h.DoneCallback(host.Outcome{})
				return
			}
			h.RunSyncSoonNotThreadsafe(turn)
		}
		turn()
		for _, p := range priorities {
			last = glib.IdleAddPriority(p, func() bool {
				idles[p]++
				return p == glib.PRIORITY_LOW // always ready: it counts iterations
			})
		}
		return nil
	})
	glib.SourceRemove(last)
	require.NoError(t, err)
	for _, p := range priorities[:2] {
		require.Equal(t, 1, idles[p])
	}
	const share = 200 * time.Microsecond
	require.LessOrEqual(t, idles[glib.PRIORITY_LOW], int(end.Sub(begin)/share)+2)
}

// Two hosts whose turns lie side by side give way together; else one would always be ready.
func TestTwoBusyHostsLeaveWorseSourcesTheirTurn(t *testing.T) {
	for name, work := range map[string]time.Duration{"short turns": 0, "long turns": time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			hosts := [2]*gtkhost.Host{newHost(t), newHost(t)}
			defer hosts[0].DoneCallback(host.Outcome{})
			defer hosts[1].DoneCallback(host.Outcome{})
			turns, idled := 0, false
			over := func() bool { return idled || turns > 2_000_000 || work > 0 && turns > 500 }
			begin := func(h *gtkhost.Host) {
				var turn func()
				turn = func() {
					turns++
					for end := time.Now().Add(work); time.Now().Before(end); {
					}
					if !over() {
						h.RunSyncSoonNotThreadsafe(turn)
					}
				}
				h.RunSyncSoonNotThreadsafe(turn)
			}
			iterate := func() { glib.MainContextDefault().Iteration(false) }
			begin(hosts[0])
			iterate()
			begin(hosts[1]) // when the other has just run
			glib.IdleAdd(func() { idled = true })
			for !over() {
				iterate()
			}
			require.True(t, idled)
		})
	}
}

// A counted host counts what the guest asks of it.
type counted struct {
	*gtkhost.Host
	asked *atomic.Int64
}

func (h counted) RunSyncSoonThreadsafe(fn func()) {
	h.asked.Add(1)
	h.Host.RunSyncSoonThreadsafe(fn)
}

func (h counted) RunSyncSoonNotThreadsafe(fn func()) { h.RunSyncSoonThreadsafe(fn) }

func TestIdleGuestAsksForNothing(t *testing.T) {
	var asked atomic.Int64
	_, err := guest.Run(counted{newHost(t), &asked}, func(ctx context.Context) (int, error) {
		for range 1000 {
			guest.Go(ctx, guest.Park)
		}
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
			return 0, err
		}
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			// the turn that has started this function ends, and another if it asked for that
			for range 2 {
				turned := make(chan struct{})
				glib.IdleAddPriority(glib.PRIORITY_LOW, func() { close(turned) })
				<-turned
			}
			before, used := asked.Load(), cpu()
			time.Sleep(300 * time.Millisecond)
			assert.Equal(t, before, asked.Load())
			assert.Less(t, cpu()-used, 50*time.Millisecond)
			return 0, nil
		})
		g, _ := guest.FromContext(ctx)
		g.Cancel(nil)
		return 0, err
	}, nil)
	require.ErrorIs(t, err, guest.ErrQuit)
}
