package stacks

import (
	"regexp"
	"runtime"
	"strings"
)

// most is how many calls of the program a line for a log may have, and how many others. Nothing
// is gained by more, and a recursion has very many.
const most = 24

// Line returns a goroutine's stack on one line, for a log. The program's calls come first, the
// innermost at the front. Then come all others, except those that have called the program.
func (g Goroutine) Line() string {
	var program, others []string
	for _, c := range g.Calls[:g.outermost()] {
		if c.OfProgram() {
			program = append(program, c.String())
		} else {
			others = append(others, c.String())
		}
	}
	switch text := joined(program); {
	case len(others) == 0:
		return text
	case text == "":
		return joined(others)
	default:
		return text + "; beside " + joined(others)
	}
}

// outermost returns how many calls there are up to the outermost call of the program, or all if
// it has none.
func (g Goroutine) outermost() int {
	for n := len(g.Calls); n > 0; n-- {
		if g.Calls[n-1].OfProgram() {
			return n
		}
	}
	return len(g.Calls)
}

func joined(calls []string) string {
	more := ""
	if len(calls) > most {
		calls, more = calls[:most], " ← …"
	}
	return strings.Join(calls, " ← ") + more
}

// Line is (Goroutine).Line for a stack as debug.Stack returns it.
func Line(stack []byte) string {
	list := Parse(string(stack))
	if len(list) == 0 {
		return Plain(string(stack))
	}
	return list[0].Line()
}

// arguments matches the arguments of a call, at the end of its line.
var arguments = regexp.MustCompile(`(?m)^(\S.*)\([^()]*(?:\{[^{}]*\}[^()]*)*\)$`)

// Plain returns one or more stacks as the runtime prints them, but without arguments.
func Plain(stack string) string { return arguments.ReplaceAllString(stack, "$1(…)") }

// maxDump is how many bytes are read when there are very many goroutines.
const maxDump = 32 << 20

// All returns the stacks of all goroutines, the caller's first. Meanwhile the program stands
// still, for some microseconds per goroutine.
func All() string {
	b := make([]byte, 64<<10)
	for {
		n := runtime.Stack(b, true)
		if n < len(b) || n >= maxDump {
			return string(b[:n])
		}
		b = make([]byte, 2*len(b))
	}
}
