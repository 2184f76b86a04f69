//go:build unix

package finder

import (
	"io/fs"
	"os"
	"syscall"
	"time"
)

// An identity tells files apart whatever they are called.
type identity struct {
	device, number uint64
	links          bool // it has, or had, more than one name
}

func identify(info fs.FileInfo) identity {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return identity{}
	}
	return identity{uint64(s.Dev), uint64(s.Ino), s.Nlink > 1}
}

// identityOf is an identity that another place has told.
func identityOf(device, number uint64, links bool) identity { return identity{device, number, links} }

func (id identity) parts() (device, number uint64, links bool) { return id.device, id.number, id.links }

// known reports whether the file system numbers its files.
func (id identity) known() bool { return id.number != 0 }

// same reports whether both are one file, or it can't be told.
func (id identity) same(other identity) bool {
	return id.device == other.device && id.number == other.number
}

// openToRead opens a file or folder without waiting, whatever has taken its place since the
// walk saw it: a pipe without a writer, say.
func openToRead(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	// Files on a disk know no deadlines. What does can make a reader wait for ever: a pipe, or
	// what Linux calls a regular file in /sys/kernel/tracing.
	if f.SetReadDeadline(time.Time{}) == nil {
		f.Close()
		return nil, errWaits
	}
	return f, nil
}
