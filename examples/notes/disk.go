package main

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

var errFull = errors.New("the disk is full")

// slowness is how long the disk takes to write a note.
const slowness = 300 * time.Millisecond

// A disk simulates a real one. Any goroutine.
type disk struct {
	full *flow.Var[bool]

	mu    sync.Mutex
	notes map[string]string
}

func newDisk() *disk {
	return &disk{full: flow.NewVar(false), notes: map[string]string{}}
}

// write writes a note. Waits.
func (d *disk) write(ctx context.Context, name, text string) error {
	if err := guest.Sleep(ctx, slowness); err != nil {
		return err
	}
	if d.full.Get() {
		return errFull
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes[name] = text
	return nil
}

// read returns all notes.
func (d *disk) read() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.notes)
}
