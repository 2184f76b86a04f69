package guest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The model of the chunked queues is two slices.
func TestAQueueIsFirstInFirstOut(t *testing.T) {
	random := Seeded(t)
	var q, p fifo // the pump's and the inbox's
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
			for q.n > 0 {
				q.pop()
			}
			for p.n > 0 {
				p.pop()
			}
		}
		require.LessOrEqual(t, q.nfree+p.nfree, 2*maxFree)
	}
}

func TestAQueueKeepsNothingAlive(t *testing.T) {
	var q fifo
	for range 3 * chunkLen {
		q.push(entry{fn: func() {}, task: &Task{}})
	}
	for q.n > 0 {
		q.pop()
	}
	for c := q.head; c != nil; c = c.next {
		require.Equal(t, [chunkLen]entry{}, emptied(c))
	}
	for c := q.free; c != nil; c = c.next {
		require.Equal(t, [chunkLen]entry{}, emptied(c))
	}
}

// emptied returns c's entries; functions can't be compared, so it reports those that are left by their tasks.
func emptied(c *chunk) (at [chunkLen]entry) {
	for i, e := range c.at {
		at[i] = entry{task: e.task, seq: e.seq}
		if e.fn != nil {
			at[i].seq = 1
		}
	}
	return at
}

func TestAFloodsMemoryGoesBack(t *testing.T) {
	var q, p fifo
	for range 10 {
		for range 1000 * chunkLen {
			p.push(entry{seq: 1})
		}
		q.take(&p)
		for q.n > 0 {
			q.pop()
		}
		chunks := 0
		for _, list := range []*chunk{q.head, q.free, p.head, p.free} {
			for c := list; c != nil; c = c.next {
				chunks++
			}
		}
		require.LessOrEqual(t, chunks, 2*maxFree+2)
	}
}

func TestPushAndPopOfASmallQueueCostNoMemory(t *testing.T) {
	var q, p fifo
	step := func() {
		for range 100 {
			p.push(entry{seq: 1})
		}
		q.take(&p)
		for q.n > 0 {
			q.pop()
		}
	}
	step()
	require.Zero(t, testing.AllocsPerRun(1000, step))
}
