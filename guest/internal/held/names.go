package held

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// names has the given names of running code, by the number of its goroutine.
var names sync.Map

// A Self is a goroutine's number, once it is known. The zero value is ready.
type Self struct{ id uint64 }

// Enter records the name of the code that the calling goroutine runs, until Leave. s is the
// goroutine's Self.
func (s *Self) Enter(name string) {
	if s.id == 0 {
		s.id = self()
	}
	names.Store(s.id, name)
}

// Leave forgets the name.
func (s *Self) Leave() { names.Delete(s.id) }

// self reads the number of the calling goroutine.
func self() uint64 {
	var b [64]byte
	text := strings.TrimPrefix(string(b[:runtime.Stack(b[:], false)]), "goroutine ")
	number, _, _ := strings.Cut(text, " ")
	id, _ := strconv.ParseUint(number, 10, 64)
	return id
}

func nameOf(number string) string {
	id, _ := strconv.ParseUint(number, 10, 64)
	name, _ := names.Load(id)
	text, _ := name.(string)
	return text
}
