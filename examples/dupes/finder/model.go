package finder

import "time"

// A Phase is what a search is doing.
type Phase uint8

// The phases of a search, in order.
const (
	Walking   Phase = iota // finding files; only their sizes are known
	Comparing              // reading the files whose size is not unique
	Finished               // done, cancelled or failed
)

// String returns the phase in a word.
func (p Phase) String() string { return [...]string{"finding files", "comparing", "finished"}[p] }

// A Tally is a number of files and of the bytes in them.
type Tally struct{ Files, Bytes int64 }

func (t *Tally) add(files, bytes int64) { t.Files, t.Bytes = t.Files+files, t.Bytes+bytes }

// A Group is two or more files with equal content. It may grow during the search.
type Group struct {
	Size  int64    // of one file, in bytes
	Sum   Sum      // of its content
	Paths []string // in the order found; sorted in a Result
}

// Wasted is how many bytes would be free if one file were kept.
func (g *Group) Wasted() int64 { return g.Size * int64(len(g.Paths)-1) }

// A Model contains what a search knows so far, for a screen to show. Only the UI thread writes
// it, and only the UI thread may read it, so it needs no lock. Groups and Notes only grow at
// their ends.
type Model struct {
	Phase   Phase
	Elapsed time.Duration

	Folders    int64 // folders read
	Found      Tally // regular files found
	Candidates Tally // files whose size is not unique; known from Comparing on
	// how much of Candidates is decided, by reading it or because it can't be equal to anything
	Done Tally

	Read int64   // bytes actually read
	Rate float64 // bytes per second, over the last seconds

	Groups     []*Group // in the order found
	Duplicates int64    // files that could be deleted: in each group all but one
	Wasted     int64    // bytes in them
	Notes      []Note   // in the order found
	Noted      [kinds]int64

	started time.Time
	opened  int64 // files opened so far: one that looks like another is opened twice
	again   int64 // files that will be opened a second time
	bytes   pace
	effort  pace
}

// Opening a file takes about as long as hashing this many bytes. Without this, the estimated time
// for many small files would be far too short.
const openEffort = 32 << 10

// Fraction returns how much of the comparing is done, from 0 to 1. UI thread only.
func (m *Model) Fraction() float64 {
	all := m.Candidates.Bytes + m.Candidates.Files*openEffort
	if m.Phase == Walking || all == 0 {
		return 0
	}
	return float64(m.Done.Bytes+m.Done.Files*openEffort) / float64(all)
}

// Left returns how long the comparing will still take, and whether that is known. UI thread only.
//
// It takes less time if some files turn out not to need reading.
func (m *Model) Left() (time.Duration, bool) {
	if m.Phase != Comparing {
		return 0, false
	}
	bytes := m.Candidates.Bytes - m.Done.Bytes
	opens := m.Candidates.Files + m.again - m.opened
	return m.effort.left(float64(bytes + opens*openEffort))
}

// tick updates everything that depends on time.
func (m *Model) tick(now time.Time) {
	if m.started.IsZero() {
		m.started = now
	}
	m.Elapsed = now.Sub(m.started)
	m.bytes.at(now, float64(m.Read))
	m.effort.at(now, float64(m.Read+m.opened*openEffort))
	m.Rate = m.bytes.perSecond()
}

// walked takes over what the walk has seen so far.
func (m *Model) walked(seen sight) {
	m.Folders, m.Found = seen.folders, seen.found
	m.note(seen.notes[len(m.Notes):]...) // all notes so far are the walk's
}

// read adds bytes of a long file that is still being read.
func (m *Model) read(bytes int64) {
	m.Read += bytes
	m.Done.Bytes += bytes
}

func (m *Model) note(notes ...Note) {
	for _, n := range notes {
		m.Noted[n.Kind]++
	}
	m.Notes = append(m.Notes, notes...)
}

// group adds a path to g, which is new if it has one path only.
func (m *Model) group(g *Group, path string) {
	if len(g.Paths) == 1 {
		m.Groups = append(m.Groups, g)
	}
	g.Paths = append(g.Paths, path)
	m.Duplicates++
	m.Wasted += g.Size
}
