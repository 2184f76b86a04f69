package machines

// share returns the number of the share that contains a path. If there are shares within
// shares, it is the one with the longest path. It looks at the path and at all folders above
// it.
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

// separator reports whether c separates folders on the machine of some agent.
func separator(c byte) bool { return c == '/' || c == '\\' }
