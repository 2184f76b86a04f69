package where

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
)

// A Summary tells callers about a function of the module. It is a fact, so callers in other
// packages know it, too. Each text says what the function does and where, and is empty if it does
// not.
type Summary struct {
	Blocks  string // it blocks until something else happens
	Touches string // it touches widgets
	Waits   string // it waits with Lodger
	Refused string // it waits with Lodger by a call that does nothing in a handler
	Spins   string // it runs a nested loop of the toolkit
	Reads   string // it reads or writes a file, which is quick once
	Posts   string // it posts to the UI thread by the toolkit's own call
	Fills   bool   // it returns a channel that holds a value
}

// AFact marks a fact.
func (*Summary) AFact() {}

// String shows the fact in tests.
func (s *Summary) String() string {
	return fmt.Sprintf("blocks=%q touches=%q waits=%q spins=%q posts=%q", s.Blocks, s.Touches, s.Waits, s.Spins, s.Posts)
}

// summarize computes all summaries, and exports those that are not empty as facts.
func (in *Info) summarize() {
	for _, f := range in.Fns {
		in.summaryOf(f)
	}
	for in.cycles && in.again() {
	}
	in.bindCalls()
	for _, f := range in.Fns {
		s := f.summary
		if !local && f.Decl != nil && f.Obj != nil && *s != (Summary{}) {
			in.Pass.ExportObjectFact(f.Obj, s)
		}
	}
}

// again makes all summaries anew from the existing ones, and reports whether one has grown.
// Functions that call each other need that: the first summary of one lacks what the other does.
func (in *Info) again() bool {
	grown := false
	clear(in.bound)
	for _, f := range in.Fns {
		old := *f.summary
		in.fill(f.summary, f)
		grown = grown || *f.summary != old
	}
	return grown
}

// Summary returns the summary of a function of this package.
func (in *Info) Summary(f *Fn) *Summary { return f.summary }

func (in *Info) summaryOf(f *Fn) *Summary {
	if f.summary != nil || f.busy {
		if f.busy {
			in.cycles = true
			return &Summary{}
		}
		return f.summary
	}
	f.busy = true
	s := &Summary{}
	in.with(nil, func() { in.fill(s, f) })
	f.summary, f.busy = s, false
	return s
}

// fill adds to a summary what a function does.
func (in *Info) fill(s *Summary, f *Fn) {
	s.Fills = in.fills(f)
	in.Walk(f, func(n ast.Node, stack []ast.Node) bool {
		keep(&s.Blocks, in.at(in.Blocking(n, stack), n))
		keep(&s.Touches, in.at(in.Touching(f, n), n))
		if call, ok := n.(*ast.CallExpr); ok {
			in.addCall(s, f, call)
			if fn := in.Callee(call); inLoops[Name(fn)] {
				keep(&s.Reads, in.at(short(fn), call))
			}
			if again := in.ReadsAgain(call, stack); again != "" {
				keep(&s.Blocks, again)
			}
		}
		return true
	})
}

func (in *Info) addCall(s *Summary, f *Fn, call *ast.CallExpr) {
	if wait, ok := in.Wait(call); ok {
		keep(&s.Waits, in.at(short(wait), call))
		if !in.Closes(call) {
			keep(&s.Refused, in.at(short(wait), call))
		}
	}
	if in.Spins(call) {
		keep(&s.Spins, in.at(short(in.Callee(call)), call))
	}
	if posts[Name(in.Callee(call))] {
		keep(&s.Posts, in.at(short(in.Callee(call)), call))
	}
	other := in.Called(call)
	if other == nil {
		return
	}
	keep(&s.Reads, other.Reads)
	keep(&s.Posts, other.Posts)
	keep(&s.Blocks, other.Blocks)
	keep(&s.Waits, other.Waits)
	keep(&s.Refused, other.Refused)
	keep(&s.Spins, other.Spins)
	if !in.onFresh(f, call) {
		keep(&s.Touches, other.Touches)
	}
}

// ReadsAgain returns which file a function of the module reads or writes, if the call is in a
// loop.
func (in *Info) ReadsAgain(call *ast.CallExpr, stack []ast.Node) string {
	if other := in.Called(call); other != nil && Within(call, stack) {
		return other.Reads
	}
	return ""
}

// onFresh reports whether a method is called on something that f has just created, or a function
// is called with such widgets only.
func (in *Info) onFresh(f *Fn, call *ast.CallExpr) bool {
	if fn := in.Callee(call); fn != nil && fn.Signature().Recv() == nil {
		widgets, old := 0, 0
		for _, arg := range call.Args {
			if IsWidget(in.Pass.TypesInfo.TypeOf(arg)) {
				widgets++
				if !in.fresh(f, arg) {
					old++
				}
			}
		}
		return widgets > 0 && old == 0
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && in.fresh(f, sel.X)
}

func keep(to *string, text string) {
	if *to == "" {
		*to = text
	}
}

// at adds the place in the program to a text, if there is one.
func (in *Info) at(text string, n ast.Node) string {
	if text == "" {
		return ""
	}
	return text + in.Line(n.Pos())
}

// Line returns a position as diagnostics show it.
func (in *Info) Line(pos token.Pos) string {
	p := in.Pass.Fset.Position(pos)
	return fmt.Sprintf(" at %s:%d", filepath.Base(p.Filename), p.Line)
}

// Called returns the summary of the called function of the module, or nil if there is none.
func (in *Info) Called(call *ast.CallExpr) *Summary {
	obj := in.Object(call.Fun)
	f := in.named[obj]
	switch {
	case f != nil && !in.done:
		return in.calledWith(f, call)
	case in.single[call] != nil:
		return in.single[call]
	case f != nil:
		return f.summary
	}
	if fn, ok := obj.(*types.Func); ok {
		return in.Imported(fn)
	}
	return nil
}

// Imported returns the summary of a function of another package, or nil if it has none.
func (in *Info) Imported(fn *types.Func) *Summary {
	if local || fn.Pkg() == nil || fn.Pkg() == in.Pass.Pkg || isLibrary(fn.Pkg().Path()) {
		return nil // Lodger's own functions are in the tables
	}
	s := new(Summary)
	if in.Pass.ImportObjectFact(fn, s) {
		return s
	}
	return nil
}

// Wait returns the wait of Lodger that is called, if the call is one.
func (in *Info) Wait(call *ast.CallExpr) (*types.Func, bool) {
	fn := in.Callee(call)
	_, ok := waits[Name(fn)]
	return fn, ok
}

// Starts reports whether a call starts something under a context.
func (in *Info) Starts(call *ast.CallExpr) bool { return starts[Name(in.Callee(call))] }

// Ranges reports whether a wait is for use with range, so that it ends its loop itself.
func (in *Info) Ranges(call *ast.CallExpr) bool { return ranges[Name(in.Callee(call))] }

// Closes reports whether a wait ends something, in a handler, too, where it only does not wait.
func (in *Info) Closes(call *ast.CallExpr) bool { return closes[Name(in.Callee(call))] }

// Structural reports whether a wait works only in a task.
func (in *Info) Structural(call *ast.CallExpr) bool { return waits[Name(in.Callee(call))] }
