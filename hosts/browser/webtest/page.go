package webtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// ErrNoBrowser says that there is none.
var ErrNoBrowser = errors.New("missing: a browser, Chromium; on Debian: apt-get install chromium")

// Chromium returns a tab of a browser that lives until end is called.
func Chromium(ctx context.Context, profile string) (tab context.Context, end func(), err error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		at, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(at), chromedp.NoSandbox,
			chromedp.WindowSize(1000, 700), chromedp.UserDataDir(profile),
			chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("disable-gpu", false), chromedp.Flag("use-angle", "swiftshader"))
		ctx, endBrowser := chromedp.NewExecAllocator(ctx, opts...)
		ctx, endTab := chromedp.NewContext(ctx)
		return ctx, func() { endTab(); endBrowser() }, nil
	}
	return nil, nil, ErrNoBrowser
}

// A Program is a wasm file, and what it is started with.
type Program struct {
	Wasm string
	Args []string          // without its name
	Env  map[string]string // nothing else is passed on
	Page string            // a folder with an index.html of the program's own; or ""
}

// binding is the function of the page that tells what the program says.
const binding = "lodgerSays"

// page starts the program. What it writes goes through the binding, a line of JSON for each
// piece: [descriptor, text], and at last [0, exit code].
const page = `<!doctype html><title>running</title><body><script src="/wasm_exec.js"></script><script>
const go = new Go(), says = (fd, what) => %s(JSON.stringify([fd, String(what)]));
go.argv = %s;
go.env = %s;
let code = 0;
go.exit = (c) => { code = c; };
const text = { 1: new TextDecoder(), 2: new TextDecoder() };
fs.writeSync = (fd, bytes) => { says(fd, text[fd].decode(bytes, { stream: true })); return bytes.length; };
WebAssembly.instantiateStreaming(fetch("/main.wasm"), go.importObject).then((m) => go.run(m.instance)).then(
	() => says(0, code),
	(e) => { says(2, e + "\n"); says(0, 2); });
</script>`

// Serve serves the program's page.
func (p Program) Serve() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/main.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, p.Wasm)
	})
	mux.HandleFunc("/wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(goroot(), "lib", "wasm", "wasm_exec.js"))
	})
	if p.Page != "" {
		mux.Handle("/", http.FileServer(http.Dir(p.Page)))
		return httptest.NewServer(mux)
	}
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		args, _ := json.Marshal(append([]string{filepath.Base(p.Wasm)}, p.Args...))
		env, _ := json.Marshal(maps.Collect(maps.All(p.Env))) // never null
		fmt.Fprintf(w, page, binding, args, env)
	})
	return httptest.NewServer(mux)
}

func goroot() string {
	if at := os.Getenv("GOROOT"); at != "" {
		return at
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return runtime.GOROOT()
	}
	return strings.TrimSpace(string(out))
}

// Start opens the program's page in tab. says is called with what the program writes, and exited,
// once, with its exit code.
func (p Program) Start(tab context.Context, says func(descriptor int, text string), exited func(code int)) (stop func(), err error) {
	s := p.Serve()
	listen := func(event any) {
		e, ok := event.(*cdpruntime.EventBindingCalled)
		if !ok || e.Name != binding {
			return
		}
		var descriptor, code int
		var text string
		if json.Unmarshal([]byte(e.Payload), &[]any{&descriptor, &text}) != nil {
			return
		}
		if descriptor == 0 {
			_, _ = fmt.Sscan(text, &code)
			exited(code)
			return
		}
		says(descriptor, text)
	}
	err = chromedp.Listen(tab, listen)
	if err == nil {
		_, err = chromedp.Call(tab, cdpruntime.AddBinding, cdpruntime.AddBindingParams{Name: binding})
	}
	if err == nil {
		err = chromedp.Do(tab, chromedp.Navigate(s.URL))
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s.Close, nil
}
