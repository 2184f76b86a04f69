package checks

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

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

func migrate(in *where.Info, reporter *where.Reporter) {
	r := &offers{Reporter: reporter}
	defer r.reportAll()
	for _, f := range in.Fns {
		if generated(in, f) {
			continue
		}
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false // it has its own Fn
			case *ast.GoStmt:
				if !f.Apart {
					moveGoroutine(in, r, f, n)
				}
			case *ast.ExprStmt:
				if f.Apart {
					leaveApart(in, r, n)
					return true
				}
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

// offers are the findings of a package. They are reported at its end, because all fixes of a file
// must add the same imports. Equal edits are made only once.
type offers struct {
	*where.Reporter
	list []offered
}

// offered is a finding with its fix: statements that replace one, and the imports that they need.
type offered struct {
	src          *source
	stmt         ast.Stmt
	edit         analysis.TextEdit
	message, fix string
	imports      map[string]string
}

func offer(r *offers, s *source, stmt ast.Stmt, message, fix, text string, imports map[string]string) {
	edit, ok := s.replacement(stmt, text)
	switch {
	case strings.TrimSpace(text) == "":
		leave(r, stmt, "its function is empty")
	case !ok:
		leave(r, stmt, "its text cannot be moved")
	case losesComment(s, stmt, text):
		leave(r, stmt, "a comment would be lost")
	case !r.Silent(stmt):
		r.list = append(r.list, offered{s, stmt, edit, message, fix, imports})
	}
}

// reportAll reports what was offered.
func (r *offers) reportAll() {
	missing := map[*ast.File]map[string]bool{}
	for _, o := range r.list {
		for name, path := range o.imports {
			if importName(o.src.file, path, name) == "" {
				if missing[o.src.file] == nil {
					missing[o.src.file] = map[string]bool{}
				}
				missing[o.src.file][path] = true
			}
		}
	}
	for _, o := range r.list {
		paths := slices.Sorted(maps.Keys(missing[o.src.file]))
		edits := append([]analysis.TextEdit{o.edit}, addImports(o.src, paths)...)
		r.Report(o.stmt, o.message, analysis.SuggestedFix{Message: o.fix, TextEdits: edits})
	}
}

// leave reports why something must be changed by hand, if the flag why is set.
func leave(r *offers, n ast.Node, reason string) {
	if why {
		r.Report(n, "change this by hand: "+reason)
	}
}

// leaveApart leaves what a guest does whose main loop is another than the windows': its tasks
// need the toolkit's own calls to reach a window.
func leaveApart(in *where.Info, r *offers, stmt *ast.ExprStmt) {
	if _, name := toUI(in, stmt.X); name != "" {
		leave(r, stmt, "it runs in a guest with another main loop than the windows'; post to the guest of the windows, if there is one")
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
