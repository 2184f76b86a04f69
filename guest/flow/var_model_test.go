package flow_test

import "fmt"

// A varModel keeps every value there was, and looks at all of them for each watcher.
type varModel struct {
	values   []int
	equality bool
	all      []*varWatcher
}

type varWatcher struct {
	bound bool // it does not take part in steps
	waits bool // for a change
	over  bool
	seen  int // index of the last value seen; -1: none
	last  int
	trace string
}

func (m *varModel) newest() int { return m.values[len(m.values)-1] }

func (m *varModel) set(v int) {
	if !m.equality || v != m.newest() {
		m.values = append(m.values, v)
	}
}

// open lets a watcher go on that has seen a value; it reports false if it is not there.
func (v *varWatcher) open() bool {
	ok := !v.bound && !v.over && !v.waits
	v.waits = v.waits || ok
	return ok
}

func (m *varModel) cancel(i int) {
	v := m.all[i]
	if !v.over && !v.bound {
		v.trace += fmt.Sprintf("end %d", m.newest())
	}
	v.over = true
}

func (m *varModel) settle() {
	for _, v := range m.all {
		if v.over || !v.waits || v.seen == len(m.values)-1 {
			continue
		}
		news := v.seen < 0 || !m.equality || v.last != m.newest()
		v.seen, v.last = len(m.values)-1, m.newest()
		if news {
			v.trace += fmt.Sprintf("%d ", v.last)
			v.waits = v.bound
		}
	}
}

func (m *varModel) String() string {
	var lines []string
	for _, v := range m.all {
		lines = append(lines, v.trace)
	}
	return fmt.Sprint(lines)
}
