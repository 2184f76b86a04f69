package hosttest

import (
	"fmt"
	"io"
)

// Cases returns the names of all cases in their order. If the environment variable HOSTTEST_CASE
// has one of these names, the test binary runs that case in [Main] and prints a line of JSON
// after "hosttest-verdict: ". Any goroutine. Never waits.
func Cases() []string {
	names := make([]string, len(cases))
	for i, c := range cases {
		names[i] = c.name
	}
	return names
}

// Outside runs all cases as children of this process, which is not the test binary. command
// starts the test binary, as in "go_js_wasm_exec", "my.test". Outside writes the result of each
// case, and returns how many have failed. The command in host/hosttest/outside calls it. Any
// goroutine. Waits.
func Outside(w io.Writer, command ...string) (failures int) {
	s := defaults
	s.exec, s.binary = command[:len(command)-1], command[len(command)-1]
	return s.outside(w, cases)
}

func (s settings) outside(w io.Writer, list []*testCase) (failures int) {
	count := map[state]int{}
	for _, r := range s.run(list) {
		count[r.state]++
		fmt.Fprintf(w, "%-8s %s\n", r.state, r.name)
		if r.state == failed {
			fmt.Fprintf(w, "the host breaks %s\nseen: %s\n", r.rule, r.saw)
		}
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d blocked, %d absent\n", count[passed], count[failed], count[blocked], count[absent])
	return count[failed]
}
