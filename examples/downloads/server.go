package main

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/golodger/lodger/guest"
)

// errLost: the connection was lost. Another attempt may succeed.
var errLost = errors.New("connection lost")

const (
	pieceSize = 64 << 10
	latency   = 200 * time.Millisecond // of each piece
)

// A file on the server has a number of pieces. The connection is lost a number of times during its
// transfer.
type file struct {
	name   string
	pieces int64
	losses int
}

var demo = []file{
	{"alps.jpg", 40, 0}, {"bach.flac", 90, 0}, {"chess.zip", 60, 2}, {"debian.iso", 200, 0},
	{"essay.pdf", 25, 9}, {"films.txt", 0, 0}, {"geese.mp4", 120, 1}, {"house.dwg", 50, 0},
}

// A server stands in for one on the network. Any goroutine.
type server struct {
	mu    sync.Mutex
	files map[string]file
}

type piece struct {
	data []byte
	all  int64 // bytes of the whole file
}

func newServer(files []file) *server {
	s := &server{files: map[string]file{}}
	for _, f := range files {
		s.files[f.name] = f
	}
	return s
}

// read returns a piece of a file after a delay. Waits.
func (s *server) read(ctx context.Context, name string, from int64) (piece, error) {
	if err := guest.Sleep(ctx, latency); err != nil {
		return piece{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[name]
	switch {
	case f.pieces == 0:
		return piece{}, fs.ErrNotExist
	case f.losses > 0 && from/pieceSize == f.pieces/2:
		f.losses--
		s.files[name] = f
		return piece{}, errLost
	}
	return piece{data: make([]byte, pieceSize), all: f.pieces * pieceSize}, nil
}
