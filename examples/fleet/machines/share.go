package machines

import "os"

// share is the number of the share that a path is in: of the longest one, if there are shares
// within shares. It looks at the path and at all folders above it.
func (s *search) share(path string) (int, bool) {
	for n := len(path); n > 0; n-- {
		if n < len(path) && !os.IsPathSeparator(path[n]) && !os.IsPathSeparator(path[n-1]) {
			continue
		}
		if i, ok := s.index[path[:n]]; ok {
			return i, true
		}
	}
	return 0, false
}
