//go:build !js

// Browser is a web page whose program is written in Go. Its tasks run on the page's own event
// loop. Watch for these things: the ball moves in every frame, although a task counts primes on
// the same thread. Fetch waits for a slow server, and Cancel cancels the request. Every click
// on Count is counted, even if it comes while the last one is still being handled.
//
//	go run ./examples/browser    # builds the page, and serves it
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	wasm := filepath.Join(dir, "main.wasm")
	const source = "github.com/golodger/lodger/examples/browser"
	build := exec.Command("go", "build", "-o", wasm, source)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		return err
	}
	at, err := exec.Command("go", "list", "-f", "{{.Dir}}\n{{.Root}}", source, "runtime").Output()
	if err != nil {
		return err
	}
	lines := strings.Split(string(at), "\n") // this folder, the module's, the runtime's, Go's
	listener, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return err
	}
	fmt.Printf("open http://%s\n", listener.Addr())
	return http.Serve(listener, pages(wasm, filepath.Join(lines[0], "page"), lines[3]))
}

// pages serves the page, its program, and a slow answer.
func pages(wasm, page, goroot string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(page)))
	mux.HandleFunc("/main.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, wasm)
	})
	mux.HandleFunc("/wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	})
	mux.HandleFunc("/slow.txt", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(2 * time.Second):
			fmt.Fprintf(w, "It is %s at the server.", time.Now().Format(time.TimeOnly))
		case <-r.Context().Done(): // the client has cancelled the request
		}
	})
	return mux
}
