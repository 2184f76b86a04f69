package guest

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// A Report says how a guest ended.
type Report struct {
	Err error // main's error, or what else ended the guest; nil if it went well

	Cancelled []Tally // tasks that were cancelled because the guest ended
	Abandoned []Tally // background functions that did not heed their cancellation, and may still run
	Leaked    []Tally // tasks that could not be unwound: their deferred calls have not run
	Dropped   int     // posted functions that were accepted and could not be run; 0 unless tasks were leaked
}

// A Tally counts tasks or functions by the name of their function.
type Tally struct {
	Name string
	N    int
}

// String gives a line for each kind that is not empty.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "err: %v", r.Err)
	for _, part := range []struct {
		what string
		list []Tally
	}{{"cancelled", r.Cancelled}, {"abandoned", r.Abandoned}, {"leaked", r.Leaked}} {
		if len(part.list) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s:", part.what)
		for i, t := range part.list {
			if i > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, " %d × %s", t.N, t.Name)
		}
	}
	if r.Dropped > 0 {
		fmt.Fprintf(&b, "\ndropped: %d posted functions", r.Dropped)
	}
	return b.String()
}

// tally counts by function while the guest ends; names are made once, for the report.
type tally map[uintptr]int

func (t *tally) count(pc uintptr) {
	if *t == nil {
		*t = make(tally)
	}
	(*t)[pc]++
}

func (t tally) list() []Tally {
	list := make([]Tally, 0, len(t))
	for pc, n := range t {
		list = append(list, Tally{funcName(pc), n})
	}
	slices.SortFunc(list, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	return list
}

func (t tally) names() []string {
	names := []string{}
	for _, l := range t.list() {
		names = append(names, l.Name)
	}
	return names
}

// makeReport says what the guest knows now.
func (g *Guest) makeReport(err error) Report {
	return Report{
		Err:       err,
		Cancelled: g.tally.cancelled.list(),
		Abandoned: g.tally.abandoned.list(),
		Leaked:    g.tally.leaked.list(),
		Dropped:   g.tally.dropped,
	}
}

// unobserved takes an error that nobody else will hear of: of a supervised task, whose function pc is, or (0) of a posted function. UI thread
// only. It is passed on from a coroutine, as a posted function is, so that no handler or logger can harm the pump.
func (g *Guest) unobserved(pc uintptr, err error) {
	g.reported.Add(1)
	listener := g.listener()
	if listener != nil && listener != g {
		if listener.post(entry{fn: func() { listener.unobserved(0, err) }}) == nil {
			return
		}
		listener.reported.Add(1) // it is in nobody's OnError, but in its log
	}
	if listener != g || g.handling {
		if pc != 0 && listener == nil && isPanic(err) {
			g.root.fail(err)
		}
		g.ready.push(entry{fn: func() {
			g.logging = true
			g.logError(pc, err)
			g.logging = false
		}})
		return
	}
	g.ready.push(entry{fn: func() {
		g.handling = true // an error in the handler itself is only logged
		heard := false
		defer func() {
			if !heard {
				g.logging = true
				g.logError(pc, err)
				g.logging = false
			}
		}()
		p := callPosted(func() { g.opts.OnError(err) })
		if heard = p == nil; !heard {
			g.unobserved(0, p)
		}
		g.handling = false // and not if it left by Goexit: see goexited
	}})
}

// listener returns the guest whose OnError is told of what nobody observes: this, or the nearest above it; nil if there is none. Any goroutine.
func (g *Guest) listener() *Guest {
	for g != nil && g.opts.onError() == nil {
		g = g.opts.parent()
	}
	return g
}

// logError never panics, whatever the logger does.
func (g *Guest) logError(pc uintptr, err error) {
	defer func() { _ = recover() }()
	log := g.opts.logger()
	if pc != 0 {
		log = log.With("task", funcName(pc))
	}
	logUnobserved(log, err)
}

// logUnobserved says that nobody has looked at err. Loggers may panic; the caller recovers.
func logUnobserved(log *slog.Logger, err error) {
	if p, ok := err.(*PanicError); ok {
		log.Error("guest: unobserved panic", "panic", quoteAny(p.Value), "stack", string(p.Stack))
		return
	}
	log.Error("guest: unobserved error", slog.Any("err", err))
}

// hostBroke says, once, which rule of the contract the host has broken. Any thread.
func (g *Guest) hostBroke(how string, args ...any) {
	g.once(how, func() {
		g.opts.logger().With(args...).Error("guest: the host broke its contract: "+how+"; prove it with host/hosttest",
			"host", fmt.Sprintf("%T", g.host))
	})
}

// once calls fn the first time that it is called with key. Any goroutine. A panicking logger is ignored.
func (g *Guest) once(key string, fn func()) {
	if _, said := g.said.LoadOrStore(key, true); said {
		return
	}
	defer func() { _ = recover() }()
	fn()
}

func quoteAny(v any) string { return quote(fmt.Sprint(v)) }
