package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A result is the result of a step.
type result struct {
	What                    string
	Passed, Skipped, Failed int
	Built                   bool
	On                      time.Time
	Took                    time.Duration
	Err                     string `json:",omitempty"`
}

// A report holds the results of a lane.
type report struct {
	Lane    string
	Missing bool // the lane lacks a program
	Results []result
}

func (r report) lane() lane {
	return lanes[slices.IndexFunc(lanes, func(l lane) bool { return l.name == r.Lane })]
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
			r.Passed++
		case "SKIP":
			r.Skipped++
		default:
			r.Failed++
		}
	}
	for _, m := range ofKit.FindAllStringSubmatch(output, -1) {
		number := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
		r.Passed += number(1)
		r.Failed += number(2)
		r.Skipped += number(3) + number(4)
	}
	return r
}

// failures returns the part of an output that tells why a step failed: the lines around the first
// failure, with all that the failed test has said before it, or the end.
func failures(output string) string {
	lines := strings.Split(output, "\n")
	shown := lines[max(0, len(lines)-40):]
	for i, line := range lines {
		if strings.Contains(line, "--- FAIL") || strings.HasPrefix(line, "failed ") || strings.HasPrefix(line, "panic: ") {
			from := max(0, i-30)
			for j := i; j > max(0, i-500); j-- {
				if strings.HasPrefix(lines[j], "=== RUN") { // go test -v
					from = min(from, j)
					break
				}
			}
			shown = lines[from:min(len(lines), i+30)]
			break
		}
	}
	return strings.Join(shown, "\n")
}

// failures counts the steps that have failed since then. Missing steps do not count.
func (r report) failures(since time.Time) (n int) {
	for _, s := range r.Results {
		if s.On.Before(since) {
			continue
		}
		if s.Err != "" || s.Failed > 0 {
			n++
		}
	}
	return n
}

// add adds a result. It replaces an older one of the same step.
func (r *report) add(s result) {
	if old, ok := r.find(s.What); ok && old.On.After(s.On) {
		return
	}
	r.Results = append(slices.DeleteFunc(r.Results, func(old result) bool { return old.What == s.What }), s)
}

func (r report) find(what string) (s result, ok bool) {
	i := slices.IndexFunc(r.Results, func(s result) bool { return s.What == what })
	if i < 0 {
		return s, false
	}
	return r.Results[i], true
}

const when = "2006-01-02 15:04"

// table returns the table of a lane. [lane.shown] reads it.
func (r report) table() string {
	var b strings.Builder
	l := r.lane()
	fmt.Fprintf(&b, "\n## %s\n\n", l.title)
	if r.Missing && len(r.Results) == 0 {
		fmt.Fprintf(&b, "`make %s` has not run; it needs what `sh .ci/deps %s` asks for.\n", l.name, l.deps)
		return b.String()
	}
	fmt.Fprintf(&b, "Run it with `make %s`.\n\n", l.name)
	b.WriteString("| what | passed | skipped | failed | took | when |\n|---|---|---|---|---|---|\n")
	for _, step := range l.steps("", "") {
		if s, ok := r.find(step.what); ok {
			fmt.Fprintf(&b, "| %s | %s | %v | %s |\n", s.What, s.figures(), s.Took.Round(time.Second), s.On.Format(when))
		} else {
			fmt.Fprintf(&b, "| %s | – | – | not run | – | – |\n", step.what)
		}
	}
	if l.notes != "" {
		fmt.Fprintf(&b, "\n%s\n", l.notes)
	}
	return b.String()
}

const itFailed = "**it failed: "

func (s result) figures() string {
	switch {
	case s.Built && s.Err == "":
		return "built | – | –"
	case s.Err != "" && s.Failed == 0:
		return fmt.Sprintf("%d | %d | %s%v**", s.Passed, s.Skipped, itFailed, s.Err)
	}
	return fmt.Sprintf("%d | %d | %d", s.Passed, s.Skipped, s.Failed)
}
