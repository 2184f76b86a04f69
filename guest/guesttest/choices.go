package guesttest

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// The choices of a run are numbered. Each choice is an entry that the guest runs next. A short
// checksum of the choices is printed with the seed, so that a repeated run says where it first
// differs. If there are more choices than marks, each mark stands for several choices.
type choices struct {
	n     int
	hash  uint32
	every int      // choices to a mark; a power of two
	marks []byte   // the hash at each
	names []string // of the choices since the last mark

	recorded *choices // the choices to repeat
	differs  string   // where the run first differs from them, or ""
}

const (
	maxMarks = 96
	maxNames = 8 // in a message
	digits   = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
)

// line is the text that repeat takes: the number of choices, and the marks.
func (c *choices) line() string { return strconv.Itoa(c.n) + "x" + string(c.marks) }

func (c *choices) repeat(line string) bool {
	count, marks, ok := strings.Cut(line, "x")
	n, err := strconv.Atoi(count)
	if !ok || err != nil {
		return false
	}
	r := &choices{n: n, every: 1, marks: []byte(marks)}
	for n/r.every > maxMarks {
		r.every *= 2
	}
	c.recorded = r
	return n/r.every == len(marks)
}

// add records the next choice.
func (c *choices) add(name string) {
	h := fnv.New32a()
	_, _ = h.Write([]byte{byte(c.hash), byte(c.hash >> 8), byte(c.hash >> 16), byte(c.hash >> 24)})
	_, _ = h.Write([]byte(name))
	c.n++
	c.hash = h.Sum32()
	mark := digits[c.hash%64]
	c.every = max(c.every, 1)
	if c.n%c.every == 0 {
		c.marks = append(c.marks, mark)
	}
	if len(c.marks) > maxMarks {
		half := c.marks[:0]
		for i := 1; i < len(c.marks); i += 2 {
			half = append(half, c.marks[i])
		}
		c.marks, c.every = half, 2*c.every
	}
	if c.recorded != nil && c.differs == "" {
		c.compare(name, mark)
	}
}

// compare checks whether the latest choice differs from the recorded one.
func (c *choices) compare(name string, mark byte) {
	r := c.recorded
	c.names = append(c.names, name)
	switch at := c.n / r.every; {
	case c.n > r.n:
		c.differ(fmt.Sprintf("it goes on after choice %d, which was the last, with %s", r.n, name))
	case c.n%r.every != 0:
	case r.marks[at-1] != mark:
		c.differ("the first choice that differs is " + c.which())
	default:
		c.names = c.names[:0]
	}
}

// which names the choices since the last mark.
func (c *choices) which() string {
	from, names := c.n-len(c.names)+1, strings.Join(c.names[:min(len(c.names), maxNames)], ", the ")
	switch {
	case from == c.n:
		return fmt.Sprintf("%d of %d, here the %s", c.n, c.recorded.n, names)
	case len(c.names) > maxNames:
		names += ", …"
	}
	return fmt.Sprintf("one of %d to %d of %d, here the %s", from, c.n, c.recorded.n, names)
}

// differ records how the run differs from the recorded one, the first time it does.
func (c *choices) differ(how string) {
	if c.recorded != nil && c.differs == "" {
		c.differs = how
	}
}

// end returns where the finished run differs from the recorded one, or "".
func (c *choices) end() string {
	if c.recorded != nil && c.n < c.recorded.n {
		c.differ(fmt.Sprintf("it ends after %d of %d choices", c.n, c.recorded.n))
	}
	return c.differs
}
