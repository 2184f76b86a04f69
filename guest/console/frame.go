package console

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

// most is how many tasks are sent. A longer page is of no use to a person.
const most = 50_000

// A frame is what a page gets at one moment. Each text is sent once, in Strings, and so is each
// stack: with ten thousand tasks of a few kinds, texts and stacks are most of the data.
type frame struct {
	Name     string       `json:"name"`
	Version  string       `json:"version"` // of the library
	State    string       `json:"state"`
	Over     bool         `json:"over,omitempty"`
	Stats    stats        `json:"stats"`
	Took     float64      `json:"took"`  // of the UI thread, in ms
	Every    int64        `json:"every"` // ms until the page asks again
	Held     string       `json:"held,omitempty"`
	HeldFor  int64        `json:"heldFor,omitempty"` // ms
	Strings  []string     `json:"strings"`
	Stacks   [][]int      `json:"stacks"` // of calls, the innermost first: function, place, …
	More     map[int]more `json:"more"`   // by row of the task
	Left     int          `json:"left,omitempty"`
	Warnings []warning    `json:"warnings"`

	Turns *timelineFrame `json:"turns,omitempty"`
	Steps []stepFrame    `json:"steps,omitempty"` // the slowest first

	rows []byte // of tasks; builder.tasks says what is in a row
}

type stats struct {
	Tasks      int `json:"tasks"`
	Sleeping   int `json:"sleeping"`
	Background int `json:"background"`
	Queued     int `json:"queued"`
	Failed     int `json:"failed"`
	Unobserved int `json:"unobserved"`
}

// more has the fields that few tasks have.
type more struct {
	Waits    []int    `json:"waits,omitempty"` // the numbers of the tasks that it waits for
	Work     [][4]int `json:"work,omitempty"`  // name, function, place, 1 if it has begun
	Err      *string  `json:"err,omitempty"`   // if the task is cancelled
	NotBegun int      `json:"notBegun,omitempty"`
}

func statsOf(s guest.Stats) stats {
	return stats{s.Tasks, s.Sleeping, s.Background, s.Queued, s.Failed, s.Unobserved}
}

// frame makes a frame of a snapshot and of a record.
func (p *past) frame(s *inspect.Snapshot, now guest.Stats, r *record) frame {
	b := newBuilder(frame{
		Name: cut(s.Name), Version: guest.Version, State: s.State, Stats: statsOf(now), More: make(map[int]more),
		Took: float64(s.Took.Microseconds()) / 1000, Stacks: [][]int{},
	})
	b.p = p
	b.tasks(s.Tasks, -1)
	r.show(b)
	b.f.Warnings = p.warnings(s)
	return b.f
}

// A builder makes a frame.
type builder struct {
	p      *past
	f      frame
	n      int // rows
	texts  map[string]int
	stacks map[*inspect.Place]int // by their first place; equal waits share a slice
}

func newBuilder(f frame) *builder {
	return &builder{f: f, texts: make(map[string]int), stacks: make(map[*inspect.Place]int)}
}

func (b *builder) text(s string) int {
	i, known := b.texts[s]
	if !known {
		i = len(b.f.Strings)
		b.texts[s] = i
		b.f.Strings = append(b.f.Strings, cut(s))
	}
	return i
}

func (b *builder) place(p inspect.Place) int {
	if p.File == "" {
		return b.text("")
	}
	return b.text(p.String())
}

// stack returns the number of a stack, or -1.
func (b *builder) stack(calls []inspect.Place) int {
	if len(calls) == 0 {
		return -1
	}
	i, known := b.stacks[&calls[0]]
	if !known {
		i = len(b.f.Stacks)
		b.stacks[&calls[0]] = i
		var list []int
		for _, c := range calls {
			list = append(list, b.text(c.Func), b.place(c))
		}
		b.f.Stacks = append(b.f.Stacks, list)
	}
	return i
}

// tasks adds rows, each parent before its children. A row has: number, row of the parent, name,
// function, place, state, ms in that state, the function called, stack.
func (b *builder) tasks(list []*inspect.Task, parent int) {
	for _, t := range list {
		row := b.n
		if b.n++; row >= most {
			b.f.Left++
		} else {
			for i, n := range [...]int{
				b.p.ids[t.Ref], parent, b.text(t.Name), b.text(t.Func), b.place(inspect.Place{File: t.File, Line: t.Line}),
				states[t.State], int(t.For.Milliseconds()), b.text(t.Verb), b.stack(t.Stack),
			} {
				b.f.rows = append(b.f.rows, separator(row, i)...)
				b.f.rows = strconv.AppendInt(b.f.rows, int64(n), 10)
			}
			b.f.rows = append(b.f.rows, ']')
			b.more(t, row)
		}
		b.tasks(t.Children, row)
	}
}

// separator returns the separator before the i-th number of a row.
func separator(row, i int) string {
	switch {
	case i > 0:
		return ","
	case row > 0:
		return ",["
	}
	return "["
}

var states = map[inspect.State]int{inspect.Ready: 0, inspect.Waiting: 1, inspect.Timer: 2, inspect.Joining: 3}

func (b *builder) more(t *inspect.Task, row int) {
	m := more{NotBegun: t.NotBegun}
	for _, on := range t.WaitsFor {
		m.Waits = append(m.Waits, b.p.ids[on.Ref])
	}
	for _, w := range t.Work {
		begun := 0
		if w.Begun {
			begun = 1
		}
		m.Work = append(m.Work, [4]int{b.text(w.Name), b.text(w.Func), b.place(inspect.Place{File: w.File, Line: w.Line}), begun})
	}
	if t.Err != nil {
		why := textOf(t.Err)
		m.Err = &why
	}
	if m.Waits != nil || m.Work != nil || m.Err != nil || m.NotBegun > 0 {
		b.f.More[row] = m
	}
}

// textOf returns the text of an error of the program. The Error method may panic.
func textOf(err error) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprintf("%T, whose Error panics", err)
		}
	}()
	return cut(err.Error())
}

// cut shortens a text so that it does not fill the page.
func cut(s string) string {
	const long = 300
	if len(s) <= long {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > long {
			return s[:i] + "…"
		}
	}
	return s
}

// encode returns the frame as JSON. It writes the rows by hand, since there may be ten thousand.
func (f frame) encode() []byte {
	head, err := json.Marshal(f)
	if err != nil {
		panic("console: " + err.Error()) // a frame has only texts and numbers
	}
	all := append(head[:len(head)-1], `,"tasks":[`...)
	all = append(all, f.rows...)
	if f.Turns != nil {
		all = append(all, `],"cells":[`...)
		all = append(all, f.Turns.list...)
	}
	return append(all, ']', '}')
}
