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

Lodger is developed on Linux under X11, and %s runs everything there. This page says what was seen on
other platforms, and what was not.

%s wrote it, on %s, %d processors. Each case is a test or a subtest. "Skipped" are
those that need what the platform does not have. The steps can be run one by one. A row says when its step began; for
older rows, that is the time of the lane's last run. How long a step took says little, because other programs ran beside it.
`, "`make test`", "[`internal/platforms`](../internal/platforms)", system(), runtime.NumCPU())
	for _, r := range reports {
		b.WriteString(r.table())
	}
	b.WriteString(notVerified)
	return b.String()
}

const notVerified = `
## Not verified

What the tables call failed or not run is not verified.

**macOS** has never been run. If you have a Mac, please type this in a clone:

` + "```sh" + `
go test ./host/... ./hosts/headless ./guest/...    # the core; it needs no C compiler
xcode-select --install                             # the compiler, for Fyne
go test -v -run '^TestHost$' ./hosts/fyne          # the kit, on Fyne's loop; run it in a terminal on the Mac's own screen
go run ./examples/counter                          # click the button, drag the window by its title bar, close it
` + "```" + `

Then tell which cases failed, and two things about the counter: whether it counted while you dragged the window, and
whether the program ended without an error when you closed it.

**Windows** itself: everything above ran under Wine. On a PC with Go and a C compiler, such as MSYS2's mingw-w64, the same
commands apply, without the one for Xcode.

**Android and iOS**: the core is built for Android. Fyne needs Android's or Apple's compiler, so a program with a window
was not even built. Nothing has run on a phone. Background and foreground were not tried, since Fyne reports them on a
phone only.

**FreeBSD, OpenBSD, NetBSD, Plan 9, riscv64, windows/arm64 and WASI** were not run. At most they are compiled
with their tests: the table above says which.
`

// system describes the machine.
func system() string {
	name, err := exec.Command("sh", "-c", ". /etc/os-release; echo $PRETTY_NAME").Output()
	if err != nil {
		return runtime.GOOS
	}
	return strings.TrimSpace(string(name)) + ", " + runtime.Version()
}
