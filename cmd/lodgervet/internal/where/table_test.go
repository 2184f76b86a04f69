package where

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// top is the library's own module, two directories above this one's.
const top = "../../../../"

// needLibrary skips a test where only this module was downloaded. In CI the library is there.
func needLibrary(t *testing.T) {
	t.Helper()
	switch _, err := os.Stat(top + "guest/task.go"); {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal("the library is not beside this module")
	default:
		t.Skip("the library is not beside this module")
	}
}

// All names in the tables exist. So if a name changes, this test fails.
func TestTablesNameWhatExists(t *testing.T) {
	needLibrary(t)
	names := map[string]bool{}
	for name := range runs {
		names[name] = true
	}
	maps.Copy(names, starts)
	maps.Copy(names, ranges)
	maps.Copy(names, closes)
	for name := range waits {
		names[name] = true
	}
	known := map[string]map[string]string{}
	for name := range names {
		slash := strings.LastIndex(name, "/")
		pkg, _, _ := strings.Cut(name[slash:], ".")
		pkg = name[:slash] + pkg
		if known[pkg] == nil {
			known[pkg] = functions(t, top+strings.TrimPrefix(pkg, Lodger))
		}
		if short := strings.TrimPrefix(name, pkg+"."); known[pkg][short] == "" {
			t.Errorf("%s has no %s", pkg, short)
		}
	}
}

// saysItWaits matches the comment of a function that waits.
var saysItWaits = regexp.MustCompile(`(^|[.)] )Waits\b|In a task( of another guest)? \w+ parks|\bIt waits as\b`)

// notWaits holds functions whose comments say that they wait, but which the table does not need.
var notWaits = map[string]string{
	Guest + ".Run":                 "it runs the host's loop, and a task that calls it is blocked",
	Guest + ".Guest.Finish":        "it is called after the host's loop",
	FyneUI + ".Run":                "it runs the host's loop",
	GtkHost + ".Run":               "it runs the host's loop",
	GtkUI + ".Run":                 "it runs the host's loop",
	GtkUI + ".RunApplication":      "it runs the host's loop",
	Headless + ".Run":              "it runs the host's loop",
	Browser + ".Run":               "it runs the host's loop",
	Bubbletea + ".Run":             "it runs the host's loop",
	Tview + ".Run":                 "it runs the host's loop",
	Ebitengine + ".Run":            "it runs the host's loop",
	Bubbletea + ".Host.Run":        "it runs the host's loop",
	Tview + ".Host.RunApp":         "it runs the host's loop",
	Ebitengine + ".Host.RunGame":   "it runs the host's loop",
	Headless + ".Loop.Mainloop":    "it is the host's loop",
	Browser + ".Loop.Mainloop":     "it is the host's loop",
	Bubbletea + ".Host.Mainloop":   "it is the host's loop",
	Tview + ".Host.Mainloop":       "it is the host's loop",
	Ebitengine + ".Host.Mainloop":  "it is the host's loop",
	FyneUI + ".Host.Mainloop":      "it is the host's loop",
	GtkHost + ".Host.Mainloop":     "it is the host's loop",
	GtkHost + ".Host.Enter":        "the guest calls it",
	FyneUI + ".Host.DoneCallback":  "the guest calls it",
	GtkHost + ".Host.DoneCallback": "the guest calls it",
}

// The table of waits has all functions whose comments say that they wait.
func TestWaitsAreInTheTable(t *testing.T) {
	needLibrary(t)
	unused := maps.Clone(notWaits)
	for _, pkg := range []string{Guest, Flow, Jobs, Loops, Inspect, FyneUI, GtkHost, GtkUI, Headless, Browser, Bubbletea, Tview, Ebitengine} {
		found := 0
		for _, fn := range declarations(t, top+strings.TrimPrefix(pkg, Lodger)) {
			typ := strings.TrimSuffix(receiver(fn), ".")
			doc := strings.Join(strings.Fields(fn.Doc.Text()), " ")
			if typ != "" && !ast.IsExported(typ) || !saysItWaits.MatchString(doc) {
				continue
			}
			found++
			name := pkg + "." + receiver(fn) + fn.Name.Name
			delete(unused, name)
			if _, ok := waits[name]; !ok && notWaits[name] == "" {
				t.Errorf("%s says that it waits, and is not in the table: %s", name, doc)
			}
		}
		if found == 0 {
			t.Errorf("in %s nothing says that it waits", pkg)
		}
	}
	for name := range unused {
		t.Errorf("%s is an exception, and nothing says that it waits", name)
	}
}

// The stubs for the tests of the checks have the same types as the real functions.
func TestStubsAreLikeTheLibrary(t *testing.T) {
	needLibrary(t)
	const stubs = "../../checks/testdata/src/github.com/golodger/lodger/"
	for _, pkg := range []string{"guest", "guest/flow", "guest/jobs", "guest/loops", "guest/inspect", "hosts/fyne", "hosts/gtk/gtkui", "hosts/headless", "hosts/ebitengine"} {
		real := functions(t, top+pkg)
		for name, typ := range functions(t, stubs+pkg) {
			if real[name] != typ {
				t.Errorf("%s: the stub of %s is\n%s\nand it should be\n%s", pkg, name, typ, real[name])
			}
		}
	}
}

// functions returns the types of a package's exported functions and methods, as the source has
// them.
func functions(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	for _, fn := range declarations(t, dir) {
		var b strings.Builder
		if err := printer.Fprint(&b, token.NewFileSet(), fn.Type); err != nil {
			t.Fatal(err)
		}
		list[receiver(fn)+fn.Name.Name] = strings.Join(strings.Fields(b.String()), " ")
	}
	return list
}

// declarations returns a package's exported functions and methods.
func declarations(t *testing.T, dir string) (list []*ast.FuncDecl) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no files, %v", dir, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				list = append(list, fn)
			}
		}
	}
	return list
}

func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if index, ok := typ.(*ast.IndexExpr); ok {
		typ = index.X
	}
	return typ.(*ast.Ident).Name + "."
}
