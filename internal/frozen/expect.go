package frozen

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/internal/screentest"
)

// An explanation is what the log and the console must say about a freeze.
type explanation struct {
	within time.Duration // the latest time for the log's record
	in     string        // the function and its line that the record must name
	does   string
	task   bool   // the record must name the task "refresh"
	why    string // who may hold the lock, for example
}

const (
	ofTask    = 100 * time.Millisecond
	ofHandler = 500 * time.Millisecond
	// busyMachine is how much later everything may come.
	busyMachine = 2 * time.Second
)

var explanations = map[string]explanation{
	"a lock across a wait": {
		ofTask, `frozen\.\(\*store\)\.count at=freeze\.go:\d+`, "waits for a mutex", true,
		`autosave: frozen\.\(\*store\)\.save \(freeze\.go:\d+\) works on (the same value|a value of the same type), and likely holds the lock; it is a task that waits`,
	},
	"a handler's lock, as well": {
		ofHandler, `frozen\.\(\*store\)\.count at=freeze\.go:\d+`, "waits for a mutex", false,
		`autosave: frozen\.\(\*store\)\.save \(freeze\.go:\d+\) works on (the same value|a value of the same type), and likely holds the lock; it is a task that waits`,
	},
	"CallOnMain under a lock": {
		ofTask, `frozen\.\(\*store\)\.count at=freeze\.go:\d+`, "waits for a mutex", true,
		`publish: frozen\.\(\*store\)\.publish \(freeze\.go:\d+\) works on (the same value|a value of the same type), and likely holds the lock; it waits for the UI thread`,
	},
	"a task that computes":     {ofTask, `frozen\.busy at=freeze\.go:\d+`, "computes", true, ""},
	"a handler that computes":  {ofHandler, `frozen\.busy at=freeze\.go:\d+`, "computes", false, ""},
	"a handler that receives":  {ofHandler, `frozen\.receives at=freeze\.go:\d+`, "waits to receive from a channel", false, ""},
	"a task that waits for it": {ofTask, `\S+ at=frozen_test\.go:\d+`, "waits for the UI thread itself, in ", true, ""},
}

// Run plays all freezes of the toolkit, and checks how they are explained.
func Run(t *testing.T, kit Toolkit) {
	for name, want := range explanations {
		if name == "a task that waits for it" && kit.Itself == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel() // no pointer clicks
			want.check(t, screentest.Start(t, name).Ended(0))
		})
	}
}

func (e explanation) check(t *testing.T, text string) {
	log, shown, found := strings.Cut(text, "the console: ")
	require.True(t, found, text)
	require.Regexp(t, `in=`+e.in, log)
	require.Regexp(t, `does="?`+e.does, log)
	require.Equal(t, e.task, strings.Contains(log, "task.name=refresh task.func="), log)
	require.Regexp(t, e.why, log)
	after := regexp.MustCompile(`after (\S+)`).FindStringSubmatch(log)
	require.NotNil(t, after, log)
	took, err := time.ParseDuration(after[1])
	require.NoError(t, err)
	require.LessOrEqual(t, took, e.within+e.within/2+busyMachine, text)

	line := regexp.MustCompile(` at=(\S+)`).FindStringSubmatch(log)[1]
	require.Contains(t, shown, "("+line+")")
	require.Contains(t, shown, e.does)
	require.Equal(t, e.task, strings.Contains(shown, "refresh: "), shown)
	require.Regexp(t, e.why, shown)
	t.Logf("%s: %s", after[0], regexp.MustCompile(` stack=.*\n`).ReplaceAllString(log, "\n"))
}
