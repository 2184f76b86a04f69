package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A result is what came of a step.
type result struct {
	what                    string
	passed, skipped, failed int
	built                   bool
	took                    time.Duration
	err                     error
}

// A report is what came of a lane.
type report struct {
	lane    lane
	missing bool
	results []result
}

var (
	ofTests = regexp.MustCompile(`(?m)^\s*--- (PASS|SKIP|FAIL):`)
	// the summary of host/hosttest/outside
	ofKit = regexp.MustCompile(`(?m)^(\d+) passed, (\d+) failed, (\d+) blocked, (\d+) absent`)
)

// count counts the cases in the output of go test -v, or of the kit from outside.
func count(output string) (r result) {
	for _, m := range ofTests.FindAllStringSubmatch(output, -1) {
		switch m[1] {
		case "PASS":
			r.passed++
		case "SKIP":
			r.skipped++
		default:
			r.failed++
		}
	}
	for _, m := range ofKit.FindAllStringSubmatch(output, -1) {
		number := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
		r.passed += number(1)
		r.failed += number(2)
		r.skipped += number(3) + number(4)
	}
	return r
}

// failures returns what of an output tells why it failed: from the first failure on, or its end.
func failures(output string) string {
	lines := strings.Split(output, "\n")
	shown := lines[max(0, len(lines)-40):]
	for i, line := range lines {
		if strings.Contains(line, "--- FAIL") || strings.HasPrefix(line, "failed ") || strings.HasPrefix(line, "panic: ") {
			shown = lines[max(0, i-30):min(len(lines), i+30)]
			break
		}
	}
	return strings.Join(shown, "\n")
}

// failures counts the steps that failed. What is missing has not.
func (r report) failures() (n int) {
	for _, s := range r.results {
		if s.err != nil || s.failed > 0 {
			n++
		}
	}
	return n
}

// table shows a lane.
func (r report) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n", r.lane.title)
	if r.missing {
		fmt.Fprintf(&b, "Not run: what `sh .ci/deps %s` asks for is missing.\n", r.lane.deps)
		return b.String()
	}
	b.WriteString("| what | passed | skipped | failed | took |\n|---|---|---|---|---|\n")
	for _, s := range r.results {
		fmt.Fprintf(&b, "| %s | %s | %v |\n", s.what, s.figures(), s.took.Round(time.Second))
	}
	if r.lane.notes != "" {
		fmt.Fprintf(&b, "\n%s\n", r.lane.notes)
	}
	return b.String()
}

func (s result) figures() string {
	switch {
	case s.built && s.err == nil:
		return "built | – | –"
	case s.err != nil && s.failed == 0:
		return fmt.Sprintf("%d | %d | **it failed: %v**", s.passed, s.skipped, s.err)
	}
	return fmt.Sprintf("%d | %d | %d", s.passed, s.skipped, s.failed)
}
