package main

var mobile = lane{
	name: "mobile", title: "Fyne's driver for phones, on X11", deps: "mobile",
	steps: func(root, work string) []step {
		// Each child process of the kit has its own screen, because all their windows have the
		// same name.
		env := []string{"CI=true", "HOSTTEST_EXEC=sh " + root + "/.ci/phone"}
		test := `go test -tags mobile -count=1 -v -exec "sh ` + root + `/.ci/phone" `
		return []step{
			{what: "the kit", env: env, command: test + "-run '^TestHost$' ./hosts/fyne"},
			{what: "Run, guest.Start, and the end of the app", env: env, command: test + "-run '^TestPhone' ./hosts/fyne"},
			{what: "the counter: tapped, turned while a task waits, closed", env: env, command: test + "./examples/counter"},
			{what: "the core and its tests for android/arm64", built: true, env: []string{"GOOS=android", "GOARCH=arm64", "CGO_ENABLED=0"}, command: built + windowsGuest + " " + windowsRest},
		}
	},
	notes: "With -tags mobile, Fyne on Linux uses its driver for Android and iOS, in a window instead of a screen. " +
		"So the tests run the loop of a phone, but not the system around it: Fyne does not tell there when an app goes to the background or comes back. " +
		"When the window is closed, Fyne's own code sometimes panics, because it sends to a channel that it has closed. All tasks have unwound before that. " +
		"For android/arm64, the programs of the tests were built. They did not run.",
}
