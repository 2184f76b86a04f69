package console

import (
	"embed"
	"net/http"
	"strconv"
)

//go:embed assets
var assets embed.FS

// pages are all that there is to get, each by its exact path.
func pages(v *viewer) http.Handler {
	all := map[string]http.HandlerFunc{
		"/":            asset("index.html", "text/html; charset=utf-8"),
		"/console.css": asset("console.css", "text/css; charset=utf-8"),
		"/console.js":  asset("console.js", "text/javascript; charset=utf-8"),
		"/icon.svg":    asset("icon.svg", "image/svg+xml"),
		"/state.json": func(w http.ResponseWriter, r *http.Request) {
			send(w, "application/json", v.state(r.Context()))
		},
		"/dump.txt": func(w http.ResponseWriter, r *http.Request) {
			send(w, "text/plain; charset=utf-8", []byte(v.dump(r.Context())))
		},
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

func asset(name, kind string) http.HandlerFunc {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic("console: " + err.Error()) // it was there when the program was built
	}
	return func(w http.ResponseWriter, _ *http.Request) { send(w, kind, text) }
}

func send(w http.ResponseWriter, kind string, text []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // who has gone needs nothing
}
