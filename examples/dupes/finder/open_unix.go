//go:build unix

package finder

import (
	"io/fs"
	"os"
	"syscall"
	"time"
)

// An identity identifies a file independently of its name.
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

// identityOf returns an identity that another place has reported.
func identityOf(device, number uint64, links bool) identity { return identity{device, number, links} }

func (id identity) parts() (device, number uint64, links bool) { return id.device, id.number, id.links }

// known reports whether the file system numbers its files.
func (id identity) known() bool { return id.number != 0 }

// same reports whether both are the same file, or this can't be known.
func (id identity) same(other identity) bool {
	return id.device == other.device && id.number == other.number
}

// openToRead opens a file or folder without waiting, even if something else has replaced it since
// the walk saw it, such as a pipe without a writer.
func openToRead(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	// Files on a disk do not support deadlines. Files that support them can make a reader wait
	// forever: a pipe, or what Linux calls a regular file in /sys/kernel/tracing.
	if f.SetReadDeadline(time.Time{}) == nil {
		f.Close()
		return nil, errWaits
	}
	return f, nil
}
