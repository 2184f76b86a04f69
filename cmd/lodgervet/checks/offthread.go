package checks

import (
	"go/ast"
	"go/types"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// OffThread finds widgets that are touched off the UI thread: in a Background function, a
// goroutine, a timer's function, or a finalizer. It follows calls inside the module. In a
// program with a guest in Fyne's loop, only this check finds them: fynehost.New sets Fyne's
// migration flag, and Fyne then checks nothing.
var OffThread = check("offthread", `find widgets that are touched off the UI thread

Fyne's and GTK's widgets belong to the UI thread. In a task do the work in guest.Background and
touch widgets after it; in a goroutine use guest.RunOnMain or guest.CallOnMain.`, offThread)

func offThread(in *where.Info, r *where.Reporter) {
	silent := ""
	if reaches(in.Pass.Pkg, where.FyneUI) {
		silent = "; Fyne does not warn, since fynehost.New has set its flag fyneDo"
	}
	for _, f := range in.Fns {
		if !f.Place.OffUI() || f.Part {
			continue
		}
		in.Walk(f, func(n ast.Node, _ []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if what := in.Touching(f, call); what != "" {
				r.Report(call, what+" off the UI thread ("+f.Why+"); "+onMain(f.Place)+silent)
			} else if s := in.Called(call); s != nil && s.Touches != "" && !in.OnFresh(f, call) {
				r.Report(call, called(call)+" touches widgets ("+s.Touches+") off the UI thread ("+f.Why+"); "+onMain(f.Place)+silent)
			}
			return true
		})
	}
	for _, ref := range in.References() {
		if what := in.TouchingRef(ref); what != "" && ref.Place.OffUI() {
			r.Report(in.NodeAt(ref.Pos), what+" off the UI thread ("+ref.Why+"); "+onMain(ref.Place)+silent)
		}
		if s := in.Imported(ref.Fn); s != nil && s.Touches != "" && ref.Place.OffUI() {
			r.Report(in.NodeAt(ref.Pos), ref.Fn.Name()+" touches widgets ("+s.Touches+") off the UI thread; "+onMain(ref.Place)+silent)
		}
	}
}

func onMain(p where.Place) string {
	if p == where.Background {
		return "return the value, and touch the widget in the task"
	}
	return "use fyne.Do or glib.IdleAdd, or make it a task that calls guest.Background"
}

// reaches reports whether a package imports another, directly or through others.
func reaches(pkg *types.Package, path string) bool {
	seen := map[*types.Package]bool{}
	var walk func(p *types.Package) bool
	walk = func(p *types.Package) bool {
		if seen[p] {
			return false
		}
		seen[p] = true
		for _, i := range p.Imports() {
			if i.Path() == path || walk(i) {
				return true
			}
		}
		return false
	}
	return walk(pkg)
}
