package agent

import (
	"os"
	"strings"

	"github.com/golodger/lodger/examples/fleet/wire"
)

// A Share is a folder that an agent can read, and the name under which the whole fleet knows it.
type Share struct {
	Name, Dir string
	Standby   bool // leave it to other agents, as long as they wait for work
}

// dir returns the folder's path as the finder lists it, so that all paths are dir, a separator
// and the rest. If the path ends with a separator, as in "/", the finder adds none. The share's
// name has none either, so dir adds a dot.
func (s Share) dir() string {
	if endsInSeparator(s.Dir) && !endsInSeparator(s.Name) {
		return s.Dir + "."
	}
	return s.Dir
}

func endsInSeparator(path string) bool { return path != "" && os.IsPathSeparator(path[len(path)-1]) }

// outside converts a path below the share to the fleet's name for it.
func (s Share) outside(path wire.Path) wire.Path {
	rest, below := strings.CutPrefix(string(path), s.dir())
	if !below {
		return path
	}
	return wire.Path(s.Name + rest)
}

// inside reverses outside.
func (s Share) inside(path wire.Path) string {
	return s.dir() + strings.TrimPrefix(string(path), s.Name)
}
