package finder

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// fewNotes is how many notes of a kind the short report shows.
const fewNotes = 3

// WriteText writes the result for people: the groups, a summary in one line, and the first few
// notes of each kind, or all of them. The text is safe on a terminal, whatever the names of the
// files. Any goroutine.
func (r *Result) WriteText(to io.Writer, allNotes bool) error {
	w := bufio.NewWriter(to)
	for _, g := range r.Groups {
		fmt.Fprintf(w, "%d files of %s, %s wasted\n", len(g.Paths), Size(g.Size), Size(g.Wasted()))
		for _, path := range g.Paths {
			fmt.Fprintf(w, "  %s\n", Quote(path))
		}
		fmt.Fprintln(w)
	}
	if r.Cancelled {
		fmt.Fprint(w, "Interrupted; this is what was found so far.\n")
	}
	fmt.Fprintf(w, "%s, %s, %s wasted; %s, %s searched in %v\n",
		Count(int64(len(r.Groups)), "group"), Count(r.Duplicates, "duplicate"), Size(r.Wasted),
		Count(r.Found.Files, "file"), Size(r.Found.Bytes), r.Elapsed.Round(10*time.Millisecond))
	notes := r.Notes
	for kind, n := range r.Noted {
		if n == 0 {
			continue
		}
		fmt.Fprintf(w, "%s: %d\n", Kind(kind).Text(), n)
		show := n
		if !allNotes {
			show = min(n, fewNotes)
		}
		for _, note := range notes[:show] {
			fmt.Fprintf(w, "  %s\n", note)
		}
		if show < n {
			fmt.Fprintf(w, "  and %d more\n", n-show)
		}
		notes = notes[n:]
	}
	return w.Flush()
}

// Count formats a number with its noun: "1 file", "2 files". Any goroutine.
func Count(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprint(n, " ", word, "s")
}

// Line describes the progress of the search in one line. UI thread only.
func (m *Model) Line() string {
	if m.Phase == Walking {
		return fmt.Sprintf("Finding files: %d, %s", m.Found.Files, Size(m.Found.Bytes))
	}
	text := fmt.Sprintf("Comparing %d of %s, %s", m.Done.Files, Count(m.Candidates.Files, "file"), Size(m.Candidates.Bytes))
	if m.Rate > 0 {
		text += fmt.Sprintf(" at %s/s", Size(int64(m.Rate)))
	}
	if left, ok := m.Left(); ok {
		text += fmt.Sprintf(", %v left", left.Round(time.Second))
	}
	return text
}

// Sum describes in one line what was found. It is empty if nothing was found. UI thread only.
func (m *Model) Sum() string {
	if len(m.Groups) == 0 {
		return ""
	}
	return fmt.Sprintf("%s, %s wasted", Count(int64(len(m.Groups)), "group"), Size(m.Wasted))
}

// Line describes in one line how the search ended. Any goroutine.
func (r *Result) Line() string {
	text := fmt.Sprintf("%s searched in %v", Count(r.Found.Files, "file"), r.Elapsed.Round(10*time.Millisecond))
	if r.Cancelled {
		text = "Cancelled; this was found so far. " + text
	}
	return text
}
