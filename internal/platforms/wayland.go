package main

import "path/filepath"

var wayland = lane{
	name: "wayland", title: "Wayland: Fyne and GTK 3 under Weston", deps: "wayland",
	steps: func(root, work string) []step {
		weston := "sh .ci/weston "
		test := "go test -count=1 -v -p 1 "
		program := filepath.Join(work, "program")
		click := func(pkg, story string) string {
			return "go test -c -o " + program + " " + pkg + "; WESTON_SHELL=kiosk-shell.so " + weston + "sh .ci/click-wayland " + program + " " + story
		}
		stacks := []string{"GODEBUG=gcshrinkstackoff=1"}
		return []step{
			{what: "Fyne: the kit", command: weston + test + "-run '^TestHost$' ./hosts/fyne"},
			{what: "Fyne: quits", command: weston + test + "-run '^TestQuitAtAnyStep$' ./hosts/fyne"},
			{what: "Fyne: the counter, clicked", command: click("./examples/counter", "counter 62 0 1 2 3")},
			{what: "GTK: the kit", env: stacks, command: weston + test + "-run '^TestHost$' ./hosts/gtk/gtkui"},
			{what: "GTK: the clock, clicked: a dialog opens, and it goes on", env: stacks, command: click("./examples/clock", "clock 300 'it goes ' 'it goes it goes '")},
		}
	},
	notes: "Weston runs inside a virtual X screen, which passes the clicks on. No test there closes a window by its button.",
}
