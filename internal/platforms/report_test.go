package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFailuresShowAllThatTheTestHasSaid(t *testing.T) {
	var said []string
	for i := range 100 {
		said = append(said, fmt.Sprint("    line ", i))
	}
	output := "=== RUN   TestA\n--- PASS: TestA\n=== RUN   TestB\n" + strings.Join(said, "\n") + "\n--- FAIL: TestB\nFAIL\n"
	shown := failures(output)
	require.True(t, strings.HasPrefix(shown, "=== RUN   TestB\n    line 0\n"), shown)
	require.Contains(t, shown, "--- FAIL: TestB\nFAIL")
	require.Contains(t, failures("building\nno compiler\n"), "no compiler")
}
