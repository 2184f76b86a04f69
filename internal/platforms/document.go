package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// document is docs/platforms.md.
func document(reports []report) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Platforms

Written by %s on %s, %s. Each case is a test or a subtest; "skipped" are those that
need what the platform does not have.

Linux under X11 is where all is developed and tested: %s runs everything there.
`, "`make platforms`", time.Now().Format("2 January 2006"), system(), "`make test`")
	for _, r := range reports {
		b.WriteString(r.table())
	}
	b.WriteString(`
## Not verified

**macOS** is built, and has never been run. Who has a Mac types, in a clone:

` + "```sh" + `
go test ./host/... ./hosts/headless ./guest/...    # the core; no C compiler is needed
xcode-select --install                             # the compiler, for Fyne
go test -v -run '^TestHost$' ./hosts/fyne          # the kit on Fyne's loop: a window server is needed
go test -v -run '^TestQuit$' ./hosts/fyne
go run ./examples/counter                          # click, drag by the title bar, close
` + "```" + `

and tells what failed, and whether the counter went on while the window was dragged.

**Windows** itself: all above ran under Wine. On a PC with Go and a C compiler (MSYS2's mingw-w64) the same five commands apply.

**Android and iOS**: ` + "`fynehost.New`" + ` refuses them.

**FreeBSD, OpenBSD, NetBSD, Plan 9, riscv64, windows/arm64, WASI** are compiled with their tests, and not run.
`)
	return b.String()
}

// system says what it ran on.
func system() string {
	name, err := exec.Command("sh", "-c", ". /etc/os-release; echo $PRETTY_NAME").Output()
	if err != nil {
		return runtime.GOOS
	}
	return strings.TrimSpace(string(name)) + ", " + runtime.Version()
}
