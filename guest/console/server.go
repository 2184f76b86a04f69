package console

import (
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// The limits. A page needs one connection, or six while a browser loads it.
const (
	maxConns    = 32
	maxHeader   = 8 << 10
	readTimeout = 5 * time.Second
	// A snapshot may have to wait a second for the UI thread, and a tab may be slow.
	writeTimeout = 20 * time.Second
	idleTimeout  = 60 * time.Second
)

func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		// The program's log is not for what strangers send.
		ErrorLog:                     log.New(io.Discard, "", 0),
		DisableGeneralOptionsHandler: true,
	}
}

// A limited listener limits the number of open connections. It closes further connections at
// once, since a connection that waits in the kernel would wait without a timeout.
type limited struct {
	net.Listener
	places chan struct{}
}

func newLimited(l net.Listener) *limited { return &limited{l, make(chan struct{}, maxConns)} }

// Accept returns the next connection for which there is a place.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case l.places <- struct{}{}:
			return &placed{Conn: c, leave: sync.OnceFunc(func() { <-l.places })}, nil
		default:
			_ = c.Close()
		}
	}
}

// A placed connection frees its place when it is closed.
type placed struct {
	net.Conn
	leave func()
}

// Close closes the connection.
func (p *placed) Close() error {
	defer p.leave()
	return p.Conn.Close()
}

// counted counts the connections whose goroutine has not ended.
func counted(open *sync.WaitGroup) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew: // before Serve returns
			open.Add(1)
		case http.StateClosed, http.StateHijacked:
			open.Done()
		}
	}
}
