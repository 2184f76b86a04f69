package stacks

import (
	"regexp"
	"runtime"
	"strings"
)

// most calls of the program, and as many others, are in a line for a log. Nobody reads more, and a
// recursion has very many.
const most = 24

// Line is a goroutine's stack on one line, for a log: the program's calls, the innermost first,
// and then all others but those that have called the program.
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

// outermost is how many calls there are up to the outermost one of the program's; all, if it has
// none.
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

// Line is (Goroutine).Line for a stack as debug.Stack gives it.
func Line(stack []byte) string {
	list := Parse(string(stack))
	if len(list) == 0 {
		return Plain(string(stack))
	}
	return list[0].Line()
}

// arguments are those of a call, at the end of its line.
var arguments = regexp.MustCompile(`(?m)^(\S.*)\([^()]*(?:\{[^{}]*\}[^()]*)*\)$`)

// Plain is a stack, or several, as the runtime prints them, without arguments.
func Plain(stack string) string { return arguments.ReplaceAllString(stack, "$1(…)") }

// maxDump is how much is read of very many goroutines.
const maxDump = 32 << 20

// All returns the stacks of all goroutines, the caller's first. The program stands still
// meanwhile, for some microseconds for each goroutine.
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
