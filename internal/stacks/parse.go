package stacks

import (
	"path/filepath"
	"regexp"
	"strings"
)

// A Goroutine is one goroutine of a dump.
type Goroutine struct {
	ID     string
	State  string // such as "running", "sync.Mutex.Lock", "chan receive", "coroutine"
	Locked bool   // locked to a thread
	Calls  []Call // the innermost first
}

// A Call is a frame of a stack.
type Call struct {
	Function string // its name with the path of its package
	File     string // the whole path
	Line     string
	Args     string // as the runtime prints them; only for comparison
}

var header = regexp.MustCompile(`^goroutine (\d+)[^\[\n]*\[([^,\]\n]*)([^\]\n]*)\]`)

// Parse reads a dump of several goroutines, or of one.
func Parse(dump string) (list []Goroutine) {
	for text := range strings.SplitSeq(dump, "\n\n") {
		text = strings.TrimSpace(text)
		m := header.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		list = append(list, Goroutine{
			ID: m[1], State: stateOf(m[2]), Locked: strings.Contains(m[3], "locked to thread"), Calls: calls(text),
		})
	}
	return list
}

// stateOf removes the parts of a state that concern only synctest and the collector.
func stateOf(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(text, " (scan)"), " (durable)")
}

// calls reads the calls of one goroutine.
func calls(text string) (list []Call) {
	lines := strings.Split(text, "\n")
	for i := 1; i+1 < len(lines); i++ { // the first is the header
		name, place := lines[i], lines[i+1]
		if strings.HasPrefix(name, "\t") || !strings.HasPrefix(place, "\t") || strings.HasPrefix(name, "created by ") {
			continue
		}
		file, rest, ok := cutLast(strings.TrimSpace(place), ":")
		function, args, called := cutLast(name, "(")
		if !ok || !called {
			continue
		}
		line, _, _ := strings.Cut(rest, " ")
		list = append(list, Call{strings.TrimSuffix(function, "-fm"), file, line, strings.TrimSuffix(args, ")")})
	}
	return list
}

// Name returns the function's name without the path of its package.
func (c Call) Name() string { return filepath.Base(c.Function) }

// At returns the file without its folder, and the line.
func (c Call) At() string { return filepath.Base(c.File) + ":" + c.Line }

// String returns Name, and At in parentheses.
func (c Call) String() string { return c.Name() + " (" + c.At() + ")" }

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
