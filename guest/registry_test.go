package guest

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

func TestCurrentHostIsThatOfTheRunningTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		_, is := host.Current()
		require.False(t, is)
		_, err := Run(l, func(ctx context.Context) (int, error) {
			h, is := host.Current()
			assert.True(t, is)
			assert.Same(t, l, h)
			return Background(ctx, func(context.Context) (int, error) {
				_, is := host.Current()
				assert.Equal(t, nameless, is, "another thread")
				return 0, nil
			})
		}, nil)
		require.NoError(t, err)
		_, is = host.Current()
		require.False(t, is)
	})
}

func TestGuestWithoutAContextIsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		bg := context.Background()
		require.Equal(t, ErrNoGuest, RunOnMain(bg, func() {}))
		opts := &Options{Logger: book.logger()}
		one, two := &scriptLoop{}, &scriptLoop{}
		g1, err := Start(one, nil, opts)
		require.NoError(t, err)
		require.Same(t, g1, resolve(bg))
		require.Empty(t, book.lines())
		g2, err := Start(two, nil, opts)
		require.NoError(t, err)
		for range 3 {
			require.Same(t, g2, resolve(bg))
		}
		require.Equal(t, 1, book.count("several guests live in this process"))
		require.Len(t, book.lines(), 1)
		require.Same(t, g1, resolve(&g1.root), "a context chooses")
		g2.Cancel(nil)
		require.NoError(t, embedded(two, g2).Err)
		require.Same(t, g1, resolve(bg))
		g1.Cancel(nil)
		require.NoError(t, embedded(one, g1).Err)
		require.Nil(t, resolve(bg))
	})
}

func TestTwoGuestsOnTwoThreadsDoNotMixUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				l := &scriptLoop{}
				_, err := Run(l, func(ctx context.Context) (int, error) {
					for range 50 {
						Go(ctx, func(ctx context.Context) error {
							for range 5 {
								if err := Sleep(ctx, time.Millisecond); err != nil {
									return err
								}
								assert.Same(t, l, runningHere().scope.g.host.Host)
							}
							return nil
						})
					}
					return 0, nil
				}, nil)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
	})
}

// TestTwoHostsOnOneThreadServeTwoGuests: several host values in front of one loop.
func TestTwoHostsOnOneThreadServeTwoGuests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{Stays: true}
		one, two := &roomer{scriptLoop: l}, &roomer{scriptLoop: l}
		c := &chapters{t: t}
		g1, err := Start(one, func(ctx context.Context) error {
			c.step(1)
			defer c.step(4)
			return Sleep(ctx, 2*time.Second)
		}, nil)
		require.NoError(t, err)
		g2, err := Start(two, func(ctx context.Context) error {
			c.step(2)
			defer c.step(3)
			return Sleep(ctx, time.Second)
		}, nil)
		require.NoError(t, err)
		go func() {
			assert.NoError(t, g1.Wait(t.Context()))
			assert.NoError(t, g2.Wait(t.Context()))
			l.Quit()
		}()
		defer looptest.Lock()()
		require.NoError(t, l.Mainloop(nil))
		require.NoError(t, g1.Finish().Err)
		require.NoError(t, g2.Finish().Err)
		require.Len(t, l.Outcomes, 2)
		c.step(5)
	})
}

// A roomer is one host value of several in front of one loop.
type roomer struct{ *scriptLoop }

func TestEndedGuestIsOnNoList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, main := range []func(context.Context) error{nil, park, func(context.Context) error { panic("boom") }} {
			l := &scriptLoop{}
			g, err := Start(l, main, nil)
			require.NoError(t, err)
			require.Len(t, place.Live(), 1)
			g.Cancel(nil)
			embedded(l, g)
			require.Empty(t, place.Live())
		}
	})
}

func TestPrivateGuestIsFoundByItsContextsAndOnItsThreadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bg := context.Background()
		private := &Options{Private: true}
		one, err := Start(&scriptLoop{}, nil, private)
		require.NoError(t, err)
		require.Nil(t, resolve(bg), "the only one, and yet not the process's")
		require.Equal(t, ErrNoGuest, RunOnMain(bg, func() {}))
		require.Same(t, one, resolve(&one.root))

		var book logbook
		public, err := Start(&scriptLoop{}, nil, &Options{Logger: book.logger()})
		require.NoError(t, err)
		newest, err := Start(&scriptLoop{}, nil, private)
		require.NoError(t, err)
		require.Same(t, public, resolve(bg))
		require.Empty(t, book.lines(), "there are not several to choose from")

		_, err = Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
			ran := false
			assert.NoError(t, RunOnMain(bg, func() { ran = true }))
			assert.True(t, ran, "in place, on its own thread")
			elsewhere(func() { assert.Same(t, public, resolve(bg)) })
			return 0, nil
		}, private)
		require.NoError(t, err)
		for _, g := range []*Guest{newest, public, one} {
			g.Cancel(nil)
			embedded(g.host.Host.(*scriptLoop), g)
		}
	})
}
