package sched

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// promptly makes a prompt Control from a function.
type promptly func()

func (fn promptly) Apply()    { fn() }
func (promptly) Prompt() bool { return true }

// A prompt control message does not wait for the end of a batch. It is applied at the start of
// the next turn, or at once where ApplyPrompt is called.
func TestPromptControlDoesNotWaitForTheEndOfABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		ran, heardAt := 0, 0
		var appliedAt, turnAt uint64
		c.run(func(*task) {
			for range 4 * maxSteps {
				c.pump.Post(func() {
					ran++
					if ran == maxSteps/2 {
						heardAt, turnAt = ran, c.pump.Turn()
						elsewhere(func() { c.pump.Control(promptly(func() { appliedAt = c.pump.Turn(); heardAt = ran })) })
					}
				})
			}
		})
		require.Equal(t, 4*maxSteps, ran)
		require.Less(t, heardAt, 2*maxSteps, "not behind all posts")
		require.LessOrEqual(t, appliedAt, turnAt+1, "by the next turn")
	})
	// The same holds in the first batch, which does not end with its turn.
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		ran, heardAt := 0, 0
		for range 4 * maxSteps {
			c.pump.Post(func() {
				if ran++; ran == maxSteps/2 {
					elsewhere(func() { c.pump.Control(promptly(func() { heardAt = ran })) })
				}
			})
		}
		c.run(func(*task) { require.Equal(t, 4*maxSteps, ran) })
		require.Less(t, heardAt, 2*maxSteps)
		require.NotZero(t, heardAt)
	})
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		var order []int
		c.run(func(*task) {
			c.pump.Control(applied(func() { order = append(order, 3) }))
			c.pump.Control(promptly(func() { order = append(order, 1) }))
			c.pump.Control(promptly(func() { order = append(order, 2) }))
			c.pump.ApplyPrompt()
			require.Equal(t, []int{1, 2}, order, "what is not prompt waits for the batch")
		})
		require.Equal(t, []int{1, 2, 3}, order)
	})
}
