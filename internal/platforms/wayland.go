package main

var wayland = lane{
	name: "wayland", title: "Wayland: Fyne and GTK 3 under Weston", deps: "wayland",
	steps: func(root, work string) []step {
		weston := "sh .ci/weston "
		test := "go test -count=1 -v -p 1 "
		return []step{
			{what: "Fyne: the kit", command: weston + test + "-run '^TestHost$' ./hosts/fyne"},
			{what: "Fyne: quits", command: weston + test + "-run '^TestQuitAtAnyStep$' ./hosts/fyne"},
			{what: "GTK: the kit", env: []string{"GODEBUG=gcshrinkstackoff=1"}, command: weston + test + "-run '^TestHost$' ./hosts/gtk/gtkui"},
		}
	},
	notes: "Weston runs inside a virtual X screen. The quits are those of a busy program's steps; clicks are not sent.",
}
