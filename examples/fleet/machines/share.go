package machines

import "os"

// share returns the number of the share that contains a path. If shares are nested, it is the
// innermost one. It checks the path and all folders above it.
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
