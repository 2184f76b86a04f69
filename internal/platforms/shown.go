package main

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// shown returns the results that the document shows of a lane, so that a step which has not run
// again keeps its row.
func (l lane) shown(document string) (results []result) {
	_, text, _ := strings.Cut(document, "\n## "+l.title+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for _, step := range l.steps("", "") {
		_, row, ok := strings.Cut(text, "\n| "+step.what+" | ")
		if !ok {
			continue
		}
		row, _, _ = strings.Cut(row, "\n")
		if s, err := read(step.what, row); err == nil {
			results = append(results, s)
		}
	}
	return results
}

// read reads what follows a step's name in its row. A step that has not run is an error.
func read(what, row string) (s result, err error) {
	cells := strings.Split(row, " | ")
	if len(cells) != 5 {
		return s, errors.New("the row has another form")
	}
	number := func(cell string) (n int) {
		if err == nil {
			n, err = strconv.Atoi(cell)
		}
		return n
	}
	s.What = what
	if s.Built = cells[0] == "built"; !s.Built {
		s.Passed, s.Skipped = number(cells[0]), number(cells[1])
		if message, ok := strings.CutPrefix(cells[2], itFailed); ok {
			s.Err = strings.TrimSuffix(message, "**")
		} else {
			s.Failed = number(cells[2])
		}
	}
	if err == nil {
		s.Took, err = time.ParseDuration(cells[3])
	}
	if err == nil {
		s.On, err = time.ParseInLocation(when, strings.TrimSuffix(cells[4], " |"), time.Local)
	}
	return s, err
}
