//go:build js

package page

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSoonIsLaterAndInOrder(t *testing.T) {
	var ran []int
	done := make(chan struct{})
	for i := range 3 {
		Soon(func() { ran = append(ran, i) })
	}
	Soon(func() { Soon(func() { close(done) }) })
	require.Empty(t, ran)
	<-done
	require.Equal(t, []int{0, 1, 2}, ran)
}

// A timer gets its turn beside a chain of calls that never ends.
func TestSoonLeavesThePageItsTurns(t *testing.T) {
	over := false
	var again func()
	again = func() {
		if !over {
			Soon(again)
		}
	}
	again()
	begin := time.Now()
	time.Sleep(20 * time.Millisecond)
	over = true
	require.Less(t, time.Since(begin), 5*time.Second)
}
