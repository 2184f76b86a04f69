package host

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A random program posts, spins nested loops, panics, recovers and ends. The toolkit answers
// each wake-up, sometimes one that it was not asked for. All runs once, in the order posted,
// unless the end comes first.
func TestQueueKeepsItsRulesInRandomPrograms(t *testing.T) {
	for seed := range uint64(3000) {
		p := &program{t: t, seed: seed, random: rand.New(rand.NewPCG(seed, 0)), left: 40}
		p.queue = NewQueue(func() {
			if p.wakes++; p.ended {
				t.Errorf("seed %d: woken after the end", seed)
			}
		})
		p.post()
		p.post()
		require.Zero(t, p.wakes)
		p.queue.Begin()
		for p.wakes > 0 {
			p.answer()
		}
		if !p.ended {
			require.Equal(t, p.posted, p.ran, "seed %d: not all ran, and nothing is outstanding", seed)
		}
		p.queue.End()
		require.Empty(t, p.queue.posted)
	}
}

type program struct {
	t      *testing.T
	seed   uint64
	random *rand.Rand
	queue  *Queue

	left        int // how many functions may yet be posted
	posted, ran int
	wakes       int // outstanding
	ended       bool
}

func (p *program) post() {
	if p.left == 0 {
		return
	}
	p.left--
	p.posted++
	number := p.posted
	if p.ended {
		number = -1
	}
	p.queue.Post(func() {
		if p.ran++; number != p.ran {
			p.t.Errorf("seed %d: function %d ran as number %d", p.seed, number, p.ran)
		}
		p.step()
	})
}

// step is what a function does.
func (p *program) step() {
	for range p.random.IntN(3) {
		p.post()
	}
	switch p.random.IntN(12) {
	case 0:
		panic("mine")
	case 1, 2, 3:
		p.answer()
		if p.random.IntN(2) == 0 {
			p.post()
		}
	case 4:
		if p.random.IntN(4) == 0 {
			p.ended = true
			p.queue.End()
		}
	}
}

// answer is the toolkit's call, which panics don't leave, as in a host that goes on after
// them.
func (p *program) answer() {
	defer func() { _ = recover() }()
	if p.wakes > 1 {
		p.t.Errorf("seed %d: %d wake-ups are outstanding", p.seed, p.wakes)
	}
	if p.wakes > 0 {
		p.wakes--
	}
	if goesOn := p.queue.Run(); goesOn == p.ended {
		p.t.Errorf("seed %d: Run says that the loop goes on: %v", p.seed, goesOn)
	}
}
