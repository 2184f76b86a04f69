package hosttest

import (
	"fmt"
	"regexp"
	"strconv"
)

// Last words of the Go runtime and of the system, and what they mean for a host. Without that,
// they speak of what its author never wrote.
var meanings = []struct {
	words *regexp.Regexp
	mean  func(match []string) string
}{
	{regexp.MustCompile(`coro: got lock external (\d+), want (\d+)`), func(m []string) string {
		got, _ := strconv.Atoi(m[1])
		want, _ := strconv.Atoi(m[2])
		if got > want {
			return fmt.Sprintf("runtime.LockOSThread was called %s more often than when the coroutine was made. "+
				"Someone has called it and not undone it before the function came: the toolkit for each frame, or the host", times(got-want))
		}
		return fmt.Sprintf("runtime.UnlockOSThread was called %s too often before the function came. "+
			"Someone has undone a lock that is not his own", times(want-got))
	}},
	{regexp.MustCompile(`coro: got lock internal (\d+), want (\d+)`), func(m []string) string {
		return fmt.Sprintf("the function came inside %s C callback(s) (C that calls Go), and the coroutine was made inside %s. "+
			"Run functions at one depth only: straight from a loop that you iterate yourself, or always from one callback", m[1], m[2])
	}},
	{regexp.MustCompile(`coro: got thread (\w+), want (\w+)`), func([]string) string {
		return "the function came on another thread than the one that the coroutine was made on; rule 2 wants one"
	}},
	{regexp.MustCompile(`all goroutines are asleep - deadlock!`), func([]string) string {
		return "every goroutine waits for another one: most likely a post waits for the loop, or the loop for a wake-up that never comes"
	}},
	{regexp.MustCompile(`(?m)^(SIGSEGV|SIGBUS|SIGABRT|SIGILL|SIGTRAP): |(?m)^signal: (segmentation fault|bus error|aborted|illegal instruction|trace/breakpoint trap)`),
		func(m []string) string {
			return fmt.Sprintf("the process crashed in C (%s). Most often the toolkit was called on a wrong thread, before its loop had begun, "+
				"or after it had ended; look at the goroutine with cgo in its stack", m[1]+m[2])
		}},
	{regexp.MustCompile(`WARNING: DATA RACE`), func([]string) string {
		return "the race detector has seen two goroutines use one variable without a lock"
	}},
}

// inWords says what last words mean, in a line before them.
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

// same reports whether what was got is what was wanted: the runtime prints all that it compares.
func same(match []string) bool {
	return len(match) == 3 && match[1] == match[2] && match[1] != ""
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprint(n, " times")
}
