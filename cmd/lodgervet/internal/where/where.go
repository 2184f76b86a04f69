// Package where finds out where each function runs: whether it is a task, a handler on the UI
// thread, a background function or a goroutine. It also finds out which functions of the module
// block, wait, or touch widgets. All checks use it. It takes a place only from what it sees: a
// function literal that is passed to guest.Go, assigned to a button's OnTapped, or started with
// go; or a declared function that is named in such a place. All other functions are Unknown,
// and the checks say nothing about them.
package where

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// Analyzer computes the *Info of a package, and facts about its functions for packages that
// import it.
var Analyzer = &analysis.Analyzer{
	Name:       "where",
	Doc:        "tells what runs where: tasks, handlers, background functions, goroutines",
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Summary)},
	Run:        run,
}

// Local makes the analyzers look at each package alone. Drivers then need no source of the
// imported packages. Call it before anything else.
func Local() {
	local = true
	Analyzer.FactTypes = nil
}

var local bool

// A Fn is a function with a body: a declaration or a literal.
type Fn struct {
	Place Place
	Why   string // why it runs there, for a diagnostic
	Decl  *ast.FuncDecl
	Lit   *ast.FuncLit
	Outer *Fn          // the function around a literal
	Root  token.Pos    // the position that says so
	Obj   types.Object // its name, if it has one: a function, or a variable that is set once
	Part  bool         // it runs in place, as part of Outer; Walk of Outer visits it
	Apart bool         // it belongs to a guest whose main loop is another than the windows'

	ofToolkit bool // a toolkit calls it

	summary *Summary
	busy    bool // its summary is being computed; a call of it is recursive
}

// Body returns the function's body.
func (f *Fn) Body() *ast.BlockStmt {
	if f.Lit != nil {
		return f.Lit.Body
	}
	return f.Decl.Body
}

// Type returns the function's type in the source.
func (f *Fn) Type() *ast.FuncType {
	if f.Lit != nil {
		return f.Lit.Type
	}
	return f.Decl.Type
}

// Info says what runs where in a package.
type Info struct {
	Pass *analysis.Pass
	Fns  []*Fn // in the order of the source

	lits  map[*ast.FuncLit]*Fn
	named map[types.Object]*Fn
	roots map[types.Object][]root   // where named functions are used
	sets  map[types.Object]int      // how often a variable is set
	bare  map[types.Object]bool     // variables that are declared without a value
	holds map[types.Object]ast.Expr // the value of a local variable that is set once

	elsewhere map[types.Object]bool // functions that are called where it may not be the UI thread

	news map[*types.Var]bool // what madeNew has found so far

	cycles bool // functions call themselves, or each other

	// These serve to compute the summaries, and do not change after that.
	known    binding                    // what is known of parameters while one call is looked at
	bound    map[string]*Summary        // summaries for single calls
	deciding map[types.Object]bool      // parameters that are part of a condition
	single   map[*ast.CallExpr]*Summary // those for calls of this package
	done     bool                       // all summaries are there
	ends     map[ast.Node]token.Pos     // where blocks always return
}

type root struct {
	place   Place
	why     string
	pos     token.Pos
	toolkit bool // a toolkit calls it
}

// Of returns the Info that an analyzer requires.
func Of(pass *analysis.Pass) *Info { return pass.ResultOf[Analyzer].(*Info) }

func run(pass *analysis.Pass) (any, error) {
	in := &Info{Pass: pass, lits: map[*ast.FuncLit]*Fn{}, named: map[types.Object]*Fn{},
		roots: map[types.Object][]root{}, sets: map[types.Object]int{}, bare: map[types.Object]bool{}, holds: map[types.Object]ast.Expr{},
		news: map[*types.Var]bool{}, bound: map[string]*Summary{}, single: map[*ast.CallExpr]*Summary{}, ends: map[ast.Node]token.Pos{}}
	if foreign(pass) {
		return in, nil
	}
	ins := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.collect(ins)
	in.place(ins)
	in.settle()
	in.markApart()
	in.summarize()
	return in, nil
}

// foreign reports whether a package belongs to another module, or to the standard library. The
// checks know functions of such packages only from the tables.
func foreign(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" {
		return pass.Module.Version != ""
	}
	first, _, _ := strings.Cut(pass.Pkg.Path(), "/")
	if first == "command-line-arguments" { // files that the command line names
		return false
	}
	return len(pass.Files) == 0 || !strings.Contains(first, ".") &&
		!strings.Contains(pass.Fset.File(pass.Files[0].Pos()).Name(), "/testdata/")
}

// collect finds all functions with a body, and their names.
func (in *Info) collect(ins *inspector.Inspector) {
	var stack []*Fn
	nodes := []ast.Node{(*ast.FuncDecl)(nil), (*ast.FuncLit)(nil), (*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.UnaryExpr)(nil),
		(*ast.RangeStmt)(nil), (*ast.IncDecStmt)(nil), (*ast.ForStmt)(nil)}
	ins.Nodes(nodes, func(n ast.Node, push bool) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body == nil {
				return false
			}
			stack = in.enter(stack, push, &Fn{Decl: n, Obj: in.Pass.TypesInfo.Defs[n.Name]})
		case *ast.FuncLit:
			stack = in.enter(stack, push, &Fn{Lit: n})
		default:
			if push {
				in.count(n)
			}
		}
		return true
	})
}

func (in *Info) enter(stack []*Fn, push bool, f *Fn) []*Fn {
	if !push {
		return stack[:len(stack)-1]
	}
	if len(stack) > 0 {
		f.Outer = stack[len(stack)-1]
	}
	in.Fns = append(in.Fns, f)
	if f.Lit != nil {
		in.lits[f.Lit] = f
	} else if f.Obj != nil {
		in.named[f.Obj] = f
	}
	return append(stack, f)
}

// Lit returns the Fn of a literal.
func (in *Info) Lit(l *ast.FuncLit) *Fn { return in.lits[l] }

// Fn returns the function of this package that x names, if that is certain.
func (in *Info) Fn(x ast.Expr) *Fn {
	if lit, ok := ast.Unparen(x).(*ast.FuncLit); ok {
		return in.lits[lit]
	}
	return in.named[in.Object(x)]
}

// Object returns the function that x names, or the variable that holds one.
func (in *Info) Object(x ast.Expr) types.Object {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return in.alias(origin(in.Pass.TypesInfo.Uses[x]))
	case *ast.SelectorExpr:
		return origin(in.Pass.TypesInfo.Uses[x.Sel])
	case *ast.IndexExpr:
		return in.Object(x.X)
	case *ast.IndexListExpr:
		return in.Object(x.X)
	}
	return nil
}

func origin(obj types.Object) types.Object {
	switch o := obj.(type) {
	case *types.Func:
		return o.Origin()
	case *types.Var:
		return o.Origin()
	}
	return obj
}

// Callee returns the function or method that is called, if it has a name.
func (in *Info) Callee(call *ast.CallExpr) *types.Func {
	fn, _ := in.Object(call.Fun).(*types.Func)
	return fn
}

// IsTest reports whether a position is in a test file.
func (in *Info) IsTest(pos token.Pos) bool {
	return strings.HasSuffix(in.Pass.Fset.File(pos).Name(), "_test.go")
}
