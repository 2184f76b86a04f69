// Command outside runs the cases of host/hosttest on a test binary that can't start processes
// itself, as on js/wasm: from outside, one process for each case.
//
//	GOOS=js GOARCH=wasm go test -c -o my.test ./myhost
//	exec=$(go env GOROOT)/lib/wasm/go_js_wasm_exec
//	go run github.com/golodger/lodger/host/hosttest/outside $exec my.test
//
// The arguments are the command that starts the test binary. With -list it prints the names of
// the cases. The exit code is 1 if a case has failed.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/golodger/lodger/host/hosttest"
)

func main() {
	list := flag.Bool("list", false, "print the names of the cases, and run none")
	flag.Parse()
	if *list {
		for _, name := range hosttest.Cases() {
			fmt.Println(name)
		}
		return
	}
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "outside: which command starts the test binary? See go doc github.com/golodger/lodger/host/hosttest/outside")
		os.Exit(2)
	}
	if failed := hosttest.Outside(os.Stdout, flag.Args()...); failed > 0 {
		os.Exit(1)
	}
}
