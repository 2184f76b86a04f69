package main

import "path/filepath"

// The slowest tests are separate steps.
const (
	windowsGuest = "./guest ./guest/guesttest"
	windowsRest  = "./host ./host/hosttest ./hosts/headless ./hosts/internal/... ./guest/flow/... ./guest/inspect ./guest/loops " +
		"./guest/jobs ./guest/internal/..."
)

var windows = lane{
	name: "windows", title: "Windows: windows/amd64 under Wine", deps: "windows",
	steps: func(root, work string) []step {
		cache := "${XDG_CACHE_HOME:-$HOME/.cache}/lodger-wine"
		wine := "sh " + filepath.Join(root, ".ci", "wine") + " "
		screen := `xvfb-run -a -s "-screen 0 1280x1024x24 -noreset" `
		mingw := "GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc "
		test := func(pkg string) string {
			return mingw + `go test -c -overlay "` + cache + `/overlay.json" -o ` + filepath.Join(work, "test.exe") + " " + pkg + "; "
		}
		core := `GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -count=1 -p 1 -v -timeout 30m -overlay "` + cache + `/overlay.json" -exec "` + wine + `" `
		exe := wine + "--screen " + filepath.Join(work, "test.exe")
		return []step{
			{what: "Wine, prepared", built: true, command: wine + "--prepare"},
			{what: "core: guest and guesttest", command: core + windowsGuest},
			{what: "core: the rest", command: core + windowsRest},
			{what: "Fyne: the kit, and tasks while a window is moved", command: test("./hosts/fyne") + "cd hosts/fyne; " + screen + exe +
				" -test.v -test.run '^(TestHost|TestTasksGoOnWhileAWindowIsMoved)$'"},
			{what: "Fyne: its other tests", command: test("./hosts/fyne") + "cd hosts/fyne; " + screen + exe +
				" -test.v -test.skip '^(TestHost|TestTasksGoOnWhileAWindowIsMoved|TestQuitAtAnyStep)$'"},
			{what: "Fyne: quits", command: test("./hosts/fyne") + "cd hosts/fyne; " + screen + exe + " -test.v -test.run '^TestQuitAtAnyStep$'"},
			{what: "Fyne: counter, clicked and closed", command: test("./examples/counter") + screen + "sh .ci/click-wine " + filepath.Join(work, "test.exe")},
		}
	},
	notes: "Wine is not Windows. Wine 8.0 lacks bcryptprimitives.dll. No Go program starts without it, so .ci/wine builds one. " +
		"A parked task takes 9 kB on Windows, because the stacks of goroutines are larger there at the start. " +
		"While the user holds the title bar or the edge of a window, Windows runs its own loop, and Fyne's loop stops. Lodger's tasks go on: " +
		"a test moves a window by the keyboard for two seconds. A program can't send SIGINT or SIGTERM on Windows, so the tests that send them are skipped. " +
		"So are the tests that click with xdotool, which does not run on Windows. In Fyne 2.8.1 on Windows, Settings.SetTheme panics while a window is closing, " +
		"because Fyne asks for the window's handle, which no longer exists. So the test that sets the theme waits until the window has gone.",
}
