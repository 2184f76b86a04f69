package checks

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// Migrate finds code in the style of fyne.Do and glib.IdleAdd that a guest makes shorter, and
// rewrites what is safe to rewrite:
//
//	go func() { work; fyne.Do(show) }()    a task with Background           (mover.go)
//	the same with glib.IdleAdd             likewise
//	fyne.Do, DoAndWait in a task           plain lines                      (plain.go)
//	fyne.Do, DoAndWait in Background       RunOnMain, CallOnMain            (plain.go)
//	glib.TimeoutAdd that repeats           Every                            (timer.go)
//
// It reports only what it can rewrite: a guest must be in scope. With the flag why it also
// reports what you must change by hand, and why.
var Migrate = check("migrate", `find fyne.Do and glib.IdleAdd chains that a guest makes shorter

With -fix, goroutines that end in fyne.Do or glib.IdleAdd become tasks, if a guest is in sight: a
task's context, a variable or a receiver's field of type *guest.Guest, or the flag guest.`, migrate)

// why makes Migrate report what it leaves.
var why bool

func init() {
	Migrate.Flags.StringVar(&guestFlag, "guest", "", "expression for the guest where no other one is found")
	Migrate.Flags.BoolVar(&why, "why", false, "also report what you must change by hand")
}

func migrate(in *where.Info, r *where.Reporter) {
	for _, f := range in.Fns {
		if generated(in, f) {
			continue
		}
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false // it has its own Fn
			case *ast.GoStmt:
				moveGoroutine(in, r, f, n)
			case *ast.ExprStmt:
				plainLines(in, r, f, n)
				repeats(in, r, f, n)
			}
			return true
		})
	}
}

// generated reports whether a program has generated a function's source, as for files with cgo.
func generated(in *where.Info, f *where.Fn) bool {
	for _, file := range in.Pass.Files {
		if file.FileStart <= f.Body().Pos() && f.Body().Pos() < file.FileEnd {
			return ast.IsGenerated(file)
		}
	}
	return true
}

// offer reports a finding with its fix: statements that replace one, and the imports that they
// need.
func offer(r *where.Reporter, s *source, stmt ast.Stmt, message, fix, text string, imports map[string]string) {
	edit, ok := s.replacement(stmt, text)
	if !ok {
		leave(r, stmt, "its text cannot be moved")
		return
	}
	var missing []string
	for name, path := range imports {
		if importName(s.file, path, name) == "" {
			missing = append(missing, path)
		}
	}
	slices.Sort(missing)
	edits := append([]analysis.TextEdit{edit}, addImports(s, missing)...)
	r.Report(stmt, message, analysis.SuggestedFix{Message: fix, TextEdits: edits})
}

// leave reports why something must be changed by hand, if the flag why is set.
func leave(r *where.Reporter, n ast.Node, reason string) {
	if why {
		r.Report(n, "change this by hand: "+reason)
	}
}

// toUI returns the function that a call runs on the UI thread, and the call's name: "Do",
// "DoAndWait" or "IdleAdd". The name is "" for any other call.
func toUI(in *where.Info, x ast.Expr) (fn ast.Expr, name string) {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return nil, ""
	}
	switch where.Name(in.Callee(call)) {
	case where.Fyne + ".Do":
		return call.Args[0], "Do"
	case where.Fyne + ".DoAndWait":
		return call.Args[0], "DoAndWait"
	case where.Gotk3 + "glib.IdleAdd":
		sig, ok := types.Unalias(in.Pass.TypesInfo.TypeOf(call.Args[0])).(*types.Signature)
		_, lit := ast.Unparen(call.Args[0]).(*ast.FuncLit)
		if ok && sig.Params().Len() == 0 && (lit || sig.Results().Len() == 0) { // others repeat
			return call.Args[0], "IdleAdd"
		}
	}
	return nil, ""
}
