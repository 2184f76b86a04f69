//go:build !unix

package finder

import (
	"io/fs"
	"os"
)

// An identity identifies a file independently of its name. On this system the standard library
// can't return it without opening each file, so hard links count as duplicates.
type identity struct{ links bool }

func identify(fs.FileInfo) identity { return identity{} }

func identityOf(device, number uint64, links bool) identity { return identity{links} }

func (id identity) parts() (device, number uint64, links bool) { return 0, 0, id.links }

func (id identity) known() bool { return false }

func (id identity) same(identity) bool { return true }

// openToRead opens a file or folder.
func openToRead(path string) (*os.File, error) { return os.Open(path) }
