package main

import "github.com/golodger/lodger/bench/work"

// A size is the extent of a run.
type size struct {
	name                          string
	rounds, slices, millis, lives int
	million                       int // rounds in which there are a million sleepers
}

var (
	full  = size{name: "full", rounds: 3, slices: 5, millis: 20, lives: 5, million: 2}
	short = size{name: "quick", rounds: 1, slices: 2, millis: 8, lives: 1}
)

// parameters of the workloads that have some, for the plans, tables and plots.
var (
	tasks     = []int{2, 100, 10_000, crowd}
	producers = []int{1, 4, 16}
	sleepers  = []int{1_000, crowd, 1_000_000}
)

// items is what a house measures in a round, all contenders in one process.
func (s size) items(round int) []work.Item {
	item := func(workload string, param int) work.Item {
		return work.Item{Workload: workload, Param: param, Millis: s.millis, Slices: s.slices}
	}
	list := []work.Item{item("spawn", 0), item("turn", 0), item("call", 0), item("call-loaded", 4), item("background", 0)}
	for _, n := range tasks {
		i := item("switch", n)
		if n == crowd {
			i.Slices = (s.slices + 1) / 2
		}
		list = append(list, i)
	}
	for _, n := range producers {
		i := item("post", n)
		i.N = 20_000
		list = append(list, i)
	}
	for _, n := range sleepers {
		i := item("sleep", n)
		i.N = n
		switch n {
		case crowd:
			i.Slices = (s.slices + 2) / 3
		case 1_000_000:
			if i.Slices = 1; round >= s.million {
				continue
			}
		}
		list = append(list, i)
	}
	return list
}

// crowd is a number of tasks for which slow contenders take seconds.
const crowd = 100_000

// slowly removes the items that take a slow house too long.
func slowly(items []work.Item) (fewer []work.Item) {
	for _, i := range items {
		i.Slices = (i.Slices + 2) / 3
		if i.Workload != "switch" && i.N < 1_000_000 || i.Param < crowd {
			fewer = append(fewer, i)
		}
	}
	return fewer
}

// parked is measured for each contender in a new process, whose memory is unused.
func parked() []work.Item {
	return []work.Item{{Workload: "park", N: crowd, Slices: 1}}
}

// posts are how many milliseconds a post takes under overload.
var posts = []int{0, 2}

// overload is measured for each contender and each kind of post in a new process.
func (s size) overload(millis int) []work.Item {
	return []work.Item{{Workload: work.Overload, Param: millis, Millis: 40 * s.millis}}
}

// window lists the items for a window.
func (s size) window() []work.Item {
	millis := max(500, 30*s.millis)
	return []work.Item{
		{Workload: "frames-posts", Millis: millis, Slices: (s.slices + 2) / 3},
		{Workload: "frames-tasks", Param: crowd, Millis: millis, Slices: (s.slices + 2) / 3},
	}
}
