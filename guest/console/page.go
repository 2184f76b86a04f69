package console

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strconv"
)

//go:embed assets
var assets embed.FS

// kinds are the types of the assets. The system's table of types may be missing or wrong.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// pages serves all pages, each under its exact path.
func pages(v *viewer) http.Handler {
	all := map[string]http.HandlerFunc{
		"/state.json": func(w http.ResponseWriter, r *http.Request) {
			send(w, "application/json", v.state(r.Context()))
		},
		"/dump.txt": func(w http.ResponseWriter, r *http.Request) {
			send(w, "text/plain; charset=utf-8", []byte(v.dump(r.Context())))
		},
	}
	names, _ := fs.Glob(assets, "assets/*")
	for _, name := range names {
		at := "/" + path.Base(name)
		if at == "/index.html" {
			at = "/"
		}
		all[at] = asset(name)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := all[r.URL.Path]
		if !ok {
			refuse(w)
			return
		}
		page(w, r)
	})
}

func asset(name string) http.HandlerFunc {
	text, err := assets.ReadFile(name)
	if err != nil {
		panic("console: " + err.Error()) // it was there when the program was built
	}
	return func(w http.ResponseWriter, _ *http.Request) { send(w, kinds[path.Ext(name)], text) }
}

func send(w http.ResponseWriter, kind string, text []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // a client that has gone needs nothing
}
