package work

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// A Plan says what a process measures. Its contenders take turns, slice by slice, in random
// order, so that a disturbance of the machine affects all of them. Peers in other languages get
// the same plan.
type Plan struct {
	Items []Item `json:"items"`
	Only  string `json:"only"` // one contender; "" means all
	Life  bool   `json:"life"` // only start and quit Only
}

// An Item is one workload, and how often to measure it.
type Item struct {
	Workload string `json:"workload"`
	Param    int    `json:"param"`
	N        int    `json:"n"`      // operations in a slice; 0 means as many as fill Millis
	Millis   int    `json:"millis"` // how long a slice is
	Slices   int    `json:"slices"`
}

// A Sample is the result of one slice, per operation. If Why is set, there is no result, for this
// reason.
type Sample struct {
	Contender string  `json:"contender"`
	Workload  string  `json:"workload"`
	Param     int     `json:"param"`
	Value     float64 `json:"value"`
	Why       string  `json:"why,omitempty"`
}

// Report sends a sample to the driver.
func Report(s Sample) {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

// ReadPlan reads the plan from the command line.
func ReadPlan() (p Plan) {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "this program is a part of the benchmark; run make bench")
		os.Exit(2)
	}
	if err := json.Unmarshal([]byte(os.Args[1]), &p); err != nil {
		panic(err)
	}
	return p
}

// Run executes the plan. After an overload it ends the process, because a million posts may wait,
// and the loop would take too long to end. Any goroutine except the UI thread's.
func (p Plan) Run(contenders []Contender) {
	for _, item := range p.Items {
		if slices.Contains(windowed, item.Workload) {
			continue
		}
		for i := range contenders {
			c := &contenders[i]
			if why := c.why(item); why != "" && (p.Only == "" || p.Only == c.Name) {
				Report(Sample{Contender: c.Name, Workload: item.Workload, Param: item.Param, Why: why})
			}
		}
		if item.Workload == Overload {
			for i := range contenders {
				if c := &contenders[i]; p.Only == "" || p.Only == c.Name {
					reportOverload(c, item)
				}
			}
			os.Exit(0)
		}
		n := map[int]int{}
		for range item.Slices {
			for _, i := range rand.Perm(len(contenders)) {
				c := &contenders[i]
				if p.Only != "" && p.Only != c.Name || c.why(item) != "" {
					continue
				}
				if n[i] == 0 {
					n[i] = item.size(c)
				}
				if took, ok := workloads[item.Workload](c, item.Param, n[i]); ok {
					Report(Sample{Contender: c.Name, Workload: item.Workload, Param: item.Param, Value: took / float64(n[i])})
				}
			}
		}
	}
}

// size finds how many operations fill a slice. This is also the warm-up.
func (item Item) size(c *Contender) int {
	if item.N > 0 {
		return item.N
	}
	slice := float64(item.Millis) * 1e6
	for n := max(1, item.Param); ; {
		took, ok := workloads[item.Workload](c, item.Param, n)
		if !ok || took >= slice/2 {
			return n
		}
		n = int(float64(n)*min(10, max(1.5, slice/max(took, 1)))) + 1
	}
}

// Lives reports how long a loop took to start, from begin to its first function, and to quit,
// from the request to its end.
func Lives(name string, begin, started, quit time.Time) {
	Report(Sample{Contender: name, Workload: "start", Value: float64(started.Sub(begin))})
	Report(Sample{Contender: name, Workload: "quit", Value: float64(time.Since(quit))})
}
