package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// document returns the text of docs/platforms.md.
func document(reports []report) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Platforms

Lodger is developed on Linux under X11, and %s run everything there. This page says what ran on other
platforms, and what did not.

%s wrote this page, on %s, %d processors.
The tables count tests and subtests. A test is skipped if it needs something that the platform does not have. Each step
can run alone, so each row says when its step began. The times under "took" say little, because other programs ran at the
same time. The *core* is what needs no toolkit. Each table counts the part of it that can be tested there, so the numbers of
two tables say nothing about each other. The *kit* is [hosttest](../host/hosttest/kit.go), which tests a host. *Quits* are
tests that end a busy program at 50 of its steps.
`, "`make test` and `make check`", "[`internal/platforms`](../internal/platforms)", system(), runtime.NumCPU())
	for _, r := range reports {
		b.WriteString(r.table())
	}
	b.WriteString(notVerified)
	return b.String()
}

const notVerified = `
## Not verified

If a table says that a step has failed or has not run, that step is not verified.

**macOS**: Lodger has never run there. If you have a Mac, please run this in a clone:

` + "```sh" + `
go test ./host/... ./hosts/headless ./guest/...    # the core; it needs no C compiler
xcode-select --install                             # the compiler, for Fyne
go test -v -run '^TestHost$' ./hosts/fyne          # the kit, on Fyne's loop; run it in a terminal on the Mac's own screen
go run ./examples/counter                          # click the button, drag the window by its title bar, close it
` + "```" + `

Then open an issue. List the cases that failed, and answer two questions about the counter. Did it count while you
dragged the window? Did the program end without an error when you closed it?

**Windows**: Lodger has run only under Wine, never on Windows itself. If you have a PC with Go and a C compiler, such as
MSYS2's mingw-w64, please run the same commands, except the one for Xcode.

**Android and iOS**: for Android, the core and its tests were built. A program with a window was not, because Fyne
needs Android's or Apple's compiler for that. Nothing has run on a phone. What happens when an app goes to the background
was not tried, because Fyne reports that only on a phone.

**FreeBSD, OpenBSD, NetBSD, Plan 9, riscv64, windows/arm64 and WASI**: Lodger has not run there. At most,
the core and its tests were built: the table above says for which systems.
`

// system describes the machine.
func system() string {
	name, err := exec.Command("sh", "-c", ". /etc/os-release; echo $PRETTY_NAME").Output()
	if err != nil {
		return runtime.GOOS
	}
	return strings.TrimSpace(string(name)) + ", " + runtime.Version()
}
