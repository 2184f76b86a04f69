package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
)

func TestLiveLineIsWrittenOverAndTakenAway(t *testing.T) {
	var out strings.Builder
	p := &progress{to: &out, live: true, width: 30}
	m := &finder.Model{Phase: finder.Walking, Found: finder.Tally{Files: 12345, Bytes: 1_500_000}}
	p.show(m)
	require.Empty(t, out.String(), "a short search shows nothing")
	m.Elapsed += liveEvery
	p.show(m)
	require.Equal(t, "\rfinding files: 12345, 1.5 MB", out.String())

	out.Reset()
	m.Elapsed += liveEvery / 2
	p.show(m)
	require.Empty(t, out.String(), "nobody can read that fast")

	m.Found = finder.Tally{Files: 1}
	m.Elapsed += liveEvery / 2
	p.show(m)
	require.Equal(t, "\rfinding files: 1, 0 B       ", out.String(), "the rest of the longer line is gone")

	out.Reset()
	m.Phase, m.Candidates = finder.Comparing, finder.Tally{Files: 1e9, Bytes: 1e15}
	p.show(m)
	require.Equal(t, "\rcomparing: 0% of 1.0 PB, 0 of ", out.String(), "cut to the width")

	out.Reset()
	p.clear()
	p.clear()
	require.Equal(t, "\r"+strings.Repeat(" ", 30)+"\r", out.String())
}

func TestPlainLinesComeNowAndThen(t *testing.T) {
	var out strings.Builder
	p := newProgress(&out)
	require.False(t, p.live)
	m := &finder.Model{Phase: finder.Walking}
	for m.Elapsed = range 5 * time.Second / time.Millisecond {
		m.Elapsed *= time.Millisecond
		p.show(m)
	}
	require.Equal(t, 2, strings.Count(out.String(), "\n"))
	out.Reset()
	m.Phase = finder.Comparing
	p.show(m)
	require.Empty(t, out.String())
	m.Elapsed += plainEvery
	p.show(m)
	require.Equal(t, "comparing: 0% of 0 B, 0 of 0 files, groups: 0\n", out.String())
	out.Reset()
	m.Phase = finder.Finished
	p.show(m)
	p.clear()
	require.Empty(t, out.String())
}

func TestLineSaysWhatIsKnown(t *testing.T) {
	m := &finder.Model{
		Phase:      finder.Comparing,
		Candidates: finder.Tally{Files: 10, Bytes: 1_000_000_000},
		Done:       finder.Tally{Files: 4, Bytes: 400_000_000},
		Rate:       200_000_000,
		Groups:     make([]*finder.Group, 3),
	}
	require.Equal(t, "comparing: 40% of 1.0 GB, 4 of 10 files, groups: 3, 200 MB/s", line(m))
}

func TestOnlyATerminalIsATerminal(t *testing.T) {
	require.False(t, isTerminal(io.Discard))
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	require.False(t, isTerminal(w))
	t.Setenv("COLUMNS", "40")
	require.Equal(t, 39, width())
	t.Setenv("COLUMNS", "wide")
	require.Equal(t, 79, width())
}
