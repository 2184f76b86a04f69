package sched

import (
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// backwardsToo is the simplest steer with a visible effect: it takes in backwards what arrives
// together.
func backwardsToo() *Steer {
	return &Steer{
		Shuffle: func(int, func(i, j int)) {},
		Settle:  synctest.Wait,
		Source:  func() uint64 { return 0 },
		Arrange: func(list []Arrival) (order []int) {
			for i := range list {
				order = append(order, len(list)-1-i)
			}
			return order
		},
	}
}

// steered runs fn in a bubble, as a task of a steered pump that tells the sides apart.
func steered(t *testing.T, steer *Steer, fn func(c *client, m *task)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := newSteered(t, steer)
		c.run(func(m *task) {
			m.yield()
			fn(c, m)
		})
	})
}

func TestSteerLetsOthersFinishBeforeEachStep(t *testing.T) {
	for range 20 {
		began, finished := 0, 0
		steered(t, backwardsToo(), func(c *client, _ *task) {
			for range 10 {
				c.start(func(m *task) {
					for range 2 {
						require.Equal(t, began, finished)
						began++
						go func() {
							for range 10 {
								runtime.Gosched()
							}
							finished++
						}()
						m.yield()
					}
				})
			}
		})
		require.Equal(t, 20, finished)
	}
}

func TestSteerArrangesWhatArrivesTogether(t *testing.T) {
	for i := range 20 {
		steered(t, backwardsToo(), func(c *client, m *task) {
			s := &story{t: t}
			go func() {
				for n := range int32(3) {
					c.pump.Post(s.says(7 - n))
				}
			}()
			s.step(1)
			c.pump.Post(s.says(2)) // the guest keeps its place, even if others are faster
			if i%2 == 0 {
				synctest.Wait()
			}
			c.start(func(*task) { s.step(3) })
			m.yield()
			s.step(4)
			m.yield()
			s.step(8)
			go c.pump.Post(s.says(9))
			c.pump.Settle()
			c.pump.Post(s.says(10)) // but not before entries that are sure to have arrived
			m.yield()
			s.step(11)
		})
	}
}

func TestSteerIsToldOfEachChoice(t *testing.T) {
	var kinds []Kind
	steer := backwardsToo()
	steer.Chosen = func(what any, kind Kind) {
		require.NotNil(t, what)
		kinds = append(kinds, kind)
	}
	steered(t, steer, func(c *client, m *task) {
		for range 40 {
			c.start(func(*task) {})
		}
		c.pump.Post(func() {})
		m.yield()
	})
	want := append(append([]Kind{Begins, Resumes}, slices.Repeat([]Kind{Begins}, 40)...), Calls, Resumes)
	require.Equal(t, want, kinds)
}
