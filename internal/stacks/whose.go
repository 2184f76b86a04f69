package stacks

import (
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
)

// Ours reports whether a call is of the library: of the packages host, guest and hosts, or
// below them.
func (c Call) Ours() bool { return OfLibrary(c.File) }

// Standard reports whether a call is of Go's standard library.
func (c Call) Standard() bool { return standard(c.Function, c.File) }

// OfProgram reports whether a call is of the program's own module.
func (c Call) OfProgram() bool {
	return !c.Standard() && !c.Ours() &&
		(strings.HasPrefix(c.Function, "main.") || module != "" && strings.HasPrefix(c.Function, module))
}

// OfLibrary reports whether a file belongs to the packages host, guest and hosts, or to one
// below them. Their tests and programs count as users. It looks at the file, because an inlined
// generic function has the name of its caller.
func OfLibrary(file string) bool { return inLibrary(libraryRoot, file) }

// inLibrary is OfLibrary for a library below root. In the module cache, each of its modules has
// a directory with a version: root@v0.1.0, root/hosts/tview@v0.1.0.
func inLibrary(root, file string) bool {
	path, ok := strings.CutPrefix(file, root)
	if version, rest, found := strings.Cut(path, "/"); found && (version == "" || version[0] == '@') {
		path = rest
	} else {
		ok = false
	}
	return ok && (strings.HasPrefix(path, "guest/") || strings.HasPrefix(path, "hosts/") || strings.HasPrefix(path, "host/")) &&
		!strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "/demo/") && !strings.Contains(path, "/dupes/")
}

// libraryRoot is where the library's files were when they were compiled, without a version.
var libraryRoot = func() string {
	_, file, _, _ := runtime.Caller(0)
	return rootOf(strings.TrimSuffix(file, "/internal/stacks/whose.go"))
}()

// rootOf cuts off the version of a module's directory.
func rootOf(dir string) string {
	if at := strings.LastIndexByte(dir, '@'); at > strings.LastIndexByte(dir, '/') {
		return dir[:at]
	}
	return dir
}

// module is the path of the program's module.
var module = func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return info.Main.Path
}()

// standard reports whether a function is of Go's standard library.
func standard(function, file string) bool {
	if standardDir != "" {
		return strings.HasPrefix(file, standardDir)
	}
	// built with -trimpath: the first part of a standard path has no dot, and is not main
	first, _, _ := strings.Cut(function, "/")
	pkg, _, _ := strings.Cut(first, ".")
	return !strings.Contains(first, ".") || pkg == first || pkg != "main" && !strings.Contains(function, "/")
}

// standardDir is where the standard library's files were when it was compiled; "" if its paths
// have been trimmed.
var standardDir = func() string {
	f := runtime.FuncForPC(reflect.ValueOf(strings.Fields).Pointer())
	file, _ := f.FileLine(f.Entry())
	dir, _ := strings.CutSuffix(file, "strings/strings.go")
	return dir
}()
