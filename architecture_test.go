// Package lodger_test keeps the rules of the house: who may import whom, and what every file
// must have.
package lodger_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

const module = "github.com/golodger/lodger"

// mayImport lists, for each part of the tree, which parts of the module its code may import.
// The longest match counts. Tests may import more: they look at things from outside.
var mayImport = map[string][]string{
	"host":                               {"internal/serving"},
	"host/hosttest":                      {"host", "internal/ordeal", "internal/stacks"},
	"guest":                              {"host", "internal/serving", "internal/stacks"},
	"guest/internal/bridge":              {},
	"guest/internal/held":                {"internal/stacks"},
	"guest/internal/hooks":               {},
	"guest/internal/place":               {"host"},
	"guest/internal/sched":               {},
	"guest/console":                      {"guest", "guest/inspect", "guest/internal/bridge"},
	"guest/flow":                         {"guest", "guest/internal/bridge"},
	"guest/guesttest":                    {"host", "guest", "guest/inspect", "hosts/headless", "internal/stacks"},
	"guest/inspect":                      {"guest", "guest/internal/bridge", "guest/internal/held", "internal/stacks"},
	"guest/jobs":                         {"guest", "guest/flow", "guest/internal/bridge"},
	"guest/loops":                        {"host", "guest", "guest/internal/bridge", "hosts/headless"},
	"hosts":                              {"host", "internal/stacks"},
	"hosts/browser":                      {"host", "guest", "hosts/internal"},
	"hosts/fyne/fynetest":                {"host", "guest", "hosts/fyne", "hosts/internal"},
	"hosts/internal":                     {"guest", "hosts/internal"},
	"hosts/gtk/gtktest":                  {"host", "guest", "hosts/gtk", "hosts/internal"},
	"hosts/gtk/gtkui":                    {"host", "guest", "hosts/gtk", "hosts/internal"},
	"internal/frozen":                    {"guest", "guest/console", "guest/inspect", "internal/screentest"},
	"internal/hostbench":                 {"guest", "internal/screentest"},
	"internal/looptest":                  {"host"},
	"internal/mutants":                   {},
	"internal/ordeal":                    {"host", "guest", "internal/looptest"},
	"internal/platforms":                 {},
	"internal/screentest":                {},
	"internal/serving":                   {},
	"internal/soak":                      {},
	"internal/stacks":                    {},
	"internal/twins":                     {"host", "guest", "internal/screentest"},
	"examples":                           {"host", "guest", "hosts", "examples"},
	"examples/dupes/finder":              {"guest"},
	"examples/dupes/internal":            {},
	"examples/dupes/internal/windowtest": {"guest", "hosts", "examples", "internal/screentest"},
	"examples/logview/internal":          {"guest", "examples", "internal/screentest"},
}

// runsGuests are the files of hosts that may import guest, and flow: those of the one-call Run,
// and of helpers that await or show what a toolkit has to say.
var runsGuests = []string{
	"hosts/headless/run.go",
	"hosts/fyne/run.go", "hosts/fyne/question.go", "hosts/fyne/window.go", "hosts/fyne/quit.go",
	"hosts/fyne/busy.go", "hosts/fyne/close.go", "hosts/fyne/closing.go", "hosts/fyne/frames.go", "hosts/fyne/vars.go",
	"hosts/fyne/phone.go",
	"hosts/gtk/run.go",
}

// stdOnly are the parts that import nothing outside the standard library but each other.
var stdOnly = []string{"host", "guest", "hosts/headless", "internal/serving", "internal/stacks"}

type source struct {
	path string // with slashes, from the top
	file *ast.File
	fset *token.FileSet
}

func (s source) dir() string { return path.Dir(s.path) }

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

func (s source) imports() []string {
	var list []string
	for _, i := range s.file.Imports {
		name, _ := strconv.Unquote(i.Path.Value)
		list = append(list, name)
	}
	return list
}

func sources(t *testing.T) []source {
	t.Helper()
	return sourcesWithout(t, isModule)
}

// allSources are those of the modules that are nested here, too.
func allSources(t *testing.T) []source {
	t.Helper()
	return sourcesWithout(t, func(string) bool { return false })
}

func sourcesWithout(t *testing.T, skips func(dir string) bool) []source {
	t.Helper()
	var list []source
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || skips(name)) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		list = append(list, source{filepath.ToSlash(name), file, fset})
		return err
	}))
	require.NotEmpty(t, list)
	return list
}

// isModule reports whether a directory is a module of its own, which no user of ours ever builds.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// What the benchmark compares us with, and draws with, is its own business.
func TestLibraryNeedsThreeModules(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	needed, _, _ := strings.Cut(string(text), "\n)")
	require.Equal(t, 3, strings.Count(needed, "\n\t"), needed)
}

// within reports whether dir is part or lies below it.
func within(dir, part string) bool { return dir == part || strings.HasPrefix(dir, part+"/") }

// longest returns the most specific of parts that dir lies in.
func longest(dir string, parts map[string][]string) (string, bool) {
	best, found := "", false
	for part := range parts {
		if within(dir, part) && (!found || len(part) > len(best)) {
			best, found = part, true
		}
	}
	return best, found
}

func TestArrowsPointOneWay(t *testing.T) {
	for _, s := range sources(t) {
		part, ok := longest(s.dir(), mayImport)
		if s.isTest() || !ok {
			require.True(t, s.isTest(), "%s: no rule says what it may import; add one here", s.path)
			continue
		}
		for _, name := range s.imports() {
			other, ours := strings.CutPrefix(name, module+"/")
			if !ours || within(other, part) && part != "host" {
				continue
			}
			if slices.Contains([]string{"guest", "guest/flow", "guest/inspect"}, other) && slices.Contains(runsGuests, s.path) {
				continue
			}
			allowed := slices.ContainsFunc(mayImport[part], func(p string) bool { return within(other, p) })
			require.True(t, allowed, "%s imports %s; %s may import only %v", s.path, other, part, mayImport[part])
		}
	}
}

func TestCoreNeedsOnlyTheStandardLibrary(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || !slices.ContainsFunc(stdOnly, func(p string) bool { return within(s.dir(), p) }) {
			continue
		}
		for _, name := range s.imports() {
			ours := strings.HasPrefix(name, module+"/")
			require.False(t, !ours && strings.Contains(name, "."), "%s imports %s", s.path, name)
			require.NotEqual(t, "C", name, "%s imports C", s.path)
		}
	}
}

// A toolkit is a long build, and cgo: only its own part of the tree may need it, and its driver
// only who opens windows.
func TestFyneStaysInItsRoom(t *testing.T) {
	room := []string{"hosts/fyne", "examples/alive", "examples/counter", "examples/downloads", "examples/dupes/fyne", "examples/logview/fyne",
		"examples/notes", "examples/search/fyne", "examples/start", "examples/wizard"}
	for _, s := range sources(t) {
		for _, name := range s.imports() {
			if !strings.HasPrefix(name, "fyne.io/") {
				continue
			}
			require.True(t, slices.ContainsFunc(room, func(p string) bool { return within(s.dir(), p) }), "%s imports %s", s.path, name)
			driver := name == "fyne.io/fyne/v2/app" && !s.isTest() && within(s.dir(), "hosts/fyne")
			require.True(t, !driver || s.dir() == "hosts/fyne/auto", "%s imports %s, and with it cgo", s.path, name)
		}
	}
}

// GTK's bindings take minutes to build, GLib's seconds: the adapter itself gets along with
// those. And only its part of the house has C.
func TestGTKStaysInItsRoom(t *testing.T) {
	const bindings = "github.com/gotk3/gotk3/"
	room := []string{"hosts/gtk", "examples/clock", "examples/dupes/gtk", "examples/logview/gtk", "examples/search/gtk"}
	for _, s := range sources(t) {
		in := func(rooms ...string) bool {
			return slices.ContainsFunc(rooms, func(p string) bool { return within(s.dir(), p) })
		}
		for _, name := range s.imports() {
			switch {
			case name == "C":
				require.True(t, in("hosts/gtk"), "%s has C", s.path)
			case name == bindings+"glib":
				require.True(t, in(room...), "%s imports %s", s.path, name)
			case strings.HasPrefix(name, bindings):
				require.True(t, in(room...) && (!in("hosts/gtk") || in("hosts/gtk/gtkui", "hosts/gtk/gtktest")), "%s imports %s", s.path, name)
			}
		}
	}
}

func TestNothingIsUnsafe(t *testing.T) {
	for _, s := range allSources(t) {
		require.NotContains(t, s.imports(), "unsafe", s.path)
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				require.False(t, strings.HasPrefix(c.Text, "//go:"+"linkname"), "%s uses linkname", s.path)
			}
		}
	}
}

// A panic skips the frames of the C functions that cgo writes for exported Go functions. See
// hosts/gtk/internal/callback/callback.h for what that does to the address sanitizer.
func TestExportedFunctionsKeepNoRedzones(t *testing.T) {
	found := 0
	for _, s := range sources(t) {
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				name, exported := strings.CutPrefix(c.Text, "//export ")
				if !exported {
					continue
				}
				found++
				require.True(t, declaredWithoutRedzones(t, s.dir(), name),
					"%s: a header beside it must declare %s with %s", s.path, name, noRedzones)
			}
		}
	}
	require.NotZero(t, found)
}

const noRedzones = "__attribute__((no_sanitize_address))"

func declaredWithoutRedzones(t *testing.T, dir, name string) bool {
	headers, err := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "*.h"))
	require.NoError(t, err)
	for _, header := range headers {
		text, err := os.ReadFile(header)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, noRedzones) && strings.Contains(line, " "+name+"(") {
				return true
			}
		}
	}
	return false
}

func TestOnlyOneFileTouchesCoroutines(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || s.path == "guest/internal/sched/coro.go" || within(s.dir(), "host/hosttest") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "iter" {
					require.NotContains(t, []string{"Pull", "Pull2"}, sel.Sel.Name, s.path)
				}
			}
			return true
		})
	}
}

func TestEverythingExportedIsDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		documented[s.dir()] = documented[s.dir()] || s.file.Doc != nil
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d)) {
					require.NotNil(t, d.Doc, "%s: %s has no comment", s.path, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch v := spec.(type) {
					case *ast.TypeSpec:
						require.True(t, !v.Name.IsExported() || d.Doc != nil || v.Doc != nil, "%s: %s has no comment", s.path, v.Name.Name)
					case *ast.ValueSpec:
						for _, name := range v.Names {
							require.True(t, !name.IsExported() || d.Doc != nil || v.Doc != nil, "%s: %s has no comment", s.path, name.Name)
						}
					}
				}
			}
		}
	}
	for dir, ok := range documented {
		require.True(t, ok, "package %s has no comment", dir)
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	switch x := typ.(type) {
	case *ast.IndexExpr:
		typ = x.X
	case *ast.IndexListExpr:
		typ = x.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}

// Comments end before column 100, with tabs of four; what an Example prints is as long as it is.
func TestCommentsEndBeforeColumn100(t *testing.T) {
	for _, s := range allSources(t) {
		text, err := os.ReadFile(s.path)
		require.NoError(t, err)
		lines := strings.Split(string(text), "\n")
		for _, group := range s.file.Comments {
			first, last := s.fset.Position(group.Pos()).Line, s.fset.Position(group.End()).Line
			for n := first; n <= last; n++ {
				line := strings.ReplaceAll(lines[n-1], "\t", "    ")
				if strings.HasSuffix(strings.TrimSpace(line), "utput:") {
					break
				}
				if utf8.RuneCountInString(line) >= 100 {
					t.Errorf("%s:%d: it ends at column %d", s.path, n, utf8.RuneCountInString(line))
				}
			}
		}
	}
}

// Where a package comment says what the package guarantees, each guarantee names its own test.
func TestGuaranteesHaveTestsOfTheirNames(t *testing.T) {
	guarantees, tests := map[string]string{}, map[string][]string{}
	for _, s := range sources(t) {
		if s.isTest() {
			for _, decl := range s.file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
					tests[s.dir()] = append(tests[s.dir()], fn.Name.Name)
				}
			}
		} else if _, section, found := strings.Cut(s.file.Doc.Text(), "# What it guarantees"); found {
			guarantees[s.dir()], _, _ = strings.Cut(section, "\n# ")
		}
	}
	require.Len(t, guarantees, 2)
	reference := regexp.MustCompile(`\((Test\w+)\)`)
	for dir, text := range guarantees {
		bullets := strings.Split(text, "\n  - ")[1:]
		require.NotEmpty(t, bullets, dir)
		for _, bullet := range bullets {
			named := reference.FindAllStringSubmatch(bullet, -1)
			require.NotEmpty(t, named, "%s: no test is named for: %s", dir, bullet)
			for _, match := range named {
				require.Contains(t, tests[dir], match[1], dir)
			}
		}
	}
}
