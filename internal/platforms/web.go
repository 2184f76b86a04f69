package main

import "path/filepath"

// The packages of the core that run in a page. The others start processes, listen on the
// network, or use files.
const webCore = "./host ./hosts/headless ./hosts/internal/... ./hosts/browser ./guest ./guest/flow/... ./guest/inspect " +
	"./guest/loops ./guest/jobs ./guest/guesttest ./guest/internal/... ./internal/serving"

var web = lane{
	name: "web", title: "The browser: js/wasm in Node and in Chromium, headless", deps: "web",
	steps: func(root, work string) []step {
		js := []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0"}
		node := "$(go env GOROOT)/lib/wasm/go_js_wasm_exec"
		chromium := filepath.Join(work, "chromium")
		browser := "cd hosts/browser/webtest; go build -o " + chromium + " ./chromium; cd ../../..; "
		kit := func(pkg, runner string) string {
			test := filepath.Join(work, "kit.wasm")
			return "GOOS=js GOARCH=wasm CGO_ENABLED=0 go test -c -o " + test + " " + pkg +
				"; go run ./host/hosttest/outside " + runner + " " + test
		}
		return []step{
			{what: "core, in Node", env: js, command: "go test -count=1 -v -timeout 30m -exec " + node + " " + webCore},
			{what: "kit: hosts/headless, in Node", command: kit("./hosts/headless", node)},
			{what: "kit: hosts/browser, in Node", command: kit("./hosts/browser", node)},
			{what: "kit: hosts/browser, in Chromium", command: browser + kit("./hosts/browser", chromium)},
			{what: "tests of hosts/browser, in Chromium", command: browser + "GOOS=js GOARCH=wasm CGO_ENABLED=0 go test -count=1 -v -exec " + chromium + " ./hosts/browser"},
			{what: "kit: Fyne's web driver, in Chromium", command: browser + kit("./hosts/fyne", chromium)},
			{what: "the example page and Fyne's counter, clicked in Chromium", command: "cd hosts/browser/webtest; go test -count=1 -v ."},
		}
	},
	notes: "In a page all goroutines share one thread, and threads have no ids. So Lodger can't notice there that a call comes on a wrong thread or " +
		"with a wrong lock count, and it can't say what holds the thread. A task can't wait inside iter.Pull there. The tests of all this are skipped. " +
		"So are the tests that start processes, listen on a port, or need files. Lodger tells guests on different goroutines apart by the ids of the " +
		"goroutines.",
}
