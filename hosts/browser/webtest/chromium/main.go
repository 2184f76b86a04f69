// Command chromium runs a program that is built for js/wasm in Chromium, without a window, as if
// it were started here: its output, its exit code, and those variables of the environment whose
// names begin with HOSTTEST, LODGER or GO.
//
//	chromium prog.wasm [arguments]
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/golodger/lodger/hosts/browser/webtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "chromium: which program? chromium prog.wasm [arguments]")
		os.Exit(2)
	}
	code, err := run(webtest.Program{Wasm: os.Args[1], Args: os.Args[2:], Env: environment()})
	if err != nil {
		fmt.Fprintln(os.Stderr, "chromium:", err)
		os.Exit(2)
	}
	os.Exit(code)
}

func environment() map[string]string {
	env := map[string]string{}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		for _, prefix := range []string{"HOSTTEST", "LODGER", "GO"} {
			if strings.HasPrefix(name, prefix) {
				env[name] = value
			}
		}
	}
	return env
}

func run(p webtest.Program) (code int, err error) {
	profile, err := os.MkdirTemp("", "chromium")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(profile)
	tab, end, err := webtest.Chromium(context.Background(), profile)
	if err != nil {
		return 0, err
	}
	defer end()
	ended := make(chan int, 1)
	files := map[int]*os.File{1: os.Stdout, 2: os.Stderr}
	stop, err := p.Start(tab,
		func(descriptor int, text string) { fmt.Fprint(files[descriptor], text) },
		func(code int) { ended <- code })
	if err != nil {
		return 0, err
	}
	defer stop()
	select {
	case code = <-ended:
		return code, nil
	case <-tab.Done():
		return 0, fmt.Errorf("the browser has gone: %w", tab.Err())
	}
}
