package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"strings"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// guestFlag is the expression for the guest where no other one is found. If it begins with a
// path, as in "example.org/program/ui.Guest", fixes import that package.
var guestFlag string

// flagged returns the flag's expression as written in a package, and the import that it needs,
// if any.
func flagged(in *where.Info) (expr, name, path string) {
	slash := strings.LastIndex(guestFlag, "/")
	dot := strings.Index(guestFlag[slash+1:], ".")
	if slash < 0 || dot < 0 {
		return guestFlag, "", ""
	}
	path, expr = guestFlag[:slash+1+dot], guestFlag[slash+1:]
	if path == in.Pass.Pkg.Path() {
		return guestFlag[slash+1+dot+1:], "", ""
	}
	return expr, expr[:dot], path
}

// needs returns the imports of a fix, including that of the flag's expression if the text
// contains it.
func needs(in *where.Info, text string, imports map[string]string) map[string]string {
	expr, name, path := flagged(in)
	if path == "" || !strings.HasPrefix(text, expr+".Go(") {
		return imports
	}
	all := maps.Clone(imports)
	all[name] = path
	return all
}

// starter returns how to start a task at a position: "guest.Go(ctx, ", or "app.g.Go(", or "" if
// it finds no guest. It prefers what is in scope, then the receiver's field, then a variable of
// an imported package, and then the flag.
//
// A function inside a task may run when the task has ended: a handler, for example. Then nothing
// starts with the task's context, except with that of a window or of main.
func starter(in *where.Info, s *source, f *where.Fn, pos token.Pos) string {
	later := false
	for fn := f; fn != nil; fn = fn.Outer {
		ctx := own(in, fn)
		if ctx != nil && fn.Place == where.Task && (!later || lasts(fn)) && visible(in, pos, ctx) && in.Fixed(ctx) {
			return "guest.Go(" + ctx.Name() + ", "
		}
		later = later || !fn.Part
	}
	if name := guestVar(in, s, f, pos); name != "" {
		return name + ".Go("
	}
	return ""
}

// lasts reports whether a task lives as long as its window or the program.
func lasts(task *where.Fn) bool {
	by, ok := strings.CutPrefix(task.Why, "it is given to ")
	_, name, _ := strings.Cut(by, ".")
	return ok && (name == "WithWindow" || name == "Run" || name == "RunTask" || name == "RunApplication" || name == "Start")
}

// visible reports whether a variable's name refers to it at a position.
func visible(in *where.Info, pos token.Pos, v types.Object) bool {
	scope := in.Pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(v.Name(), pos)
	return obj == v
}

func guestVar(in *where.Info, s *source, f *where.Fn, pos token.Pos) string {
	if f.Outer == nil && f.Decl != nil && f.Decl.Recv == nil && f.Decl.Name.Name == "init" {
		return "" // no guest has begun
	}
	for scope := in.Pass.Pkg.Scope().Innermost(pos); scope != nil; scope = scope.Parent() {
		for _, name := range scope.Names() {
			if v, ok := scope.Lookup(name).(*types.Var); ok && isGuest(v.Type()) && visible(in, pos, v) && !in.IsTest(v.Pos()) {
				return name
			}
		}
	}
	if name := guestField(in, f, pos); name != "" {
		return name
	}
	for _, p := range in.Pass.Pkg.Imports() {
		for _, name := range p.Scope().Names() {
			v, ok := p.Scope().Lookup(name).(*types.Var)
			if pkg := importName(s.file, p.Path(), p.Name()); ok && v.Exported() && isGuest(v.Type()) && isPackage(in, pos, pkg, p) {
				return pkg + "." + name
			}
		}
	}
	return flaggedAt(in, s, pos)
}

// flaggedAt is the flag's expression, if it names a guest at a position.
func flaggedAt(in *where.Info, s *source, pos token.Pos) string {
	expr, name, path := flagged(in)
	if path != "" {
		if !free(in, s, pos, map[string]string{name: path}) {
			return ""
		}
		return expr
	}
	x, err := parser.ParseExpr(expr)
	if err != nil {
		return ""
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if types.CheckExpr(in.Pass.Fset, in.Pass.Pkg, pos, x, info) != nil || !isGuest(info.Types[x].Type) {
		return ""
	}
	return expr
}

// isPackage reports whether a name means a package at a position.
func isPackage(in *where.Info, pos token.Pos, name string, p *types.Package) bool {
	_, obj := in.Pass.Pkg.Scope().Innermost(pos).LookupParent(name, pos)
	pkg, ok := obj.(*types.PkgName)
	return ok && pkg.Imported() == p
}

// guestField returns the receiver's field that holds the guest, as "v.g".
func guestField(in *where.Info, f *where.Fn, pos token.Pos) string {
	for f != nil && f.Decl == nil {
		f = f.Outer
	}
	if f == nil || f.Decl.Recv == nil || len(f.Decl.Recv.List[0].Names) == 0 {
		return ""
	}
	recv := in.Pass.TypesInfo.Defs[f.Decl.Recv.List[0].Names[0]]
	if recv == nil || !visible(in, pos, recv) {
		return ""
	}
	named := where.Named(recv.Type())
	if named == nil {
		return ""
	}
	if field := fieldOf(in, named, true); field != "" {
		return recv.Name() + "." + field
	}
	return ""
}

// fieldOf returns the field of a struct, or of a struct that it embeds, that holds the guest.
func fieldOf(in *where.Info, named *types.Named, embedded bool) string {
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	for field := range st.Fields() {
		if isGuest(field.Type()) && (field.Exported() || field.Pkg() == in.Pass.Pkg) {
			return field.Name()
		}
	}
	for field := range st.Fields() {
		inner := where.Named(field.Type())
		if !embedded || !field.Embedded() || inner == nil {
			continue
		}
		if name := fieldOf(in, inner, false); name != "" {
			if obj, _, _ := types.LookupFieldOrMethod(named, true, in.Pass.Pkg, name); obj != nil && isGuest(obj.Type()) {
				return name
			}
		}
	}
	return ""
}

func isGuest(t types.Type) bool {
	named := where.Named(t)
	return named != nil && named.Obj().Name() == "Guest" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == where.Guest
}

// free reports whether the names that a fix uses mean nothing else at a position.
func free(in *where.Info, s *source, pos token.Pos, names map[string]string) bool {
	scope := in.Pass.Pkg.Scope().Innermost(pos)
	for name, path := range names {
		if as := importName(s.file, path, name); as != "" && as != name {
			return false
		}
		_, obj := scope.LookupParent(name, pos)
		if pkg, ok := obj.(*types.PkgName); obj != nil && (!ok || pkg.Imported().Path() != path) {
			return false
		}
	}
	return true
}

// ownReturns returns the return statements of a body itself, without those of function literals
// in it.
func ownReturns(b ast.Node) []*ast.ReturnStmt {
	var list []*ast.ReturnStmt
	ast.Inspect(b, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			list = append(list, r)
		}
		_, lit := n.(*ast.FuncLit)
		return !lit || n == b
	})
	return list
}
