package finder

import (
	"errors"
	"io/fs"
	"unicode/utf8"
)

// A Kind says what a [Note] is about.
type Kind uint8

// The kinds of notes, in the order in which they are reported.
const (
	Unusable   Kind = iota // a root that could not be searched
	Unreadable             // a file or folder that could not be read
	Vanished               // it was there when its folder was read, but not later
	Changed                // a file that changed while it was searched
	Special                // a pipe, a socket, a device: never read
	Symlink                // a symbolic link below the roots: never followed
	HardLink               // one more name of a file that was found under another name
	Overlap                // a root or file reached twice, because roots overlap
	BadName                // a name that is not UTF-8; searched like any other
	kinds
)

var kindNames = [kinds]struct{ token, text string }{
	Unusable:   {"unusable", "roots that cannot be searched"},
	Unreadable: {"unreadable", "unreadable"},
	Vanished:   {"vanished", "vanished during the search"},
	Changed:    {"changed", "changed during the search"},
	Special:    {"special", "special files, not read"},
	Symlink:    {"symlink", "symbolic links, not followed"},
	HardLink:   {"hardlink", "further names of hard-linked files"},
	Overlap:    {"overlap", "reached twice, searched once"},
	BadName:    {"badname", "names that are not UTF-8, still searched"},
}

// String returns one lower-case word, as in the JSON report.
func (k Kind) String() string { return kindNames[k].token }

// Text returns a description for people.
func (k Kind) Text() string { return kindNames[k].text }

// A Note reports an exception, such as a file that can't be read. It never ends a search.
type Note struct {
	Kind  Kind
	Path  string
	Other string // for hard links and overlaps: the path that was found first
	Why   string // the system's error, or the kind of special file
}

// String returns the note in one line, without its kind. It is safe to print.
func (n Note) String() string {
	switch {
	case n.Other != "":
		return Quote(n.Path) + " is " + Quote(n.Other)
	case n.Why != "":
		return Quote(n.Path) + ": " + n.Why
	}
	return Quote(n.Path)
}

var (
	errChanged = errors.New("its size, time or identity is not what it was")
	errWaits   = errors.New("reads like a pipe") // see open_unix.go
)

// problem makes a note of the error that path met.
func problem(path string, err error) Note {
	var n noted
	if errors.As(err, &n) {
		return n.note
	}
	switch {
	case errors.Is(err, errChanged):
		return Note{Kind: Changed, Path: path}
	case errors.Is(err, errWaits):
		return Note{Kind: Special, Path: path, Why: err.Error()}
	case errors.Is(err, fs.ErrNotExist):
		return Note{Kind: Vanished, Path: path}
	}
	return Note{Kind: Unreadable, Path: path, Why: reason(err)}
}

// reason returns an error's text without the path, which the note already contains. It is safe to
// print.
func reason(err error) string {
	var e *fs.PathError
	if errors.As(err, &e) {
		err = e.Err
	}
	return Quote(err.Error())
}

// special makes a note of a file that is neither regular nor a folder nor a link.
func special(path string, mode fs.FileMode) Note {
	why := "irregular"
	switch {
	case mode&fs.ModeNamedPipe != 0:
		why = "pipe"
	case mode&fs.ModeSocket != 0:
		why = "socket"
	case mode&fs.ModeCharDevice != 0:
		why = "character device"
	case mode&fs.ModeDevice != 0:
		why = "block device"
	}
	return Note{Kind: Special, Path: path, Why: why}
}

// badName adds a note if name, the last part of path, is not UTF-8.
func badName(notes []Note, path, name string) []Note {
	if utf8.ValidString(name) {
		return notes
	}
	return append(notes, Note{Kind: BadName, Path: path})
}
