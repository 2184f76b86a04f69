package console

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"

	"github.com/golodger/lodger/guest"
)

// Options adjust a console. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Port is the TCP port on 127.0.0.1. Zero means any free port.
	Port int

	// Logger logs the address once, with its token. Nil means slog.Default(). If others can read
	// your program's log, pass slog.New(slog.DiscardHandler) and show URL to your user.
	Logger *slog.Logger
}

func (o *Options) port() int {
	if o == nil {
		return 0
	}
	return o.Port
}

func (o *Options) logger() *slog.Logger {
	if o == nil || o.Logger == nil {
		return slog.Default()
	}
	return o.Logger
}

// A Console serves the page for one guest. Serve makes one.
type Console struct {
	url  string
	done chan struct{}
}

// Serve starts a console for g and logs its address. The console ends when ctx is done or g has
// ended. Then its port is closed and its goroutines end. In a task, pass the context of the
// scope that the console should end with. Serve panics if g is nil. Any goroutine. Never waits.
//
// The error is guest.ErrFinished if g has ended, the cause of ctx if ctx is done, or the
// system's error if the port is taken.
func Serve(ctx context.Context, g *guest.Guest, opts *Options) (*Console, error) {
	if g == nil {
		panic("console: Serve called with a nil Guest; pass the one that Start or FromContext returned")
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case <-g.Done():
		return nil, guest.ErrFinished
	default:
	}
	at := net.JoinHostPort("127.0.0.1", strconv.Itoa(opts.port()))
	l, err := net.Listen("tcp", at)
	if err != nil {
		return nil, fmt.Errorf("console: %w; set Options.Port to 0 for any free port", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	token := newToken()
	c := &Console{
		url:  fmt.Sprintf("http://127.0.0.1:%d/%s/", port, token),
		done: make(chan struct{}),
	}
	looking, stop := context.WithCancel(context.Background())
	v := newViewer(looking, g)
	s := newServer(newGuard(port, token, pages(v)))
	var open sync.WaitGroup // connections
	s.ConnState = counted(&open)
	go c.serve(s, newLimited(l), func() { stop(); open.Wait(); v.wait() })
	go c.end(ctx, g, s)
	opts.logger().Info("console: open this address in a browser on this machine; it shows what the guest does", "url", c.url)
	return c, nil
}

// newToken returns 128 random bits as text. Its letters need no escape in an address.
func newToken() string {
	var b [16]byte
	rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// URL returns the address of the page. It contains the token, so anyone with the address has
// access. Any goroutine. Never waits.
func (c *Console) URL() string { return c.url }

// Done returns a channel that is closed when the console has ended: it no longer listens, and
// its goroutines have returned. Any goroutine. Never waits.
func (c *Console) Done() <-chan struct{} { return c.done }

// serve serves requests until the server is closed.
func (c *Console) serve(s *http.Server, l net.Listener, stop func()) {
	defer close(c.done)
	_ = s.Serve(l)
	_ = s.Close() // if the listener has failed
	stop()
}

// end closes the server when ctx is done or g has ended. It cuts the connections; a page learns
// of the end with its next request.
func (c *Console) end(ctx context.Context, g *guest.Guest, s *http.Server) {
	select {
	case <-ctx.Done():
	case <-g.Done():
	case <-c.done:
	}
	_ = s.Close()
}
