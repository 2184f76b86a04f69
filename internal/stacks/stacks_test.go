package stacks

import (
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const sample = `goroutine 18 gp=0xc000007c00 m=4 mp=0xc00004c808 [sync.Mutex.Lock, 2 minutes, locked to thread]:
internal/sync.(*Mutex).lockSlow(0xc000012a40)
	` + "STD" + `internal/sync/mutex.go:149 +0x15d
main.(*Store).Get({0x5f3c10?, 0xc000012a38?}, 0x4d2)
	/home/you/app/store.go:31 +0x45
main.main.func1(...)
	/home/you/app/main.go:12
example.com/kit.(*Loop).Run[...](0x1)
	/home/you/mod/kit@v1/loop.go:7 +0x11
...additional frames elided...
main.main()
	/home/you/app/main.go:10 +0x22
example.com/kit.call(0x7)
	/home/you/mod/kit@v1/loop.go:9
created by example.com/kit.Start in goroutine 1
	/home/you/mod/kit@v1/loop.go:3 +0x66

goroutine 21 [select (durable), synctest bubble 3]:
runtime.gopark(0x1)
	` + "STD" + `runtime/proc.go:1 +0x1

no goroutine
`

func text() string { return strings.ReplaceAll(sample, "STD", standardDir) }

func TestParse(t *testing.T) {
	list := Parse(text())
	require.Len(t, list, 2)
	g := list[0]
	require.Equal(t, []any{"18", "sync.Mutex.Lock", true}, []any{g.ID, g.State, g.Locked})
	require.Len(t, g.Calls, 6)
	require.Equal(t, Call{"main.(*Store).Get", "/home/you/app/store.go", "31", "{0x5f3c10?, 0xc000012a38?}, 0x4d2"}, g.Calls[1])
	require.True(t, g.Calls[0].Standard())
	require.True(t, g.Calls[1].OfProgram())
	require.False(t, g.Calls[3].OfProgram() || g.Calls[3].Standard() || g.Calls[3].Ours())
	require.Equal(t, []any{"21", "select", false}, []any{list[1].ID, list[1].State, list[1].Locked})
}

// The program's calls come first, in order. Calls that led to the program are left out.
func TestLineHasTheProgramFirst(t *testing.T) {
	require.Equal(t, "main.(*Store).Get (store.go:31) ← main.main.func1 (main.go:12) ← main.main (main.go:10)"+
		"; beside sync.(*Mutex).lockSlow (mutex.go:149) ← kit.(*Loop).Run[...] (loop.go:7)", Parse(text())[0].Line())
	require.Equal(t, "runtime.gopark (proc.go:1)", Parse(text())[1].Line())
}

func TestLineIsNotEndless(t *testing.T) {
	g := Goroutine{}
	for range 100 {
		g.Calls = append(g.Calls, Call{Function: "main.again", File: "/main.go", Line: "1"})
	}
	require.Equal(t, most, strings.Count(g.Line(), "main.again"))
	require.True(t, strings.HasSuffix(g.Line(), " ← …"))
}

//go:noinline
func secret(pin int, of *sync.Mutex) []byte { return debug.Stack() }

func TestArgumentsAreNotShown(t *testing.T) {
	raw := secret(0xC0DE, new(sync.Mutex))
	for _, shown := range []string{Line(raw), Plain(string(raw)), Plain(text())} {
		require.NotRegexp(t, `\((0x|\{)`, shown)
		require.NotContains(t, shown, "0xc0de")
	}
	require.Contains(t, Line(raw), "stacks.secret (stacks_test.go:")
	require.Contains(t, Plain(string(raw)), "stacks.secret(…)\n\t")
	require.Equal(t, "no stack", Line([]byte("no stack")))
}

func TestAllHasTheCallerFirst(t *testing.T) {
	require.Contains(t, Parse(All())[0].Line(), "stacks.TestAllHasTheCallerFirst")
}

func TestLibraryIsNotItsUsers(t *testing.T) {
	for file, ours := range map[string]bool{
		"guest/wait.go": true, "hosts/fyne/host.go": true, "guest/flow/var.go": true, "host/queue.go": true, "hosts/tview/host.go": true,
		"guest/wait_test.go": false, "examples/hello/main.go": false, "internal/stacks/doc.go": false,
		"hosts/tview/demo/main.go": false, "hosts/bubbletea/dupes/main.go": false,
	} {
		require.Equal(t, ours, OfLibrary(libraryRoot+"/"+file), file)
	}
	for _, elsewhere := range []string{"/elsewhere/guest/wait.go", libraryRoot + "-fork/guest/wait.go", "guest/wait.go", libraryRoot, ""} {
		require.False(t, OfLibrary(elsewhere), elsewhere)
	}
}

// In the module cache, and with -trimpath, each module of the library has its own version.
func TestLibraryIsKnownInTheModuleCache(t *testing.T) {
	for _, cache := range []string{"/home/me/go/pkg/mod/", "C:/go@1/pkg/mod/", ""} {
		root := rootOf(cache + "github.com/golodger/lodger@v0.1.0")
		require.Equal(t, cache+"github.com/golodger/lodger", root)
		require.Equal(t, root, rootOf(root))
		for file, ours := range map[string]bool{
			"@v0.1.0/guest/wait.go": true, "@v0.1.0/hosts/fyne/host.go": true, "/hosts/tview@v0.1.0/host.go": true,
			"@v0.1.0/examples/hello/main.go": false, "/hosts/bubbletea@v0.1.0/dupes/main.go": false, "/examples/fleet@v0.1.0/main.go": false,
			"/cmd/lodgervet@v0.1.0/main.go": false,
		} {
			require.Equal(t, ours, inLibrary(root, root+file), root+file)
		}
	}
}

// The directories of programs below hosts have names by which they are known as users.
func TestProgramsBelowHostsAreKnown(t *testing.T) {
	files, err := filepath.Glob("../../hosts/*/*/main*.go")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 5)
	for _, file := range files {
		if !strings.Contains(file, "_test.go") {
			require.False(t, OfLibrary(libraryRoot+strings.TrimPrefix(file, "../..")), file)
		}
	}
}

func TestStandardIsKnownWithoutPaths(t *testing.T) {
	dir := standardDir
	defer func() { standardDir = dir }()
	standardDir = "" // as with -trimpath
	for function, std := range map[string]bool{
		"strings.Fields": true, "net/http.(*Client).Do": true, "internal/sync.(*Mutex).lockSlow": true,
		"main.main": false, "example.com/kit.Run": false, "main.f[...]": false,
	} {
		require.Equal(t, std, standard(function, ""), function)
	}
}
