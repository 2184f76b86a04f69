package guest

import "time"

// What the tests of this package count on is as in package sched.
const (
	lostAfter = time.Second
	stalled   = 5 * time.Second
	inVain    = 1000
	maxSteps  = 10_000
)

// spendBudget uses the budget of the turn up, in the running task.
func spendBudget(g *Guest) {
	for !g.pump.Spent() {
	}
}
