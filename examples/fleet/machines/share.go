package machines

// share is the number of the share that a path is in: of the longest one, if there are shares
// within shares. It looks at the path and at all folders above it.
func (s *search) share(path string) (int, bool) {
	for n := len(path); n > 0; n-- {
		if n < len(path) && !separator(path[n]) && !separator(path[n-1]) {
			continue
		}
		if i, ok := s.index[path[:n]]; ok {
			return i, true
		}
	}
	return 0, false
}

// separator reports whether c is one on the machine of some agent.
func separator(c byte) bool { return c == '/' || c == '\\' }
