package console

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestPagesOpenWithTheAddress(t *testing.T) {
	c := served(t, world(t, nil))
	for page, kind := range map[string]string{
		"": "text/html", "console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml",
		"state.json": "application/json", "dump.txt": "text/plain",
	} {
		r, body := get(t, c, page, "Sec-Fetch-Site: none")
		require.Equal(t, http.StatusOK, r.StatusCode, page)
		require.True(t, strings.HasPrefix(r.Header.Get("Content-Type"), kind), page)
		require.NotEmpty(t, body)
	}
	at, _ := address(t, c)
	_, path := address(t, c)
	_, port, _ := net.SplitHostPort(at)
	r, _ := asked(t, at, request("GET", path, "localhost:"+port, "Origin: http://localhost:"+port, "Sec-Fetch-Site: same-origin"))
	require.Equal(t, http.StatusOK, r.StatusCode)
}

func TestEveryAnswerIsLockedDown(t *testing.T) {
	c := served(t, world(t, nil))
	at, path := address(t, c)
	for _, where := range []string{path, path + "state.json", "/", "/wrong/"} {
		r, _ := asked(t, at, request("GET", where, at))
		csp := r.Header.Get("Content-Security-Policy")
		require.Contains(t, csp, "default-src 'none'")
		require.Contains(t, csp, "frame-ancestors 'none'")
		require.NotContains(t, csp, "unsafe")
		require.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
		require.Equal(t, "no-referrer", r.Header.Get("Referrer-Policy"))
		require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
		require.Equal(t, "same-origin", r.Header.Get("Cross-Origin-Resource-Policy"))
		require.Empty(t, r.Header.Get("Access-Control-Allow-Origin"))
		require.Empty(t, r.Cookies())
	}
}

// All refusals read alike, with and without the right token.
func TestRefusals(t *testing.T) {
	c := served(t, world(t, nil))
	at, path := address(t, c)
	_, port, _ := net.SplitHostPort(at)
	token := strings.Trim(path, "/")
	other := strings.Map(func(r rune) rune {
		if r == 'a' {
			return 'b'
		}
		return 'a'
	}, token)
	state := path + "state.json"
	for name, text := range map[string]string{
		"no token":             request("GET", "/", at),
		"no token, a page":     request("GET", "/state.json", at),
		"an empty token":       request("GET", "//state.json", at),
		"wrong token":          request("GET", "/"+other+"/state.json", at),
		"half a token":         request("GET", "/"+token[:16]+"/state.json", at),
		"token and more":       request("GET", "/"+token+"0/state.json", at),
		"token in upper case":  request("GET", "/"+strings.ToUpper(token)+"x/", at),
		"token without slash":  request("GET", "/"+token, at),
		"token in the query":   request("GET", "/state.json?token="+token, at),
		"foreign host":         request("GET", state, "evil.example:"+port),
		"rebound host":         request("GET", state, "localhost.evil.example:"+port),
		"host without port":    request("GET", state, "127.0.0.1"),
		"host with other port": request("GET", state, "127.0.0.1:1"),
		"host with a user":     request("GET", state, "a@127.0.0.1:"+port),
		"no host":              "GET " + state + " HTTP/1.0\r\n\r\n",
		"absolute address":     request("GET", "http://evil.example"+state, at),
		"foreign origin":       request("GET", state, at, "Origin: http://evil.example"),
		"origin null":          request("GET", state, at, "Origin: null"),
		"origin of a port":     request("GET", state, at, "Origin: http://127.0.0.1:1"),
		"https origin":         request("GET", state, at, "Origin: https://"+at),
		"two origins":          request("GET", state, at, "Origin: http://"+at, "Origin: http://evil.example"),
		"cross-site":           request("GET", state, at, "Sec-Fetch-Site: cross-site"),
		"same-site":            request("GET", state, at, "Sec-Fetch-Site: same-site"),
		"POST":                 request("POST", state, at, "Content-Length: 0"),
		"HEAD":                 strings.Replace(request("HEADX", state, at), "HEADX", "PUT", 1),
		"OPTIONS":              request("OPTIONS", state, at, "Origin: http://evil.example", "Access-Control-Request-Method: GET"),
		"OPTIONS *":            request("OPTIONS", "*", at),
		"CONNECT":              request("CONNECT", "evil.example:443", at),
		"GET with a body":      request("GET", state, at, "Content-Length: 3") + "abc",
		"a chunked body":       request("GET", state, at, "Transfer-Encoding: chunked") + "0\r\n\r\n",
		"a query":              request("GET", state+"?x", at),
		"unknown page":         request("GET", path+"nothing", at),
		"traversal":            request("GET", path+"../../../../etc/passwd", at),
		"escaped traversal":    request("GET", path+"%2e%2e/%2e%2e/etc/passwd", at),
		"escaped slash":        request("GET", path+"..%2fstate.json", at),
		"to an asset's folder": request("GET", path+"assets/", at),
		"escaped page":         request("GET", path+"state%2ejson", at),
		"doubled slash":        request("GET", path+"/state.json", at),
		"pprof":                request("GET", path+"debug/pprof/", at),
	} {
		t.Run(name, func(t *testing.T) {
			r, body := asked(t, at, text)
			require.Contains(t, []int{http.StatusForbidden, http.StatusBadRequest}, r.StatusCode)
			if r.StatusCode == http.StatusForbidden {
				require.Contains(t, body, "console: refused")
			}
			require.NotContains(t, body, "tasks")
			require.NotContains(t, body, token)
		})
	}
	r, _ := get(t, c, "state.json")
	require.Equal(t, http.StatusOK, r.StatusCode, "after all that, the page still works")
}

func TestHeadersAreLimited(t *testing.T) {
	c := served(t, world(t, nil))
	r, _ := get(t, c, "state.json", "X-Much: "+strings.Repeat("x", 100))
	require.Equal(t, http.StatusOK, r.StatusCode)
	at, path := address(t, c)
	conn, err := net.Dial("tcp", at)
	require.NoError(t, err)
	defer conn.Close()
	sent, err := io.Copy(conn, strings.NewReader(request("GET", path, at, "X-Much: "+strings.Repeat("x", 64<<20))))
	require.Error(t, err, "it read %d bytes of headers", sent)

	conn, err = net.Dial("tcp", at)
	require.NoError(t, err)
	defer conn.Close()
	_, _ = io.WriteString(conn, request("GET", path, at, "X-Much: "+strings.Repeat("x", 1<<20)))
	answer, _ := io.ReadAll(conn) // it may be lost, since the server hangs up
	require.NotContains(t, string(answer), "200 OK")
}

func TestListensOnLoopbackOnly(t *testing.T) {
	c := served(t, world(t, nil))
	at, _ := address(t, c)
	host, port, err := net.SplitHostPort(at)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1", host)
	addrs, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range addrs {
		if ip := a.(*net.IPNet).IP; !ip.IsLoopback() && ip.To4() != nil {
			conn, err := net.DialTimeout("tcp", net.JoinHostPort(ip.String(), port), time.Second)
			if err == nil {
				conn.Close()
			}
			require.Error(t, err, ip)
		}
	}
}

func TestSlowClientsAreCut(t *testing.T) {
	c := served(t, world(t, nil))
	at, path := address(t, c)
	conn, err := net.Dial("tcp", at)
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: ")
	require.NoError(t, err)
	begun := time.Now()
	require.NoError(t, conn.SetReadDeadline(begun.Add(3*readTimeout)))
	_, err = io.ReadAll(conn)
	require.False(t, errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 2*readTimeout, "it waits for ever: %v", err)
}

func TestThousandConnectionsLeaveNothing(t *testing.T) {
	c := served(t, world(t, nil))
	at, _ := address(t, c)
	var all []net.Conn
	for range 1000 {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			break // this system has no more
		}
		all = append(all, conn)
	}
	open := all
	for begun := time.Now(); len(open) > maxConns && time.Since(begun) < 10*time.Second; {
		open = stillOpen(open)
	}
	require.Len(t, open, maxConns, "the others are closed, and these are not yet")
	for _, conn := range all {
		conn.Close()
	}
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			return false
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(time.Second))
		_, _ = io.WriteString(conn, request("GET", "/", at))
		n, _ := conn.Read(make([]byte, 1))
		return n == 1
	}, 10*time.Second, 10*time.Millisecond, "the places come back")
}

// stillOpen are those that the other side has not closed, as far as that has come here.
func stillOpen(all []net.Conn) (open []net.Conn) {
	for _, conn := range all {
		_ = conn.SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
			open = append(open, conn)
		}
	}
	return open
}

func TestServeRefuses(t *testing.T) {
	g := world(t, nil)
	require.PanicsWithValue(t, "console: Serve called with a nil Guest; pass the one that Start or FromContext returned", func() {
		_, _ = Serve(t.Context(), nil, nil)
	})
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, err := Serve(ctx, g, quiet)
	require.ErrorIs(t, err, why)

	c := served(t, g)
	at, _ := address(t, c)
	_, port, _ := net.SplitHostPort(at)
	n, err := net.LookupPort("tcp", port)
	require.NoError(t, err)
	_, err = Serve(t.Context(), g, &Options{Port: n})
	require.ErrorContains(t, err, "set Options.Port to 0")

	g.Cancel(nil)
	<-g.Done()
	_, err = Serve(t.Context(), g, quiet)
	require.ErrorIs(t, err, guest.ErrFinished)
}
