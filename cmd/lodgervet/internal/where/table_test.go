package where

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// top is the library's own module, two directories above this one's.
const top = "../../../../"

// All names in the tables exist. So if a name changes, this test fails.
func TestTablesNameWhatExists(t *testing.T) {
	if _, err := os.Stat(top + "guest/task.go"); err != nil {
		t.Skip("the library is not beside this module")
	}
	names := map[string]bool{}
	for name := range runs {
		names[name] = true
	}
	maps.Copy(names, starts)
	maps.Copy(names, ranges)
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

// The stubs for the tests of the checks have the same types as the real functions.
func TestStubsAreLikeTheLibrary(t *testing.T) {
	if _, err := os.Stat(top + "guest/task.go"); err != nil {
		t.Skip("the library is not beside this module")
	}
	const stubs = "../../checks/testdata/src/github.com/golodger/lodger/"
	for _, pkg := range []string{"guest", "guest/flow", "hosts/fyne", "hosts/gtk/gtkui"} {
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
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no files, %v", dir, err)
	}
	list := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				var b strings.Builder
				if err := printer.Fprint(&b, fset, fn.Type); err != nil {
					t.Fatal(err)
				}
				list[receiver(fn)+fn.Name.Name] = strings.Join(strings.Fields(b.String()), " ")
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
