package sched

// An entry is one thing to do. All kinds share the queues, so that they keep one order.
type entry struct {
	what Runnable // by kind: *resumption, a Runnable of the client, or a callback
	seq  uint32   // which wait of the coroutine ends
	tag  tag
}

// A tag holds the kind of an entry in its low bits, and its arrival number above them. So the
// entries of two queues have one order, and an entry does not grow. The arrival number wraps
// round after a billion.
type tag uint32

const (
	kindBits = tag(3)
	arrival  = kindBits + 1 // the step from one arrival to the next
)

func (t tag) kind() tag { return t & kindBits }

// at returns t with the arrival number of other.
func (t tag) at(other tag) tag { return t&kindBits | other&^kindBits }

// before reports whether t arrived before other.
func (t tag) before(other tag) bool { return int32(t&^kindBits-other&^kindBits) < 0 }

// The kinds.
const (
	resumes  tag = iota // a coroutine goes on, if it is still in the wait seq
	begins              // a Runnable begins in a coroutine
	calls               // a posted function; its panic is reported as its own failure
	callsOwn            // a function of the owner; its panic is a fault of the pump
)

// A Runnable begins in a coroutine that runs nothing else. Run calls c.Left when its code has
// returned. If it calls c.Entered before its code begins, a panic of the code is not a fault of
// the pump.
type Runnable interface {
	Run(c *Coro)
}

// A resumption is a coroutine as an entry holds it: to go on, and not to begin.
type resumption Coro

func (*resumption) Run(*Coro) { panic("sched: a coroutine that waits was begun") }

// resumed is the entry that resumes c, if it is still in the wait seq then.
func resumed(c *Coro, seq uint32) entry { return entry{what: (*resumption)(c), seq: seq} }

// A callback is a posted function. It is pointer-shaped, so storing it in an entry allocates
// nothing.
type callback func()

// Run calls the function.
func (fn callback) Run(*Coro) { fn() }

// resumes returns the coroutine that e resumes.
func (e *entry) resumes() *Coro { return (*Coro)(e.what.(*resumption)) }

// begins reports whether e needs an idle coroutine. If not, it resumes the one that waits.
func (e *entry) begins() bool { return e.tag.kind() != resumes }

const (
	chunkLen = 127
	maxFree  = 32 // chunks kept for reuse; after a flood the collector frees the rest
)

type chunk struct {
	next *chunk
	r, w int
	at   [chunkLen]entry
}

// A fifo is a queue in chunks: first in, first out. A push never copies existing entries, so
// its cost does not grow with the backlog. Appending one queue to another takes constant time.
// A slice that doubles costs ten times as much under a flood.
type fifo struct {
	head, tail *chunk
	n          int
	free       *chunk
	nfree      int
}

func (q *fifo) push(e entry) {
	if q.tail == nil || q.tail.w == chunkLen {
		c := q.free
		if c != nil {
			q.free, c.next = c.next, nil
			q.nfree--
		} else {
			c = new(chunk)
		}
		if q.tail == nil {
			q.head = c
		} else {
			q.tail.next = c
		}
		q.tail = c
	}
	q.tail.at[q.tail.w] = e
	q.tail.w++
	q.n++
}

// peek returns the first entry; the queue must not be empty.
func (q *fifo) peek() *entry { return &q.head.at[q.head.r] }

// pop removes the first entry; the queue must not be empty.
func (q *fifo) pop() entry {
	c := q.head
	e := c.at[c.r]
	c.at[c.r] = entry{}
	c.r++
	q.n--
	if c.r == c.w {
		c.r, c.w = 0, 0
		if c != q.tail {
			q.head, c.next = c.next, nil
			q.recycle(c)
		}
	}
	return e
}

func (q *fifo) recycle(c *chunk) {
	if q.nfree < maxFree {
		c.next, q.free = q.free, c
		q.nfree++
	}
}

// precede moves all of p's entries to the front of q; neither is empty.
func (q *fifo) precede(p *fifo) {
	p.tail.next, q.head = q.head, p.head
	q.n += p.n
	*p = fifo{}
}

// take moves all of p's entries to the end of q. p, which will need them, gets the longer list of
// free chunks.
func (q *fifo) take(p *fifo) {
	if p.n == 0 {
		return
	}
	if q.n == 0 {
		// Swap q's one empty chunk with p's chunks.
		q.head, q.tail, p.head, p.tail = p.head, p.tail, q.head, q.tail
	} else {
		q.tail.next, q.tail = p.head, p.tail
		p.head, p.tail = nil, nil
	}
	q.n, p.n = q.n+p.n, 0
	if p.nfree < q.nfree {
		p.free, p.nfree, q.free, q.nfree = q.free, q.nfree, p.free, p.nfree
	}
}
