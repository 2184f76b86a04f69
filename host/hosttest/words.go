package hosttest

import (
	"fmt"
	"regexp"
	"strconv"
)

// The last words of the Go runtime and of the system, and what they mean for a host. Without an
// explanation they name things that the host's author never wrote.
var meanings = []struct {
	words *regexp.Regexp
	mean  func(match []string) string
}{
	{regexp.MustCompile(`coro: got lock external (\d+), want (\d+)`), func(m []string) string {
		got, _ := strconv.Atoi(m[1])
		want, _ := strconv.Atoi(m[2])
		if got > want {
			return fmt.Sprintf("runtime.LockOSThread was called %s more than when the coroutine was made. "+
				"The toolkit (for each frame, for example) or the host called it before the function and did not undo it", times(got-want))
		}
		return fmt.Sprintf("runtime.UnlockOSThread was called %s too often before the function ran. "+
			"Some code has undone a lock that it did not take", times(want-got))
	}},
	{regexp.MustCompile(`coro: got lock internal (\d+), want (\d+)`), func(m []string) string {
		return fmt.Sprintf("the function ran inside %s C callback(s) (C that calls Go), but the coroutine was made inside %s. "+
			"Run functions at one depth only: either straight from a loop that you iterate yourself, or always from one callback", m[1], m[2])
	}},
	{regexp.MustCompile(`coro: got thread (\w+), want (\w+)`), func([]string) string {
		return "the function ran on another thread than the one on which the coroutine was made; rule 2 requires one thread"
	}},
	{regexp.MustCompile(`all goroutines are asleep - deadlock!`), func([]string) string {
		return "every goroutine waits for another one: probably a post waits for the loop, or the loop waits for a wake-up that never comes"
	}},
	{regexp.MustCompile(`(?m)^(SIGSEGV|SIGBUS|SIGABRT|SIGILL|SIGTRAP): |(?m)^signal: (segmentation fault|bus error|aborted|illegal instruction|trace/breakpoint trap)`),
		func(m []string) string {
			return fmt.Sprintf("the process crashed in C (%s). Most often the cause is a call of the toolkit on a wrong thread, before its loop had begun, "+
				"or after it had ended; look at the goroutine with cgo in its stack", m[1]+m[2])
		}},
	{regexp.MustCompile(`WARNING: DATA RACE`), func([]string) string {
		return "the race detector saw two goroutines use one variable without a lock"
	}},
}

// inWords explains last words, in a line before them.
func inWords(output string, end error) string {
	if end != nil {
		output += "\n" + end.Error()
	}
	said := ""
	for _, m := range meanings {
		if match := m.words.FindStringSubmatch(output); match != nil && !same(match) {
			said += "\nthat is: " + m.mean(match)
		}
	}
	return said
}

// same reports whether the two numbers are equal: the runtime prints everything that it
// compares.
func same(match []string) bool {
	return len(match) == 3 && match[1] == match[2] && match[1] != ""
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprint(n, " times")
}
