package hosttest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A run in a bubble that never ends would print nothing. If all of its goroutines wait, synctest
// reports a deadlock. But a single ticker moves virtual time on forever. So a watch counts virtual
// seconds inside the bubble. It also counts real seconds outside, since virtual time may stand
// still.

// virtualLimit is how many virtual seconds a play may take. One that ends takes some twelve at
// most: the guest's grace, and the wait for goroutines that are lost.
const virtualLimit = 60

// realLimit is how long a play may take before the watch says so. It takes some milliseconds.
var realLimit = 10 * time.Second

// overdue says in words that a play has not ended in real time. It may still end, on a machine
// that is busy, and so the test goes on.
var overdue = func(text string) { fmt.Fprint(os.Stderr, text) }

// A playWatch watches a play in a bubble.
type playWatch struct {
	name    string
	seconds atomic.Int64 // of virtual time
	bubble  atomic.Pointer[string]
	timer   *time.Timer // in the bubble
}

// watched runs a play in a bubble, which calls inside first thing.
func watched(t *testing.T, name string, bubble func(inside func(t *testing.T))) {
	w := &playWatch{name: name}
	outside := time.AfterFunc(realLimit, func() { overdue(w.late()) })
	defer outside.Stop()
	bubble(w.begin)
}

// begin counts virtual seconds, until the play has ended.
func (w *playWatch) begin(t *testing.T) {
	label := bubbleLabel(stackOf(false))
	w.bubble.Store(&label)
	w.timer = time.AfterFunc(time.Second, w.second)
	t.Cleanup(func() { w.timer.Stop() })
}

// second ends the process when the play has had its time: what never ends can't be left.
func (w *playWatch) second() {
	if w.seconds.Add(1) >= virtualLimit {
		panic(w.endless())
	}
	w.timer.Reset(time.Second)
}

func (w *playWatch) endless() string {
	return fmt.Sprintf("hosttest: %s has not ended after %d s of virtual time, and never will. Most likely the loop goes on "+
		"although its toolkit has quit, or a wake-up was lost, while a ticker or a timer moves virtual time on. "+
		"See whether hosttest.Run fails; else look where these goroutines wait:\n%s", w.name, virtualLimit, w.goroutines())
}

func (w *playWatch) late() string {
	return fmt.Sprintf("hosttest: %s has not ended after %v, and virtual time has moved by %d s. If it stands still, a goroutine "+
		"of the host waits for a lock, a system call, or something made outside of the bubble, for which time does not move "+
		"(see testing/synctest); Options.Bubble is for loops that wait for channels and timers alone. "+
		"If it moves, a ticker is very fast. The goroutines:\n%s\n", w.name, realLimit, w.seconds.Load(), w.goroutines())
}

// goroutines are the stacks of those of the bubble.
func (w *playWatch) goroutines() string {
	var list []string
	label := w.bubble.Load()
	for text := range strings.SplitSeq(stackOf(true), "\n\n") {
		header, _, _ := strings.Cut(text, "\n")
		if label != nil && (strings.Contains(header, *label+"]") || strings.Contains(header, *label+",")) {
			list = append(list, strings.TrimSpace(text))
		}
	}
	return strings.Join(list, "\n\n")
}

// bubbleLabel is how a stack's header names the bubble of its goroutine.
func bubbleLabel(stack string) string {
	const label = "synctest bubble "
	header, _, _ := strings.Cut(stack, "\n")
	_, number, _ := strings.Cut(header, label)
	end := strings.IndexAny(number, ",]")
	return label + number[:max(end, 0)]
}

func stackOf(all bool) string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, all)])
}
