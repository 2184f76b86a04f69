package finder

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// fewNotes is how many notes of a kind the short report shows.
const fewNotes = 3

// WriteText writes the result for people: the groups, one line that sums up, and the notes; of each kind the first few,
// or all. Whatever the files are called, it is safe on a terminal. Any goroutine.
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
		count(len(r.Groups), "group"), count(r.Duplicates, "duplicate"), Size(r.Wasted),
		count(r.Found.Files, "file"), Size(r.Found.Bytes), r.Elapsed.Round(10*time.Millisecond))
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

// count is a number with its word: "1 file", "2 files".
func count[N int | int64](n N, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprint(n, " ", word, "s")
}
