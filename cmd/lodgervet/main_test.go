package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// A program has two packages. The checks find where one calls a blocking function of the other,
// under go vet and alone. After the fixes they find nothing more.
func TestProgram(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "lodgervet")
	run(t, ".", true, "go", "build", "-o", tool, ".")
	if out := run(t, ".", true, tool, "-version"); !strings.HasPrefix(out, "lodgervet "+version+" go") {
		t.Errorf("its version is %q", out)
	}
	dir := program(t)

	const want = `fetch.Fetch`
	for _, args := range [][]string{{tool, "./..."}, {"go", "vet", "-vettool=" + tool, "./..."}} {
		out := run(t, dir, false, args[0], args[1:]...)
		if !strings.Contains(out, "Fetch blocks the UI thread in a handler (time.Sleep at fetch.go:5)") {
			t.Errorf("%v finds no %s:\n%s", args, want, out)
		}
	}
	if out := run(t, dir, false, tool, "fetch/calls.go", "fetch/fetch.go"); !strings.Contains(out, "Fetch blocks the UI thread in a handler") {
		t.Errorf("it finds nothing in files that it is given:\n%s", out)
	}
	if out := run(t, dir, false, tool, "-fix=false", "./..."); !strings.Contains(out, "Fetch blocks the UI thread in a handler") {
		t.Errorf("without fixes it finds less:\n%s", out)
	}
	if out := run(t, dir, false, tool, "-migrate.why", "./..."); !strings.Contains(out, "change this by hand: no guest is in sight") {
		t.Errorf("it does not say why:\n%s", out)
	}
	run(t, dir, false, tool, "-fix", "-migrate.guest=example.org/program/ui.Guest", "./...")
	text, err := os.ReadFile(filepath.Join(dir, "main.go"))
	if err != nil || !strings.Contains(string(text), "ui.Guest.Go(func(ctx context.Context) error {") {
		t.Errorf("not fixed: %v\n%s", err, text)
	}
	run(t, dir, true, "go", "build", "./...")
	if text, err := os.ReadFile(filepath.Join(dir, "hidden/hidden.go")); err != nil || strings.Contains(string(text), ".Go(") {
		t.Errorf("it takes a guest that is not in sight: %v\n%s", err, text)
	}
	if out := run(t, dir, false, tool, "-migrate", "./..."); strings.Contains(out, "goroutine") {
		t.Errorf("it goes on fixing:\n%s", out)
	}
}

// program creates a module that uses the tests' stubs of Fyne and Lodger.
func program(t *testing.T) string {
	dir := t.TempDir()
	stubs, err := filepath.Abs("checks/testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"go.mod": "module example.org/program\n\ngo 1.25\n\nrequire (\n\tfyne.io/fyne/v2 v2.8.1\n\tgithub.com/golodger/lodger v0.0.0\n)\n\n" +
			"replace fyne.io/fyne/v2 => ./fyne\n\nreplace github.com/golodger/lodger => ./lodger\n",
		"main.go": `package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"example.org/program/fetch"
)

func main() {
	b := &widget.Button{}
	b.OnTapped = func() {
		fetch.Fetch()
		go func() {
			fetch.Fetch()
			fyne.Do(b.Disable)
		}()
	}
}
`,
		"ui/ui.go":              "package ui\n\nimport \"github.com/golodger/lodger/guest\"\n\nvar Guest *guest.Guest\n",
		"hidden/hidden_test.go": "package hidden\n\nimport \"github.com/golodger/lodger/guest\"\n\nvar test *guest.Guest\n",
		"hidden/hidden.go": `package hidden

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

func show(l *widget.Label, load func() string) {
	ui := 1
	go func() {
		s := load()
		fyne.Do(func() { l.SetText(s) })
	}()
	_ = ui
}
`,
		"fetch/calls.go": "package fetch\n\nimport \"fyne.io/fyne/v2/widget\"\n\nfunc calls(b *widget.Button) { b.OnTapped = func() { Fetch() } }\n",
		"fetch/fetch.go": "package fetch\n\nimport \"time\"\n\nfunc Fetch() { time.Sleep(time.Second) }\n",
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for to, from := range map[string]string{"fyne": "fyne.io/fyne/v2", "lodger/guest": where.Lodger + "guest", "lodger/host": where.Lodger + "host"} {
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(filepath.Join(stubs, from))); err != nil {
			t.Fatal(err)
		}
	}
	module(t, filepath.Join(dir, "fyne"), "fyne.io/fyne/v2")
	module(t, filepath.Join(dir, "lodger"), "github.com/golodger/lodger")
	return dir
}

func module(t *testing.T, dir, path string) {
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module "+path+"\n\ngo 1.25\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir string, must bool, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if must && err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// Build tags go to the go command, which alone knows them when there are fixes to be made.
func TestFlags(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod")
	if rest := tagged([]string{"-fix", "-tags", "a", "--tags=b,c", "./..."}); !slices.Equal(rest, []string{"-fix", "./..."}) {
		t.Errorf("what is left is %q", rest)
	}
	if got := os.Getenv("GOFLAGS"); got != "-mod=mod -tags=a -tags=b,c" {
		t.Errorf("GOFLAGS is %q", got)
	}
	for arg, want := range map[string]bool{"-fix": true, "--diff": true, "-fix=true": true, "-fix=false": false, "fix": false, "-fixes": false} {
		if changes(arg) != want {
			t.Errorf("%s: changes is %v", arg, !want)
		}
	}
}

// The tool has the same version as the library.
func TestVersionIsThatOfTheLibrary(t *testing.T) {
	text, err := os.ReadFile("../../guest/version.go")
	if err != nil {
		t.Skip("no library beside the tool: ", err)
	}
	if !strings.Contains(string(text), `const Version = "`+version+`"`) {
		t.Errorf("the library is not of version %s:\n%s", version, text)
	}
}

// The tool reads the program's packages, but not those of other modules.
func TestOnlyTheProgramsPackagesAreRead(t *testing.T) {
	for text, want := range map[string]bool{
		`{"VetxOnly": true, "ModulePath": "example.org/other", "ModuleVersion": "v1.0.0"}`: true,
		`{"VetxOnly": true}`:                          true, // the standard library
		`{"VetxOnly": true, "ModulePath": "program"}`: false,
		`{"VetxOnly": false, "ModulePath": "example.org/other", "ModuleVersion": "v1.0.0"}`: false,
		`{"VetxOnly": true, "Module": {"Path": "example.org/other", "Version": "v1.0.0"}}`:  true,
	} {
		dir := t.TempDir()
		var unit map[string]any
		if err := json.Unmarshal([]byte(text), &unit); err != nil {
			t.Fatal(err)
		}
		unit["VetxOutput"] = filepath.Join(dir, "vetx")
		full, _ := json.Marshal(unit)
		name := filepath.Join(dir, "vet.cfg")
		if err := os.WriteFile(name, full, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := skips(name); got != want {
			t.Errorf("%s: skips %v, want %v", text, got, want)
		}
	}
}
