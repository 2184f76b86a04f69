package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
)

// look describes the machine, as one line for each thing.
func look() []string {
	first := func(file, pattern string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			return "unknown"
		}
		found := regexp.MustCompile(pattern).FindSubmatch(text)
		if found == nil {
			return "unknown"
		}
		return strings.TrimSpace(string(found[1]))
	}
	return []string{
		fmt.Sprintf("Processor: %s, %d of its threads", first("/proc/cpuinfo", `model name\s*: (.*)`), runtime.NumCPU()),
		fmt.Sprintf("System: %s, kernel %s", first("/etc/os-release", `PRETTY_NAME="(.*)"`), first("/proc/sys/kernel/osrelease", `(.*)`)),
		fmt.Sprintf("Load before the run, of others: %s", first("/proc/loadavg", `^(\S+)`)),
		"Go: " + runtime.Version(),
	}
}

// versions says what was measured; "" is what cannot be found out.
func versions() []string {
	var list []string
	ask := func(name string, command ...string) {
		if text, err := exec.Command(command[0], command[1:]...).Output(); err == nil {
			list = append(list, strings.TrimSpace(name+" "+strings.Join(strings.Fields(string(text)), " ")))
		}
	}
	for _, module := range []string{"fyne.io/fyne/v2", "github.com/gotk3/gotk3", "github.com/b97tsk/async",
		"golang.design/x/mainthread", "github.com/faiface/mainthread"} {
		ask("", "go", "list", "-m", module)
	}
	ask("GLib", "pkg-config", "--modversion", "glib-2.0")
	ask("GTK", "pkg-config", "--modversion", "gtk+-3.0")
	const version = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
	ask("Trio", python, "-c", version, "trio")
	ask("gbulb", python, "-c", version, "gbulb")
	ask("Python", python, "-c", "import platform; print(platform.python_version())")
	ask("gtk-rs: crate glib", "sed", "-n", `/^name = "glib"$/{n;s/.*"\(.*\)"/\1/p}`, "peers/spawnlocal/Cargo.lock")
	ask("", "/usr/bin/rustc", "--version")
	return list
}
