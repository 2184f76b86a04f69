package main

import "strings"

// built builds the programs of tests, and runs none: true stands for each.
const built = "go test -exec true "

var versions = lane{
	name: "versions", title: "Versions of Go, and processors", deps: "versions",
	steps: func(root, work string) []step {
		core := "./host ./hosts/headless ./hosts/internal/... ./guest ./guest/flow/... ./guest/inspect ./guest/loops ./guest/jobs ./guest/guesttest ./guest/internal/..."
		plain := "CGO_ENABLED=0"
		test := "go test -count=1 -v -timeout 30m "
		steps := []step{
			{what: "core, Go 1.25.14", env: []string{plain, "GOTOOLCHAIN=go1.25.14"}, command: "go version; " + test + core},
			{what: "core, Go 1.26.8", env: []string{plain, "GOTOOLCHAIN=go1.26.8"}, command: "go version; " + test + core},
			{what: "core, Go 1.27.4", env: []string{plain, "GOTOOLCHAIN=go1.27.4"}, command: "go version; " + test + core},
			{what: "core, linux/386", env: []string{plain, "GOARCH=386"}, command: test + core},
			{what: "kit, linux/arm64, qemu", env: []string{plain, "GOARCH=arm64", "HOSTTEST_EXEC=qemu-aarch64"}, command: test + "-exec qemu-aarch64 ./host ./hosts/headless"},
		}
		for _, on := range strings.Fields("freebsd/amd64 openbsd/amd64 netbsd/amd64 linux/riscv64 windows/arm64 android/arm64 darwin/amd64 darwin/arm64 wasip1/wasm plan9/amd64") {
			system, processor, _ := strings.Cut(on, "/")
			steps = append(steps, step{what: "core and its tests, " + on, built: true, env: []string{plain, "GOOS=" + system, "GOARCH=" + processor}, command: built + "./host/... " + core})
		}
		return steps
	},
	notes: "In the rows with \"built\", the programs of the core's tests were built. They did not run.",
}
