// Lodgervet finds mistakes in programs that use Lodger, Fyne or gotk3 before they run, and
// rewrites goroutines that end in fyne.Do or glib.IdleAdd to tasks.
//
//	lodgervet ./...                      all checks
//	lodgervet -uiblock -offthread ./...  some of them
//	lodgervet -fix ./...                 make the fixes; -fix -diff shows them only
//	lodgervet -migrate.why ./...         also say what the fixes leave, and why
//	lodgervet help uiblock               what a check looks for
//	lodgervet -version                   the version
//	go vet -vettool=$(which lodgervet) ./...
//
// A comment silences a check for its line, or, alone on a line, for the next one. It needs a
// reason:
//
//	//lodgervet:ignore uiblock the file is small
//
// The checks skip test files, because tests block and misuse things on purpose.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/golodger/lodger/cmd/lodgervet/checks"
	"github.com/golodger/lodger/cmd/lodgervet/internal/where"
)

// version is the version of the library that the checks were written for. A test compares them.
const version = "v0.1.0"

func main() {
	args := os.Args[1:]
	switch {
	case slices.Equal(args, []string{"-version"}), slices.Equal(args, []string{"--version"}):
		fmt.Println("lodgervet", version, runtime.Version())
		return
	case isUnit(args):
		if skips(args[len(args)-1]) {
			return
		}
	case slices.ContainsFunc(args, changes):
		where.Local() // the fixes need no facts, so dependencies need no analysis
		os.Args = append(os.Args[:1], tagged(args)...)
	case slices.ContainsFunc(args, isPackage) && args[0] != "help":
		os.Exit(vet(args))
	}
	multichecker.Main(checks.All...)
}

// isUnit reports whether go vet has called the program, with the description of one package.
func isUnit(args []string) bool {
	return len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// changes reports whether an argument asks for fixes.
func changes(arg string) bool {
	name, value, set := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if !strings.HasPrefix(arg, "-") || name != "fix" && name != "diff" {
		return false
	}
	yes, err := strconv.ParseBool(value)
	return !set || yes || err != nil
}

// tagged gives the build tags among the arguments to the go command, and returns the others. Go
// vet knows the flag itself; what makes the fixes ignores it.
func tagged(args []string) []string {
	var rest []string
	for i := 0; i < len(args); i++ {
		name, value, set := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !strings.HasPrefix(args[i], "-") || name != "tags" {
			rest = append(rest, args[i])
			continue
		}
		if !set && i+1 < len(args) {
			i++
			value = args[i]
		}
		os.Setenv("GOFLAGS", strings.TrimSpace(os.Getenv("GOFLAGS")+" -tags="+value))
	}
	return rest
}

func isPackage(arg string) bool { return !strings.HasPrefix(arg, "-") }

// vet lets go vet do the work, because go vet knows what is built already, and caches results.
// The checks see each package together with the facts about its imports.
func vet(args []string) int {
	self, err := os.Executable()
	if err != nil {
		log.Fatal("lodgervet: ", err)
	}
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + self}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		log.Fatal("lodgervet: ", err)
	}
	return 0
}

// skips is a shortcut for packages of other modules: the checks know only what is in their
// tables. It writes that there are no facts, and reads no source. It reports whether the
// package belongs to another module.
func skips(name string) bool {
	text, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	var unit struct {
		ModulePath, ModuleVersion, VetxOutput string
		Module                                *struct{ Path, Version string } // from Go 1.27 on
		VetxOnly                              bool
	}
	if json.Unmarshal(text, &unit) != nil || !unit.VetxOnly {
		return false
	}
	if unit.Module != nil {
		unit.ModulePath, unit.ModuleVersion = unit.Module.Path, unit.Module.Version
	}
	ours := unit.ModulePath != "" && unit.ModuleVersion == ""
	return !ours && os.WriteFile(unit.VetxOutput, nil, 0o666) == nil
}
