package console

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// quiet keeps the addresses out of the tests' output.
var quiet = &Options{Logger: slog.New(slog.DiscardHandler)}

// world is a guest that lives until the test ends.
func world(t testing.TB, opts *guest.Options) *guest.Guest {
	t.Helper()
	g, ended := started(t, opts)
	t.Cleanup(func() { g.Cancel(nil); <-ended })
	return g
}

// started starts a guest on the goroutine of its loop, as programs do.
func started(t testing.TB, opts *guest.Options) (g *guest.Guest, ended chan struct{}) {
	t.Helper()
	ready, ended := make(chan *guest.Guest), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		h := headless.New()
		g, err := guest.Start(h, nil, opts)
		assert.NoError(t, err)
		ready <- g
		_ = h.Mainloop(func() error { return nil })
		g.Finish()
	}()
	return <-ready, ended
}

// served is a console for g that has ended when the test does.
func served(t testing.TB, g *guest.Guest) *Console {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c, err := Serve(ctx, g, quiet)
	require.NoError(t, err)
	t.Cleanup(func() { cancel(); ended(t, c) })
	return c
}

func ended(t testing.TB, c *Console) {
	t.Helper()
	select {
	case <-c.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("the console has not ended")
	}
}

// address returns host:port and the path with the token.
func address(t testing.TB, c *Console) (at, path string) {
	t.Helper()
	rest, ok := strings.CutPrefix(c.URL(), "http://")
	require.True(t, ok, c.URL())
	at, path, _ = strings.Cut(rest, "/")
	return at, "/" + path
}

// asked sends a request byte for byte, and returns the status and the body.
func asked(t testing.TB, at, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", at)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(15*time.Second)))
	_, _ = io.WriteString(conn, request) // what refuses may close early
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r, string(body)
}

// get sends a plain GET as a browser does that the user has given the address.
func get(t testing.TB, c *Console, page string, headers ...string) (*http.Response, string) {
	t.Helper()
	at, path := address(t, c)
	return asked(t, at, request("GET", path+page, at, headers...))
}

func request(method, path, host string, headers ...string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", method, path, host, strings.Join(append(headers, ""), "\r\n"))
}
