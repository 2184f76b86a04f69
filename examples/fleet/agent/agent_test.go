package agent

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJobIsHeldOnlyWhileItMovesOn(t *testing.T) {
	w, said := &work{}, 0
	beat := w.beat(func() error { said++; return nil })
	for i, steps := range []int64{0, 1, 0, 0, 2} {
		w.steps.Add(steps)
		require.NoError(t, beat(context.Background()))
		require.Equal(t, []int{0, 1, 1, 1, 2}[i], said)
	}
}
