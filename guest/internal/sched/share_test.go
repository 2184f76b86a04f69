package sched

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A deed is an entry of a small program. It takes its time, and leaves other deeds behind, in
// this order. In the tests of fairness each deed takes longer than slowStep. So the clock is
// read after each, and the model need not know about strides.
type deed struct {
	id      int
	cost    time.Duration
	foreign bool // another goroutine leaves it while the deed before it runs
	task    bool // it runs in a coroutine, and ends only after its yields
	yields  []*deed
	leaves  []*deed
}

// deeds makes a random tree of deeds.
type deeds struct {
	*rand.Rand
	n, most int
}

func (d *deeds) next(depth int) *deed {
	costs := []time.Duration{60 * time.Microsecond, 100 * time.Microsecond, 700 * time.Microsecond,
		budget / 2, budget/2 + 1, 5 * time.Millisecond, 11 * time.Millisecond}
	x := &deed{id: d.n, cost: costs[min(d.IntN(len(costs)), d.IntN(len(costs)))], foreign: d.IntN(2) == 0,
		task: d.IntN(2) == 0}
	d.n++
	few := 3
	if depth == 0 {
		few = 40
	}
	for range d.IntN(few) {
		if d.n < d.most && depth < 6 {
			x.leaves = append(x.leaves, d.next(depth+1))
		}
	}
	for range d.IntN(4) {
		if x.task && d.n < d.most {
			y := d.next(6)
			y.foreign, y.task, y.yields = false, false, nil
			x.yields = append(x.yields, y)
		}
	}
	return x
}

// modelDeeds computes in which order deeds run, and when each begins. It is slow and obvious:
// it has no batches, runs, chunks or locks.
func modelDeeds(root *deed) (trace []string) {
	var lines [2][]*deed // the guest's own, and those of others, in the order of arrival
	arrived := map[*deed]int{}
	arrive := func(x *deed) {
		side := 0
		if x.foreign {
			side = 1
		}
		arrived[x] = len(arrived)
		lines[side] = append(lines[side], x)
	}
	arrive(root)
	now := time.Duration(0)
	first := -1
	for len(lines[0])+len(lines[1]) > 0 {
		var used [2]time.Duration // by each side, in this turn
		for used[0]+used[1] < budget && len(lines[0])+len(lines[1]) > 0 {
			side := 0
			switch {
			case len(lines[0]) == 0:
				side = 1
			case len(lines[1]) == 0:
			case used[0] < budget/2 && (first == 0 || used[1] >= budget/2):
			case used[1] < budget/2 && (first == 1 || used[0] >= budget/2):
				side = 1
			case arrived[lines[1][0]] < arrived[lines[0][0]]:
				side = 1
			}
			x := lines[side][0]
			lines[side] = lines[side][1:]
			trace = append(trace, fmt.Sprint(x.id, "@", now))
			now += x.cost
			used[side] += x.cost
			for _, left := range x.leaves {
				arrive(left)
			}
			if len(x.yields) > 0 {
				rest := *x.yields[0]
				rest.yields = x.yields[1:]
				arrive(&rest)
			}
		}
		first = -1
		switch {
		case used[1] >= budget/2:
			first = 0
		case used[0] >= budget/2:
			first = 1
		}
	}
	return trace
}

// playDeeds runs deeds in a pump.
func playDeeds(t *testing.T, root *deed) (trace []string) {
	c := newClient(t)
	start := time.Now()
	var leave func(x *deed)
	segment := func(x *deed) {
		trace = append(trace, fmt.Sprint(x.id, "@", time.Since(start)))
		time.Sleep(x.cost)
		for _, left := range x.leaves {
			if left.foreign {
				elsewhere(func() { leave(left) })
			} else {
				leave(left)
			}
		}
	}
	leave = func(x *deed) {
		if !x.task {
			c.pump.Post(func() { segment(x) })
			return
		}
		c.start(func(t *task) {
			segment(x)
			for _, y := range x.yields {
				t.yield()
				segment(y)
			}
		})
	}
	leave(root)
	go func() { time.Sleep(time.Hour); c.cancel() }()
	c.spinLocked()
	return trace
}

// Random programs run in the order of the model, and at the same nanosecond.
func TestSharesFollowTheirModel(t *testing.T) {
	rounds := 300
	switch {
	case raced:
		rounds = 50
	case long:
		rounds = 20_000
	}
	r := seeded(t)
	onStage(t, func(t *testing.T) {
		for range rounds {
			root := (&deeds{Rand: r, most: 150}).next(0)
			root.foreign = false
			require.Equal(t, modelDeeds(root), playDeeds(t, root))
		}
	})
}

// An overload is a pump with a flood: its queue always holds about n posts of other goroutines,
// each of which takes a while.
type overload struct {
	*client
	floods  int // how many posts of the flood have run
	flooded time.Duration
	worst   time.Duration // the longest time that an own entry has waited
	over    bool
}

func (o *overload) flood(n int, each time.Duration) {
	var posted func()
	post := func(n int) {
		elsewhere(func() {
			for range n {
				o.pump.Post(posted)
			}
		})
	}
	ran := 0
	posted = func() {
		time.Sleep(each)
		o.floods++
		o.flooded += each
		if ran++; ran%(n/10) == 0 && !o.over {
			post(n / 10)
		}
	}
	post(n)
}

// many returns more posts than a turn can run.
func many(each time.Duration) int {
	if each < time.Duration(budget/maxSteps) {
		return 3 * maxSteps
	}
	return 1000
}

// waited notes how long an own entry has waited since it was ready.
func (o *overload) waited(since time.Time) { o.worst = max(o.worst, time.Since(since)) }

// In a flood from other goroutines, the guest's own entries run within two turns, plus one
// function, if the guest itself needs less than half of a turn.
func TestOwnEntriesRunWithinTwoTurns(t *testing.T) {
	const little = 100 * time.Microsecond
	ways := map[string]func(o *overload, t *task){
		"yield": func(o *overload, t *task) {
			began := time.Now()
			t.yield()
			o.waited(began)
		},
		"timer": func(o *overload, t *task) {
			began := time.Now()
			t.sleep(time.Millisecond)
			o.waited(began.Add(time.Millisecond))
		},
		"post": func(o *overload, t *task) {
			began, ran := time.Now(), false
			o.pump.Post(func() { o.waited(began); ran = true })
			t.yield()
			require.True(o.t, ran, "behind what the task has posted")
		},
		"start": func(o *overload, t *task) {
			began, ran := time.Now(), false
			o.start(func(*task) { o.waited(began); ran = true })
			t.yield()
			require.True(o.t, ran)
		},
		"handler": func(o *overload, t *task) {
			o.main.Post(func() {
				began, seq := time.Now(), t.co.Seq()
				o.start(func(*task) { o.waited(began) })
				o.pump.Wake(t.co, seq)
			})
			t.park()
		},
		"cancel from elsewhere": func(o *overload, t *task) {
			began := time.Now()
			elsewhere(t.cancel)
			t.co.Park()
			o.waited(began)
			t.cancelled = false
		},
	}
	for name, way := range ways {
		for _, each := range []time.Duration{0, 10 * time.Microsecond, little, budget / 2, budget, 5 * budget} {
			if name == "timer" && each == 0 {
				continue // in a bubble, time would stand still
			}
			t.Run(fmt.Sprint(name, " ", each), func(t *testing.T) {
				onStage(t, func(t *testing.T) {
					o := &overload{client: newClient(t)}
					o.startMain(func(t *task) {
						t.yield()
						o.flood(many(each), each)
						for range 30 {
							time.Sleep(little) // the share that the guest needs
							way(o, t)
						}
						o.over = true
					})
					o.spinLocked()
					require.Greater(t, o.floods, 30)
					require.LessOrEqual(t, o.worst, 2*budget+each+little)
				})
			})
		}
	}
}

// Each side gets half of a turn while it needs it, and all that the other side leaves.
func TestEachSideGetsHalfOfATurn(t *testing.T) {
	for _, mine := range []time.Duration{0, 10 * time.Microsecond, 70 * time.Microsecond, time.Millisecond} {
		for _, theirs := range []time.Duration{0, 10 * time.Microsecond, 70 * time.Microsecond, time.Millisecond} {
			t.Run(fmt.Sprint(mine, " ", theirs), func(t *testing.T) {
				onStage(t, func(t *testing.T) {
					o := &overload{client: newClient(t)}
					steps, before := 0, 0
					var worked, flooded time.Duration
					o.startMain(func(t *task) {
						t.yield()
						o.flood(many(theirs), theirs)
						for turns := o.main.Turns; o.main.Turns < turns+25; steps++ {
							time.Sleep(mine)
							worked += mine
							t.yield()
							if o.main.Turns == turns+1 && before == 0 {
								steps, worked, before, flooded = 0, 0, o.floods, o.flooded
							}
						}
						before, flooded = o.floods-before, o.flooded-flooded
						o.over = true
					})
					o.spinLocked()
					share := func(n int, spent time.Duration) float64 {
						return max(float64(n)/maxSteps, float64(spent)/float64(budget)) / 24
					}
					require.InDelta(t, 0.5, share(steps, worked), 0.3, "%d steps, %v", steps, worked)
					require.Greater(t, share(steps, worked), 0.44)
					require.Greater(t, share(before, flooded), 0.44, "%d posts, %v", before, flooded)
				})
			})
		}
	}
	t.Run("and all, if it is alone", func(t *testing.T) {
		onStage(t, func(t *testing.T) {
			c := newClient(t)
			last, longest := int64(-1), 0
			n := 0
			c.startMain(func(t *task) {
				t.yield()
				elsewhere(func() {
					for range 5 * maxSteps {
						c.pump.Post(func() {
							if c.main.Turns != last {
								last, n = c.main.Turns, 0
							}
							n++
							longest = max(longest, n)
						})
					}
				})
			})
			c.spinLocked()
			require.InDelta(t, maxSteps, longest, 2*maxStride)
		})
	})
}

// Each side and each goroutine keeps its order, whatever the shares are. What arrived before
// the first turn comes before everything that arrived later.
func TestEachSideKeepsItsOrder(t *testing.T) {
	r := seeded(t)
	for range 20 {
		onStage(t, func(t *testing.T) {
			c := newClient(t)
			accepted, ran := map[string]int{}, map[string]int{}
			var post func(who string)
			post = func(who string) {
				n := accepted[who]
				accepted[who]++
				d := time.Duration(r.IntN(200)) * time.Microsecond
				c.pump.Post(func() {
					time.Sleep(d)
					if ran[who] != n {
						t.Errorf("post %d of %s ran as number %d", n, who, ran[who])
					}
					ran[who]++
					if who == "loop" && r.IntN(3) > 0 {
						elsewhere(func() { post("other") })
					} else if who != "loop" && len(accepted) > 0 && accepted["loop"] < 1000 {
						post("loop")
					}
				})
			}
			for range 300 { // the loop has not begun: the two sides can't be told apart yet
				post("loop")
				elsewhere(func() { post("other") })
			}
			go func() { time.Sleep(time.Hour); c.cancel() }()
			c.spinLocked()
			require.Equal(t, accepted, ran)
			require.Greater(t, ran["loop"], 400)
		})
	}
}

// A coroutine that another goroutine resumes can find out that older entries of the guest
// itself have not run. PushLast queues a function behind both sides.
func TestOvertakingCanBeSeenAndAvoided(t *testing.T) {
	onStage(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.startMain(func(main *task) {
			main.yield()
			main.works(budget * 5 / 8) // others go first now
			c.pump.Post(s.says(2))
			elsewhere(func() { c.pump.Wake(main.co, main.co.Seq()) })
			main.park()
			require.True(c.t, c.pump.Overtook())
			s.step(1)
			main.yield()
			s.step(3)
			require.False(c.t, c.pump.Overtook())

			main.sleep(time.Second)
			c.pump.Post(s.says(4))
			elsewhere(func() { c.pump.Post(s.says(5)) })
			c.pump.RequeueBehindOthers(main.co)
			main.park()
			s.step(6)

			main.sleep(time.Second)
			main.works(budget * 5 / 8)
			c.pump.Post(s.says(8))
			elsewhere(func() { c.pump.Post(s.says(7)) })
			main.drained()
			c.pump.PushLast(s.says(9))
			main.yield()
		})
		c.spinLocked()
		s.step(10)
	})
}

// works uses d of the turn, in small steps.
func (t *task) works(d time.Duration) {
	for range d / slowStep {
		time.Sleep(slowStep)
		t.yield()
	}
}

// The first step of a side is measured, no matter how fast the steps of the other side were.
func TestFirstStepOfASideIsMeasured(t *testing.T) {
	onStage(t, func(t *testing.T) {
		c, began, longest := newClient(t), time.Now(), time.Duration(0)
		c.main.OnTurn = func() { began = time.Now() }
		c.startMain(func(main *task) {
			for range 20 {
				for range 10 * maxStride {
					main.yield()
				}
				elsewhere(func() {
					for range 2 * maxStride {
						c.pump.Post(func() {
							time.Sleep(budget / 2)
							longest = max(longest, time.Since(began))
						})
					}
				})
			}
		})
		c.spinLocked()
		require.LessOrEqual(t, longest, budget+budget/2)
	})
}

// drained makes the pump take in what lies in the inbox.
func (t *task) drained() { t.client.pump.Controls() }

func TestABacklogIsReportedOnceWhileItLasts(t *testing.T) {
	onStage(t, func(t *testing.T) {
		o := &overload{client: newClient(t)}
		o.startMain(func(t *task) {
			t.yield()
			o.flood(200, 4*time.Millisecond) // 0.8 s
			t.sleep(10 * time.Second)
			require.Empty(o.t, o.heard.backlogs)
			o.flood(200, 4*time.Millisecond) // 1.6 s
			t.sleep(10 * time.Second)
			require.Len(o.t, o.heard.backlogs, 1)
			o.over = true
			t.sleep(10 * time.Second)
			o.over = false
			o.flood(400, 4*time.Millisecond)
			t.sleep(10 * time.Second)
			require.Len(o.t, o.heard.backlogs, 2, "and again when it begins again")
			o.over = true
		})
		o.spinLocked()
		for _, b := range o.heard.backlogs {
			require.InDelta(t, 380, b.n, 20)
			require.InDelta(t, overlong, b.since, float64(20*time.Millisecond))
		}
	})
}

func TestShuffleKeepsTheSides(t *testing.T) {
	onStage(t, func(t *testing.T) {
		c := newShuffled(t, backwards)
		var order []int
		begins := func(n int) { c.start(func(*task) { order = append(order, n) }) }
		c.startMain(func(main *task) {
			main.yield()
			begins(3)
			elsewhere(func() { begins(2) })
			begins(1)
			c.pump.Post(func() { order = append(order, 4) })
			elsewhere(func() { begins(6) })
			elsewhere(func() { begins(5) })
			elsewhere(func() { c.pump.Post(func() { order = append(order, 7) }) })
			main.yield()
		})
		c.spinLocked()
		require.Equal(t, []int{1, 2, 3, 4, 5, 6, 7}, order)
	})
}
