package guesttest

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/golodger/lodger/guest/internal/hooks"
)

// What several goroutines leave between two steps of the guest arrives in an order that Go's
// scheduler chooses. Only the order of posts counts. It may follow from what the goroutines tell
// each other, so a test must not change it. The order of posts is recorded, and enforced when
// the run is repeated. Results and starts are sorted; then the seed shuffles them.
type arrivals struct {
	mu      sync.Mutex
	workers map[uint64]int // by goroutine
	started int

	windows  []string // each: the sources of what arrived together, in order
	recorded []string // the same, of the run to repeat
	repeats  bool
	alike    string // what goroutines left that can't be told apart; "" if there is none
}

// worker numbers a function of Background or Submit that the UI thread starts.
func (a *arrivals) worker() (begin func()) {
	a.started++
	n := a.started
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.workers == nil {
			a.workers = make(map[uint64]int)
		}
		a.workers[goroutineID()] = n
	}
}

// goroutineID returns the calling goroutine's number, which only the header of its stack tells.
func goroutineID() uint64 {
	var b [64]byte
	header := bytes.TrimPrefix(b[:runtime.Stack(b[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(header, []byte(" "))
	id, _ := strconv.ParseUint(string(digits), 10, 64)
	return id
}

const between = "-" // windows

func (a *arrivals) line() string { return strings.Join(a.windows, between) }

func (a *arrivals) repeat(line string) {
	a.repeats = true
	if line != "" {
		a.recorded = strings.Split(line, between)
	}
}

// arrange returns the order in which to take in list, as Hooks.Arrange wants it. If a run is to
// be repeated, ok says whether list is what was recorded.
func (a *arrivals) arrange(list []hooks.Arrival) (order []int, ok bool) {
	labels := a.labels(list)
	order = make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	if !slices.ContainsFunc(list, func(e hooks.Arrival) bool { return e.Post }) {
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(labels[i], labels[j]) })
		return order, true
	}
	window := encode(labels)
	if strings.Trim(window, "0") == "" { // all from one source
		return order, true
	}
	ok = true
	if a.repeats {
		if ok = len(a.recorded) > 0; ok {
			var recorded string
			recorded, a.recorded = a.recorded[0], a.recorded[1:]
			if order, ok = follow(recorded, labels, order); ok {
				window = recorded
			}
		}
	}
	a.windows = append(a.windows, window)
	return order, ok
}

// labels numbers the sources of list so that each source gets the same number when the run is
// repeated. It goes by the background function that runs there and by what that has left.
// Nothing else is certain to be the same: goroutines have no order, and their numbers do not
// always follow the order in which they were started.
func (a *arrivals) labels(list []hooks.Arrival) []int {
	type source struct {
		id     uint64
		worker int
		left   string
	}
	var sources []*source
	byID := make(map[uint64]*source)
	a.mu.Lock()
	for _, e := range list {
		s := byID[e.Source]
		if s == nil {
			s = &source{id: e.Source, worker: a.workers[e.Source]}
			byID[e.Source] = s
			sources = append(sources, s)
		}
		s.left += e.Name + "\n"
	}
	a.mu.Unlock()
	slices.SortFunc(sources, func(s, t *source) int {
		return cmp.Or(cmp.Compare(s.worker, t.worker), cmp.Compare(s.left, t.left), cmp.Compare(s.id, t.id))
	})
	for i := 1; i < len(sources); i++ {
		if s, t := sources[i-1], sources[i]; s.worker == t.worker && s.left == t.left {
			a.alike, _, _ = strings.Cut(s.left, "\n")
		}
	}
	labels := make([]int, len(list))
	for i, e := range list {
		labels[i] = slices.Index(sources, byID[e.Source])
	}
	return labels
}

// encode writes labels as digits: one digit for each label below 35, and one z for each 35 more.
func encode(labels []int) string {
	var b strings.Builder
	for _, n := range labels {
		b.WriteString(strings.Repeat("z", n/35) + strconv.FormatInt(int64(n%35), 36))
	}
	return b.String()
}

// follow returns the order of a recorded window, or order itself if different sources have
// arrived.
func follow(window string, labels, order []int) ([]int, bool) {
	left := make(map[string][]int)
	for i, n := range labels {
		code := encode([]int{n})
		left[code] = append(left[code], i)
	}
	followed := make([]int, 0, len(order))
	for window != "" {
		end := strings.IndexFunc(window, func(r rune) bool { return r != 'z' }) + 1
		next := left[window[:end]]
		if end == 0 || len(next) == 0 {
			return order, false
		}
		followed, left[window[:end]] = append(followed, next[0]), next[1:]
		window = window[end:]
	}
	if len(followed) != len(order) {
		return order, false
	}
	return followed, true
}
