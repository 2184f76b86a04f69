package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// errInterrupted: the transfer stops now, and may continue later.
var errInterrupted = errors.New("interrupted")

// A download is one file that is being loaded. It does not depend on a toolkit. UI thread only.
type download struct {
	name      string
	server    *server
	path      string
	places    *flow.Semaphore
	state     *flow.Var[string]
	loaded    *flow.Var[float64] // from 0 to 1
	paused    *flow.Var[bool]
	interrupt context.CancelCauseFunc
	part      *os.File // nil until it was made
	have, all int64    // bytes; all is 0 until the server has sent it
	ended     bool
}

func newDownload(name string, s *server, folder string, places *flow.Semaphore) *download {
	return &download{
		name: name, server: s, path: filepath.Join(folder, name), places: places,
		state: flow.NewVar(""), loaded: flow.NewVar(0.0), paused: flow.NewVar(false),
		interrupt: func(error) {},
	}
}

// pause stops the transfer, or lets it continue. The task of run does the rest.
func (d *download) pause(on bool) {
	d.paused.Set(on)
	if on {
		d.interrupt(errInterrupted)
	}
}

// run loads the file. It ends when the file is complete or ctx is done. Its clean-up removes an
// unfinished file.
func (d *download) run(ctx context.Context) error {
	defer func() { d.ended = true }()
	for {
		if _, err := d.paused.Until(ctx, func(on bool) bool { return !on }); err != nil {
			return err
		}
		err := d.fetch(ctx)
		if err == nil {
			err = d.keep(ctx)
		}
		switch {
		case err == nil:
			d.state.Set("done")
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errInterrupted):
			d.state.Set("paused")
		default:
			d.paused.Set(true)
			d.state.Set("failed: " + err.Error())
		}
	}
}

// fetch loads the missing part. For each attempt it waits for a place, and it gives the place back
// between two attempts.
func (d *download) fetch(ctx context.Context) error {
	ctx, d.interrupt = context.WithCancelCause(ctx)
	defer d.interrupt(nil)
	attempt := func(ctx context.Context) (struct{}, error) {
		d.state.Set("waiting")
		return struct{}{}, d.places.With(ctx, 1, d.load)
	}
	_, err := flow.Retry(ctx, attempt, &flow.RetryPolicy{
		Attempts: 4,
		Delay:    3 * time.Second,
		Exact:    true,
		Final:    func(err error) bool { return !errors.Is(err, errLost) },
		OnRetry: func(_ int, err error, delay time.Duration) {
			guest.Go(ctx, func(ctx context.Context) error { return d.countDown(ctx, err, delay) })
		},
	})
	return err
}

// create makes the unfinished file.
func (d *download) create(ctx context.Context) (*os.File, error) {
	return guest.Background(ctx, func(ctx context.Context) (*os.File, error) {
		part, err := os.Create(d.path + ".part")
		if err != nil {
			return nil, err
		}
		return part, guest.Cleanup(ctx, func(ctx context.Context) {
			_ = guest.BackgroundFunc(ctx, func(context.Context) error {
				return errors.Join(part.Close(), os.Remove(part.Name())) // both fail after keep
			})
		})
	})
}

// load transfers one piece after another. It loads an interrupted piece again.
func (d *download) load(ctx context.Context) (err error) {
	d.state.Set("loading")
	if d.part == nil {
		if d.part, err = d.create(ctx); err != nil {
			return err
		}
	}
	for d.have < d.all || d.all == 0 {
		part, from := d.part, d.have
		got, err := guest.Background(ctx, func(ctx context.Context) (piece, error) {
			p, err := d.server.read(ctx, d.name, from)
			if err == nil {
				_, err = part.WriteAt(p.data, from)
			}
			return p, err
		})
		if err != nil {
			return err
		}
		d.have += int64(len(got.data))
		d.all = got.all
		d.loaded.Set(float64(d.have) / float64(d.all))
	}
	return nil
}

// countDown shows the time until the next attempt.
func (d *download) countDown(ctx context.Context, err error, delay time.Duration) error {
	for ; delay > 0; delay -= time.Second {
		d.state.Set(fmt.Sprintf("%v; retry in %v s", err, delay.Seconds()))
		if err := guest.Sleep(ctx, min(delay, time.Second)); err != nil {
			return err
		}
	}
	return nil
}

// keep gives the file its name.
func (d *download) keep(ctx context.Context) error {
	d.state.Set("saving") // it has given its place back
	part := d.part
	return guest.BackgroundFunc(ctx, func(context.Context) error {
		if err := part.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
			return err
		}
		return os.Rename(part.Name(), d.path)
	})
}
