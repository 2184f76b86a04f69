package guesttest

import (
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// The text of a stack dump is the only source for what goroutines do. Package runtime promises
// nothing about that text. If a later Go no longer names a goroutine's bubble, all goroutines of
// the process count. If it no longer says "durable", all blocked goroutines of the bubble count.
// Then the report lists more goroutines, but still comes only when nothing runs.

// A goroutine is one goroutine of a dump.
type goroutine struct {
	id     string
	state  string // such as "running", "IO wait", "select (durable)"
	bubble string // its number, or "" outside
	text   string // with its header
}

var (
	header      = regexp.MustCompile(`^goroutine (\d+)[^\[\n]*\[([^,\]\n]*)[^\n]*`)
	bubbleLabel = regexp.MustCompile(`synctest bubble (\d+)`)
)

// goroutines splits a dump into its goroutines.
func goroutines(dump string) (list []goroutine) {
	for text := range strings.SplitSeq(dump, "\n\n") {
		if m := header.FindStringSubmatch(text); m != nil {
			list = append(list, goroutine{id: m[1], state: stateOf(m[2]), bubble: bubbleOf(m[0]), text: strings.TrimSpace(text)})
		}
	}
	return list
}

// stateOf returns a state as Go 1.26 says it. Go 1.25 calls a goroutine durable after its last
// wait, too: while it runs, or is in a system call.
func stateOf(said string) string {
	plain := strings.TrimSuffix(strings.TrimSuffix(said, " (durable)"), " (scan)")
	if plain == "syscall" || (goroutine{state: plain}).mayRun() {
		return plain
	}
	return strings.TrimSuffix(said, " (scan)")
}

// durable reports whether only the bubble itself can wake the goroutine.
func (g goroutine) durable() bool { return strings.HasSuffix(g.state, "(durable)") }

// mayRun reports whether the goroutine runs, or would run if a processor were free. A goroutine
// that the garbage collector holds up counts, too.
func (g goroutine) mayRun() bool {
	switch g.state {
	case "running", "runnable", "preempted", "copystack", "waiting", "idle", "stopping the world":
		return true
	}
	return strings.Contains(g.state, "GC") || strings.Contains(g.state, "garbage")
}

// stateBegins reports whether the state begins with one of the given texts.
func (g goroutine) stateBegins(with []string) bool {
	return slices.ContainsFunc(with, func(s string) bool { return strings.HasPrefix(g.state, s) })
}

// bubbleOf returns the number of the bubble in the header of a goroutine, or "".
func bubbleOf(header string) string {
	if m := bubbleLabel.FindStringSubmatch(header); m != nil {
		return m[1]
	}
	return ""
}

// bubbleHere returns the number of the bubble that the caller is in.
func bubbleHere() string {
	var b [256]byte
	line, _, _ := strings.Cut(string(b[:runtime.Stack(b[:], false)]), "\n")
	return bubbleOf(line)
}

// dump returns the stacks of all goroutines, the caller's first. It returns "" if there are too
// many.
func dump() string {
	for size := 64 << 10; size <= 16<<20; size *= 4 {
		b := make([]byte, size)
		if n := runtime.Stack(b, true); n < size {
			return string(b[:n])
		}
	}
	return ""
}
