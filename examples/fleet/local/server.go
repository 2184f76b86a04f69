// Package local runs a whole fleet on one machine: a server in this process, and each agent in
// a process that can be killed.
package local

import (
	"errors"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// A Server is a NATS server with JetStream, on the loopback interface.
type Server struct {
	server *server.Server
	opts   server.Options
}

// StartServer starts a server that stores its streams in dir. Any goroutine. Waits until it
// answers.
func StartServer(dir string) (*Server, error) {
	s := &Server{opts: server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true,
	}}
	return s, s.start()
}

func (s *Server) start() (err error) {
	opts := s.opts // the server changes it
	if s.server, err = server.NewServer(&opts); err != nil {
		return err
	}
	s.server.Start()
	if !s.server.ReadyForConnections(10 * time.Second) {
		s.Stop()
		return errors.New("fleet: the server has not started")
	}
	s.opts.Port = opts.Port
	return nil
}

// URL returns the address for clients.
func (s *Server) URL() string { return s.server.ClientURL() }

// Stop stops the server. Waits.
func (s *Server) Stop() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}

// Restart stops the server, waits for a while, and starts it again with its streams, at the same
// address. Waits.
func (s *Server) Restart(after time.Duration) error {
	s.Stop()
	time.Sleep(after)
	return s.start()
}
