package console

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"
)

// A guard checks requests for all pages. It answers every refusal with the same text and at the
// same cost, whatever was wrong. So a client without the token learns nothing, not even whether
// a page exists.
type guard struct {
	token [sha256.Size]byte // a hash, so that a comparison does not reveal its length either
	hosts map[string]bool
	pages http.Handler
}

func newGuard(port int, token string, pages http.Handler) *guard {
	g := &guard{sha256.Sum256([]byte(token)), make(map[string]bool), pages}
	for _, name := range []string{"127.0.0.1", "localhost"} {
		g.hosts[name+":"+strconv.Itoa(port)] = true
	}
	if port == 80 {
		g.hosts["127.0.0.1"], g.hosts["localhost"] = true, true
	}
	return g
}

// ServeHTTP refuses the request, or passes it on without the token.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	rest, ok := g.admit(r)
	if !ok {
		refuse(w)
		return
	}
	inside := new(http.Request)
	*inside = *r
	at := *r.URL
	at.Path, at.RawPath, at.RawQuery = rest, "", ""
	inside.URL = &at
	g.pages.ServeHTTP(w, inside)
}

// refuse also closes the connection, so an attacker pays for a new one each time.
func refuse(w http.ResponseWriter) {
	w.Header().Set("Connection", "close")
	http.Error(w, "console: refused; open the whole address that the program has logged, by hand, on the same machine", http.StatusForbidden)
}

// admit returns the path behind the token.
func (g *guard) admit(r *http.Request) (rest string, ok bool) {
	token, rest, found := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	sum := sha256.Sum256([]byte(token))
	known := subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1
	return "/" + rest, known && found && g.plain(r) && g.fromHere(r)
}

// plain reports whether the request is a GET without a body for an address without escapes.
func (g *guard) plain(r *http.Request) bool {
	return r.Method == http.MethodGet && r.ContentLength == 0 && r.URL.RawPath == "" && r.URL.RawQuery == "" &&
		r.URL.Host == "" && r.RequestURI == r.URL.Path
}

// fromHere reports whether the request is for this machine, and comes from the page itself or
// from the user. An attacker's host name that resolves to 127.0.0.1 shows in Host. A page of
// another origin shows in Origin, if the browser sends that, and in Sec-Fetch-Site.
func (g *guard) fromHere(r *http.Request) bool {
	if !g.hosts[r.Host] {
		return false
	}
	for _, origin := range r.Header.Values("Origin") {
		if origin != "http://"+r.Host {
			return false
		}
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "same-origin" && site != "none" {
			return false
		}
	}
	return true
}

// secure sets the headers of every answer, also of refusals.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
