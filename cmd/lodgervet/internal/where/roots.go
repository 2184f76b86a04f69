package where

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
)

// place finds functions that are used as values: in calls, assignments and struct literals. Tests
// do not count, because they call functions where the program does not.
func (in *Info) place(ins *inspector.Inspector) {
	nodes := []ast.Node{(*ast.FuncDecl)(nil), (*ast.CallExpr)(nil), (*ast.GoStmt)(nil), (*ast.DeferStmt)(nil),
		(*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.CompositeLit)(nil)}
	ins.Preorder(nodes, func(n ast.Node) {
		if in.IsTest(n.Pos()) {
			return
		}
		switch n := n.(type) {
		case *ast.FuncDecl:
			in.placeEvent(n)
		case *ast.GoStmt:
			in.put(n.Call.Fun, root{place: Goroutine, why: "it runs in a goroutine", pos: n.Pos()})
		case *ast.CallExpr:
			in.placeCall(n)
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs[:min(len(n.Lhs), len(n.Rhs))] {
				in.placeAssign(lhs, n.Rhs[i])
			}
		case *ast.ValueSpec:
			if len(n.Names) == len(n.Values) {
				for i, name := range n.Names {
					in.placeAssign(name, n.Values[i])
				}
			}
		case *ast.CompositeLit:
			in.placeFields(n)
		}
	})
}

// placeEvent handles a method of a widget that Fyne calls, as Tapped(*fyne.PointEvent).
func (in *Info) placeEvent(d *ast.FuncDecl) {
	fn, ok := in.Pass.TypesInfo.Defs[d.Name].(*types.Func)
	if ok && d.Recv != nil && bareEvents[fn.Name()] && embedsWidget(fn.Signature().Recv().Type()) {
		in.roots[fn.Origin()] = append(in.roots[fn.Origin()], root{Handler, "Fyne calls it", d.Name.Pos(), true})
		return
	}
	if !ok || d.Recv == nil || !events[fn.Name()] || fn.Signature().Params().Len() != 1 {
		return
	}
	event := Named(fn.Signature().Params().At(0).Type())
	if event != nil && event.Obj().Pkg() != nil && ofToolkit(event.Obj().Pkg().Path()) {
		in.roots[fn.Origin()] = append(in.roots[fn.Origin()], root{Handler, "Fyne calls it", d.Name.Pos(), true})
	}
}

// embedsWidget reports whether a type is a struct that embeds something of Fyne's.
func embedsWidget(t types.Type) bool {
	named := Named(t)
	if named == nil {
		return false
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range st.Fields() {
		inner := Named(field.Type())
		if field.Embedded() && inner != nil && inner.Obj().Pkg() != nil &&
			(inner.Obj().Pkg().Path() == Fyne || strings.HasPrefix(inner.Obj().Pkg().Path(), Fyne+"/")) {
			return true
		}
	}
	return false
}

func (in *Info) placeCall(call *ast.CallExpr) {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok { // go has already put it elsewhere
		in.put(lit, root{place: InPlace, pos: call.Pos()})
	}
	fn := in.Callee(call)
	place := argument(fn)
	if place == Unknown {
		return
	}
	why, toolkit := "it is given to "+short(fn), ofToolkit(fn.Pkg().Path())
	for _, arg := range call.Args {
		held := arg
		if id, ok := ast.Unparen(arg).(*ast.Ident); ok && in.Held(in.Pass.TypesInfo.Uses[id]) != nil {
			held = in.Held(in.Pass.TypesInfo.Uses[id])
		}
		if m, ok := ast.Unparen(held).(*ast.CompositeLit); ok && place == Handler { // of signals
			in.placeValues(m, why)
			continue
		}
		in.put(arg, root{place, why, arg.Pos(), toolkit})
	}
}

func (in *Info) placeValues(m *ast.CompositeLit, why string) {
	for _, elt := range m.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			in.put(kv.Value, root{Handler, why, kv.Value.Pos(), true})
		}
	}
}

// placeAssign handles a field of a toolkit that is set, and a variable that gets a function
// once and for all.
func (in *Info) placeAssign(lhs, rhs ast.Expr) {
	switch lhs := ast.Unparen(lhs).(type) {
	case *ast.SelectorExpr:
		if field, ok := in.Pass.TypesInfo.Uses[lhs.Sel].(*types.Var); ok && field.IsField() && field.Pkg() != nil && ofToolkit(field.Pkg().Path()) {
			in.put(rhs, root{Handler, "it is set as " + field.Name(), rhs.Pos(), true})
		}
	case *ast.Ident:
		obj := in.Pass.TypesInfo.ObjectOf(lhs)
		if v, ok := obj.(*types.Var); !ok || v.Kind() != types.LocalVar || in.sets[obj] != 1 {
			return // a parameter has a value already
		}
		in.holds[obj] = rhs
		if lit, ok := ast.Unparen(rhs).(*ast.FuncLit); ok {
			in.lits[lit].Obj = obj
			in.named[obj] = in.lits[lit]
		}
	}
}

func (in *Info) placeFields(c *ast.CompositeLit) {
	named := Named(in.Pass.TypesInfo.TypeOf(c))
	if named == nil || named.Obj().Pkg() == nil || !ofToolkit(named.Obj().Pkg().Path()) {
		return
	}
	for _, elt := range c.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				in.put(kv.Value, root{Handler, "it is set as " + key.Name, kv.Value.Pos(), true})
			}
		}
	}
}

// put records where a function runs, if x is one.
func (in *Info) put(x ast.Expr, r root) {
	if lit, ok := ast.Unparen(x).(*ast.FuncLit); ok {
		f := in.lits[lit]
		if f.Place == Unknown {
			f.Place, f.Why, f.Root, f.ofToolkit = r.place, r.why, r.pos, r.toolkit
		}
		return
	}
	obj := in.Object(x)
	if obj == nil {
		return
	}
	if _, ok := types.Unalias(obj.Type()).Underlying().(*types.Signature); ok {
		in.roots[obj] = append(in.roots[obj], r)
	}
}

// settle gives a named function a place if all its uses agree on it. It gives a literal that
// runs in place the place of the function around it.
func (in *Info) settle() {
	for obj, roots := range in.roots {
		f := in.named[obj]
		if f == nil || f.Place != Unknown {
			continue
		}
		f.Place, f.Why, f.Root, f.ofToolkit = roots[0].place, roots[0].why, roots[0].pos, roots[0].toolkit
		for _, r := range roots[1:] {
			f.ofToolkit = f.ofToolkit || r.toolkit
			if r.place != f.Place {
				f.Place = Unknown
			}
		}
	}
	for _, f := range in.Fns { // outer ones come first
		if f.Place == InPlace {
			f.Place, f.Part = Unknown, f.Lit != nil && f.Obj == nil
			if f.Outer != nil && f.Lit != nil {
				f.Place, f.Why, f.Root = f.Outer.Place, f.Outer.Why, f.Outer.Root
			}
		}
		if f.Place == Goroutine && in.runsLoop(f) {
			f.Place = Unknown
		}
	}
}

// runsLoop reports whether a goroutine runs the toolkit's loop. Then it is the UI thread.
func (in *Info) runsLoop(f *Fn) bool {
	found := false
	in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch Name(in.Callee(call)) {
			case Fyne + ".App.Run", Fyne + ".Window.ShowAndRun", Gotk3 + "gtk.Main", Gotk3 + "gtk.Init",
				Gotk3 + "glib.Application.Run", FyneUI + ".Run", GtkUI + ".Run", GtkUI + ".RunApplication", GtkHost + ".Run":
				found = true
			}
		}
		return !found
	})
	return found
}

// CalledElsewhere reports whether the named function around f is also called where it may not be
// the UI thread.
func (in *Info) CalledElsewhere(f *Fn) bool {
	if in.elsewhere == nil {
		in.elsewhere = map[types.Object]bool{}
		for _, from := range in.Fns {
			if from.Part || from.Place.OnUI() {
				continue
			}
			in.Walk(from, func(n ast.Node, _ []ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && in.named[in.Object(call.Fun)] != nil {
					in.elsewhere[in.Object(call.Fun)] = true
				}
				return true
			})
		}
	}
	for f.Part && f.Outer != nil {
		f = f.Outer
	}
	return f.Obj != nil && in.elsewhere[f.Obj]
}

// A Reference is a use of a function of another package that says where it runs.
type Reference struct {
	Fn    *types.Func
	Place Place
	Why   string
	Pos   token.Pos
}

// References returns the uses of other packages' functions in this package.
func (in *Info) References() []Reference {
	var list []Reference
	for obj, roots := range in.roots {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == in.Pass.Pkg {
			continue
		}
		for _, r := range roots {
			list = append(list, Reference{fn, r.place, r.why, r.pos})
		}
	}
	slices.SortFunc(list, func(a, b Reference) int { return int(a.Pos - b.Pos) })
	return list
}

func short(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil {
		if named := Named(recv.Type()); named != nil {
			return named.Obj().Name() + "." + fn.Name()
		}
	}
	return fn.Pkg().Name() + "." + fn.Name()
}
