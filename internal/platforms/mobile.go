package main

var mobile = lane{
	name: "mobile", title: "Fyne's mobile driver", deps: "mobile",
	steps: func(root, work string) []step {
		return []step{
			{what: "hosts/fyne and the counter, with -tags mobile", built: true, command: "go vet -tags mobile ./hosts/fyne; go build -tags mobile -o /dev/null ./examples/counter"},
			{what: "the core for android/arm64", built: true, env: []string{"GOOS=android", "GOARCH=arm64", "CGO_ENABLED=0"}, command: "go vet " + windowsCore},
		}
	},
	notes: "Built, not run: fynehost.New refuses Android and iOS. Before its loop runs, Fyne's mobile driver calls a posted function on whatever goroutine posts it, " +
		"and its UI goroutine is locked to no thread.",
}
