package where

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"unicode"
)

// mutators holds prefixes of the names of methods that change what is on the screen.
var mutators = []string{"Set", "Show", "Hide", "Refresh", "Resize", "Move", "Enable", "Disable",
	"Add", "Remove", "Append", "Prepend", "Select", "Unselect", "Scroll", "Focus", "Unfocus",
	"RequestFocus", "Center", "Close", "Open", "Clear", "Start", "Stop", "Parse", "Undo", "Redo"}

// Touching returns which widget a call touches, as "label.SetText", or "". A widget that the
// function has just created is not on the screen yet, and may be touched.
func (in *Info) Touching(f *Fn, n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	fn := in.Callee(call)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	if shows(fn) && in.hasDo() {
		return short(fn)
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || fn.Signature().Recv() == nil || !in.touches(fn) || in.fresh(f, sel.X) && !appears(fn) {
		return ""
	}
	return types.ExprString(sel.X) + "." + fn.Name()
}

// shows reports whether a function of Fyne's shows or draws what it is given.
func shows(fn *types.Func) bool {
	name := Name(fn)
	return fn.Signature().Recv() == nil && (name == Fyne+"/canvas.Refresh" ||
		strings.HasPrefix(name, Fyne+"/dialog.Show") || strings.HasPrefix(name, Fyne+"/widget.Show"))
}

// TouchingRef says the same of a function that is given away, as in go label.Refresh().
func (in *Info) TouchingRef(ref Reference) string {
	if fn := ref.Fn; shows(fn) && in.hasDo() || fn.Signature().Recv() != nil && in.touches(fn) {
		return short(fn)
	}
	return ""
}

// BlockingRef says what blocks when a function that is given away runs.
func BlockingRef(ref Reference) string {
	if blocking[Name(ref.Fn)] {
		return short(ref.Fn)
	}
	return ""
}

// touches reports whether a method touches widgets.
func (in *Info) touches(fn *types.Func) bool {
	recv := Named(fn.Signature().Recv().Type())
	if recv == nil {
		return false
	}
	switch pkg := fn.Pkg().Path(); pkg {
	case Fyne:
		return in.hasDo() && ofScreen[recv.Obj().Name()] && mutates(fn.Name()) || Name(fn) == Fyne+".App.NewWindow" && in.hasDo()
	case Fyne + "/widget", Fyne + "/container", Fyne + "/canvas", Fyne + "/dialog":
		return in.hasDo() && mutates(fn.Name())
	case Gotk3 + "gtk":
		return fn.Name() != "Native" && !strings.HasPrefix(fn.Name(), "To") && recv.Obj().Name() != "Settings"
	}
	return false
}

// appears reports whether a method brings something new to the screen.
func appears(fn *types.Func) bool { return fn.Name() == "Show" && fn.Pkg().Path() == Fyne+"/dialog" }

// ofScreen holds the types of package fyne that belong to the screen.
var ofScreen = map[string]bool{
	"CanvasObject": true, "Window": true, "Canvas": true, "OverlayStack": true, "Disableable": true,
	"Focusable": true, "Widget": true, "Container": true, "Menu": true, "MainMenu": true,
}

func mutates(name string) bool {
	return slices.ContainsFunc(mutators, func(m string) bool { return begins(name, m) })
}

// begins reports whether the first word of a name is another: Disable, and not Disabled. The case
// of the first letter does not matter.
func begins(name, word string) bool {
	if len(name) < len(word) || !strings.EqualFold(name[:len(word)], word) {
		return false
	}
	rest := name[len(word):]
	return rest == "" || !unicode.IsLower(rune(rest[0]))
}

// sinceDo holds names that Fyne's packages have had since fyne.Do exists.
var sinceDo = map[string]string{Fyne: "Do", Fyne + "/widget": "NewCalendar", Fyne + "/canvas": "RecolorSVG"}

// hasDo reports whether Fyne has fyne.Do. In older versions, any goroutine could touch widgets.
// Only directly imported packages are known in full. If there is none, hasDo assumes a new
// Fyne.
func (in *Info) hasDo() bool {
	for _, p := range in.Pass.Pkg.Imports() {
		if name := sinceDo[p.Path()]; name != "" {
			return p.Scope().Lookup(name) != nil
		}
	}
	return true
}

// fresh reports whether x begins with a local variable of f that holds something new.
func (in *Info) fresh(f *Fn, x ast.Expr) bool {
	for {
		switch e := ast.Unparen(x).(type) {
		case *ast.SelectorExpr:
			x = e.X
			continue
		case *ast.IndexExpr:
			x = e.X
			continue
		case *ast.CompositeLit:
			return in.makes(e)
		case *ast.CallExpr:
			return in.makes(e)
		case *ast.Ident:
			obj, ok := in.Pass.TypesInfo.Uses[e].(*types.Var)
			return ok && f.Body().Pos() <= obj.Pos() && obj.Pos() < f.Body().End() && in.madeNew(f, obj)
		}
		return false
	}
}

// madeNew reports whether f sets a variable to something new, and to nothing else.
func (in *Info) madeNew(f *Fn, v *types.Var) bool {
	if known, ok := in.news[v]; ok {
		return known
	}
	in.news[v] = false // while it is looked at
	in.news[v] = in.setsNew(f, v)
	return in.news[v]
}

func (in *Info) setsNew(f *Fn, v *types.Var) bool {
	made, other := false, false
	set := func(lhs, rhs ast.Expr) {
		if id, ok := lhs.(*ast.Ident); !ok || in.Pass.TypesInfo.ObjectOf(id) != v {
			return
		}
		if in.makes(rhs) {
			made = true
		} else {
			other = true
		}
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				set(lhs, n.Rhs[min(i, len(n.Rhs)-1)])
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if len(n.Values) > 0 {
					set(name, n.Values[min(i, len(n.Values)-1)])
				} else if in.Pass.TypesInfo.Defs[name] == v {
					made = made || isStruct(v.Type())
				}
			}
		case *ast.RangeStmt: // over something new
			if id, ok := n.Value.(*ast.Ident); ok && in.Pass.TypesInfo.ObjectOf(id) == v {
				made, other = in.fresh(f, n.X), other || !in.fresh(f, n.X)
			}
		}
		return !other
	})
	return made && !other
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// makes reports whether x creates something new: a struct literal, or a call of a function
// whose name says so.
func (in *Info) makes(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.UnaryExpr:
		return in.makes(x.X)
	case *ast.CompositeLit: // of a struct, or of new things
		return isStruct(in.Pass.TypesInfo.TypeOf(x)) || !slices.ContainsFunc(x.Elts, in.isOld)
	case *ast.CallExpr:
		if id, ok := ast.Unparen(x.Fun).(*ast.Ident); ok && in.Pass.TypesInfo.Uses[id] == types.Universe.Lookup("new") {
			return true
		}
		fn := in.Callee(x)
		if fn == nil {
			return false
		}
		if in.returnsNew(in.named[fn]) {
			return true
		}
		return begins(fn.Name(), "new") || begins(fn.Name(), "make") || begins(fn.Name(), "create") ||
			fn.Pkg() != nil && fn.Pkg().Path() == Gotk3+"gtk" && strings.Contains(fn.Name(), "New")
	}
	return false
}

// isOld reports whether an element of a slice, an array or a map has not just been created.
func (in *Info) isOld(elt ast.Expr) bool {
	if kv, ok := elt.(*ast.KeyValueExpr); ok {
		elt = kv.Value
	}
	return !in.makes(elt)
}

// returnsNew reports whether a function of this package returns only what it creates.
func (in *Info) returnsNew(f *Fn) bool {
	if f == nil || f.busy {
		return false
	}
	f.busy = true
	defer func() { f.busy = false }()
	news, others := 0, 0
	in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		switch {
		case !ok:
		case len(r.Results) > 0 && (in.makes(r.Results[0]) || in.holdsNew(f, r.Results[0])):
			news++
		default:
			others++
		}
		return true
	})
	return news > 0 && others == 0
}

// holdsNew reports whether x is a local variable of f that holds something new.
func (in *Info) holdsNew(f *Fn, x ast.Expr) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && in.fresh(f, id)
}

// OnFresh reports whether a method is called on something that f has just created, or a function
// is called with such widgets only.
func (in *Info) OnFresh(f *Fn, call *ast.CallExpr) bool { return in.onFresh(f, call) }

// IsWidget reports whether a type is a window or a widget of a toolkit.
func IsWidget(t types.Type) bool {
	named := Named(t)
	if named == nil || named.Obj().Pkg() == nil {
		return false
	}
	switch named.Obj().Pkg().Path() {
	case Fyne:
		return ofScreen[named.Obj().Name()]
	case Fyne + "/widget", Fyne + "/container", Fyne + "/canvas", Fyne + "/dialog", Gotk3 + "gtk":
		return true
	}
	return false
}
