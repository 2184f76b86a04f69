package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/golodger/lodger/examples/dupes/finder"
)

// A progress shows the progress of a search. On a terminal it overwrites one line. Elsewhere it
// writes a line now and then.
type progress struct {
	to    io.Writer
	live  bool // to is a terminal
	off   bool
	width int // of the terminal

	phase finder.Phase
	last  time.Duration // when a line was written, on the search's own clock
	shown int           // length of the live line
}

// How often a line is written: live, and plain.
const (
	liveEvery  = 100 * time.Millisecond
	plainEvery = 2 * time.Second
)

func newProgress(to io.Writer) *progress {
	return &progress{to: to, live: isTerminal(to), width: width()}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// width is the maximum number of columns of a line. The standard library can't ask the terminal,
// but a shell may export COLUMNS.
func width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 1 {
		return n - 1 // many terminals wrap when the last column is written
	}
	return 79
}

// show is called on the UI thread, more often than a user can read.
func (p *progress) show(m *finder.Model) {
	every := plainEvery
	if p.live {
		every = liveEvery
	}
	due := m.Elapsed-p.last >= every || p.live && m.Phase != p.phase
	if p.off || !due || m.Phase == finder.Finished {
		return
	}
	p.phase, p.last = m.Phase, m.Elapsed
	if !p.live {
		fmt.Fprintln(p.to, line(m))
		return
	}
	text := line(m)
	text = text[:min(len(text), p.width)] // it is plain ASCII
	fmt.Fprintf(p.to, "\r%-*s", p.shown, text)
	p.shown = len(text)
}

// clear removes the live line.
func (p *progress) clear() {
	if p.shown > 0 {
		fmt.Fprintf(p.to, "\r%*s\r", p.shown, "")
		p.shown = 0
	}
}

// line describes the state of the search.
func line(m *finder.Model) string {
	if m.Phase == finder.Walking {
		return fmt.Sprintf("finding files: %d, %s", m.Found.Files, finder.Size(m.Found.Bytes))
	}
	text := fmt.Sprintf("comparing: %.0f%% of %s, %d of %d files, groups: %d", 100*m.Fraction(),
		finder.Size(m.Candidates.Bytes), m.Done.Files, m.Candidates.Files, len(m.Groups))
	if m.Rate > 0 {
		text += fmt.Sprintf(", %s/s", finder.Size(int64(m.Rate)))
	}
	if left, ok := m.Left(); ok {
		text += fmt.Sprintf(", %v left", left.Round(time.Second))
	}
	return text
}
