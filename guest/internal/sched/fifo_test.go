package sched

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The model of the chunked queues is two slices.
func TestFifoIsFirstInFirstOut(t *testing.T) {
	random := seeded(t)
	var q, p fifo // the queues of the pump and of the inbox
	var mq, mp []uint32
	next := uint32(0)
	for range 20_000 {
		switch n := 1 + random.IntN(300); random.IntN(9) {
		case 0, 1, 2:
			for range n {
				next++
				p.push(entry{seq: next})
				mp = append(mp, next)
			}
		case 3:
			for range n / 10 {
				next++
				q.push(entry{seq: next})
				mq = append(mq, next)
			}
		case 4:
			q.take(&p)
			mq, mp = append(mq, mp...), nil
		case 5:
			if len(mq) > 0 && len(mp) > 0 {
				q.precede(&p)
				mq, mp = append(mp, mq...), nil
			}
		default:
			for range min(n, len(mq)) {
				peeked := q.peek().seq
				if popped := q.pop().seq; peeked != mq[0] || popped != mq[0] {
					require.FailNow(t, "out of order", "%d, %d instead of %d", peeked, popped, mq[0])
				}
				mq = mq[1:]
			}
		}
		require.Equal(t, len(mq), q.n)
		require.Equal(t, len(mp), p.n)
		if len(mq)+len(mp) > 20_000 {
			mq, mp = mq[:0:0], mp[:0:0]
			empty(&q)
			empty(&p)
		}
		require.LessOrEqual(t, q.nfree+p.nfree, 2*maxFree)
	}
}

func empty(q *fifo) {
	for q.n > 0 {
		q.pop()
	}
}

func TestFifoKeepsNothingAlive(t *testing.T) {
	var q fifo
	for range 3 * chunkLen {
		q.push(entry{what: callback(func() {}), seq: 1, tag: calls})
	}
	empty(&q)
	for _, list := range []*chunk{q.head, q.free} {
		for c := list; c != nil; c = c.next {
			for _, e := range c.at {
				require.Zero(t, e)
			}
		}
	}
}

// Otherwise each entry of a steady flow would take a new chunk.
func TestFifoThatIsTakenGetsTheFreeChunks(t *testing.T) {
	var q, p fifo
	for range 3 * chunkLen {
		q.push(entry{seq: 1})
	}
	empty(&q)
	free := q.nfree
	require.Positive(t, free)
	p.push(entry{seq: 1})
	q.take(&p)
	require.Equal(t, []int{free, 0}, []int{p.nfree, q.nfree})
	q.push(entry{seq: 1})
	p.push(entry{seq: 1})
	q.take(&p) // which has more already
	require.Equal(t, []int{free, 0}, []int{p.nfree, q.nfree})
}

func TestFifoGivesTheMemoryOfAFloodBack(t *testing.T) {
	var q, p fifo
	for range 10 {
		for range 1000 * chunkLen {
			p.push(entry{seq: 1})
		}
		q.take(&p)
		empty(&q)
		chunks := 0
		for _, list := range []*chunk{q.head, q.free, p.head, p.free} {
			for c := list; c != nil; c = c.next {
				chunks++
			}
		}
		require.LessOrEqual(t, chunks, 2*maxFree+2)
	}
}

func TestFifoAllocatesNothingWhileItIsSmall(t *testing.T) {
	var q, p fifo
	step := func() {
		for range 100 {
			p.push(entry{seq: 1})
		}
		q.take(&p)
		empty(&q)
	}
	step()
	require.Zero(t, testing.AllocsPerRun(1000, step))
}
