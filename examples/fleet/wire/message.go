package wire

import (
	"time"

	"github.com/golodger/lodger/examples/dupes/finder"
)

// A Job is a part of a search, for any agent that has the share. The agent lists the share's
// files, or reads some of them.
type Job struct {
	Run, ID string
	Share   string
	Reads   []Read `json:",omitempty"` // if empty: list the share
}

// An Answer is an agent's answer to a job, or a part of it, because a list may be too long for
// one message.
type Answer struct {
	Job   string
	Try   string // the agent's try; parts of different tries do not fit together
	Part  int    // counted from 0
	Last  bool
	Agent string

	Files   []File   `json:",omitempty"`
	Notes   []Note   `json:",omitempty"`
	Folders int64    `json:",omitempty"` // only in the last part, like the next two
	Found   Tally    `json:",omitzero"`
	NoRoot  bool     `json:",omitempty"` // the share could not be searched; a note says why
	Hashed  []Hashed `json:",omitempty"`
}

// A Status describes what an agent is doing.
type Status struct {
	Agent   string
	Started time.Time // when the agent started; Number then begins again
	Number  int64     // the number of this status
	Said    time.Time // by the agent's clock
	PID     int
	Shares  []string
	Doing   []Doing `json:",omitempty"`
	Jobs    int64   // done so far
	Bytes   int64   // read so far
}

// After reports whether s is newer than other.
func (s *Status) After(other *Status) bool {
	if !s.Started.Equal(other.Started) {
		return s.Started.After(other.Started)
	}
	return s.Number > other.Number
}

// Doing is an agent's progress with a job.
type Doing struct {
	Run, Job, Share string
	Bytes           int64 `json:",omitempty"` // read
	Folders         int64 `json:",omitempty"` // seen
	Found           Tally `json:",omitzero"`
}

// A Tally is a finder.Tally.
type Tally = finder.Tally

// A Sum is a finder.Sum.
type Sum = finder.Sum

// A File is a short form of finder.File.
type File struct {
	Path    Path   `json:"p"`
	Size    int64  `json:"s"`
	Changed int64  `json:"c"`
	Device  uint64 `json:"d,omitempty"`
	Number  uint64 `json:"n,omitempty"`
	Links   bool   `json:"l,omitempty"`
}

// A Read is a finder.Read.
type Read struct {
	File File
	Ends bool `json:",omitempty"`
}

// Hashed is a finder.Hashed. Its note is about the file of the read.
type Hashed struct {
	Read  int
	Sum   []byte `json:",omitempty"`
	Bytes int64
	Note  *Note `json:",omitempty"`
}

// A Note is a finder.Note.
type Note struct {
	Kind        finder.Kind
	Path, Other Path   `json:",omitempty"`
	Why         string `json:",omitempty"`
}

// FromFile converts f to the short form.
func FromFile(f finder.File) File {
	return File{Path(f.Path), f.Size, f.Changed, f.Device, f.Number, f.Links}
}

// File converts f back.
func (f File) File() finder.File {
	return finder.File{Path: string(f.Path), Size: f.Size, Changed: f.Changed, Device: f.Device, Number: f.Number, Links: f.Links}
}

// FromNote converts n to a message.
func FromNote(n finder.Note) Note { return Note{n.Kind, Path(n.Path), Path(n.Other), n.Why} }

// Note converts n back.
func (n Note) Note() finder.Note {
	return finder.Note{Kind: n.Kind, Path: string(n.Path), Other: string(n.Other), Why: n.Why}
}
